/** `npm run test:full` tries every property this many times as often as `npm test`. */
export const effort = Number(process.env['WORKBENCH_TEST_EFFORT'] ?? 1);

/** How often to try what `npm test` tries `usual` times. */
export function tries(usual: number): number {
  return usual * effort;
}
