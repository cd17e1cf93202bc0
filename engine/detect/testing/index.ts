/** The public door of the testing kit: `incident-workbench/testing`. Needs no test runner. */
import type { CheckResult } from './check-result.ts';
import type { Examples } from './examples.ts';
import { planChecks } from './plan.ts';

export type { CheckResult } from './check-result.ts';
export { defineExamples } from './examples.ts';
export type { Examples, ExpectedFinding, FiringExample, QuietExample } from './examples.ts';
export { logs, noise, points } from './film.ts';
export type { Scene, SceneRecord } from './scene.ts';

/**
 * Holds a detector to the contract and to its examples. `detector` is the default export of its
 * module, `file` its path, for the lines of failures.
 */
export function testDetector(
  detector: unknown,
  examples: Examples,
  file = 'detector',
): CheckResult[] {
  return planChecks(detector, examples, { file }).map((check) => check.run());
}
