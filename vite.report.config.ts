import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** One script and one style sheet, which `workbench bench --report board.html` writes into one file. */
export default defineConfig({
  plugins: [tailwindcss(), svelte()],
  publicDir: false,
  resolve: { alias: { $lib: at('./web/lib') } },
  build: {
    outDir: 'dist/report',
    emptyOutDir: true,
    cssCodeSplit: false,
    modulePreload: false,
    rolldownOptions: {
      input: at('./web/report/main.ts'),
      output: { format: 'iife', entryFileNames: 'report.js', assetFileNames: 'report[extname]' },
      checks: { pluginTimings: false },
    },
  },
});
