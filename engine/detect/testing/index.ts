/** The public door of the testing kit: `incident-workbench/testing`. Needs no test runner. */
import { firingProblem, quietProblem, type Examples } from './examples.ts';
import { rules } from './checks.ts';
import { candidateOf } from './screen.ts';

export { defineExamples } from './examples.ts';
export type { Examples, ExpectedFinding, FiringExample, QuietExample } from './examples.ts';
export { logs, noise, points } from './film.ts';
export type { Scene, SceneRecord } from './scene.ts';

/** What came of one check. */
export interface CheckResult {
  readonly name: string;
  readonly pass: boolean;
  /** Why not; '' where it passes. */
  readonly reason: string;
}

/**
 * Holds a detector to the contract and to its examples. `detector` is the default export of its
 * module, `file` its path, for the lines of failures.
 */
export function testDetector(
  detector: unknown,
  examples: Examples,
  file = 'detector',
): CheckResult[] {
  const candidate = candidateOf(detector, file);
  if (!('detector' in candidate)) {
    return [{ name: 'keeps the contract', pass: false, reason: candidate.join('; ') }];
  }
  return [
    result('keeps the contract', () => ''),
    ...examples.quiet.map((one) =>
      result(`quiet: ${one.name}`, () => quietProblem(candidate, one)),
    ),
    ...examples.fires.map((one) =>
      result(`fires: ${one.name}`, () => firingProblem(candidate, one)),
    ),
    ...Object.entries(rules).map(([name, rule]) => result(name, () => rule(candidate, examples))),
  ];
}

function result(name: string, check: () => string): CheckResult {
  const reason = check();
  return { name, pass: reason === '', reason };
}
