import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [tailwindcss(), sveltekit()],
  build: {
    // A font or image turned into a `data:` address would break the page's own policy.
    assetsInlineLimit: 0,
    // Says which plugin is slow whenever the machine is; nobody can act on it.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});
