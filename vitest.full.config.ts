// The same tests with more effort: every property is tried twenty times as often. It takes an hour.
import { defineConfig, mergeConfig } from 'vitest/config';
import usual from './vitest.config.ts';

const effort = 20;

export default mergeConfig(
  usual,
  defineConfig({
    test: {
      env: { WORKBENCH_TEST_EFFORT: String(effort) },
      testTimeout: effort * 60_000,
      hookTimeout: effort * 60_000,
    },
  }),
);
