import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: {
      'incident-workbench/sdk': at('./engine/sdk/index.ts'),
      'incident-workbench/testing': at('./engine/detect/testing/index.ts'),
    },
  },
  test: {
    include: ['tests/**/*.test.ts'],
    // Two cores: more workers than that only make the timings of the browser tests wobble.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
