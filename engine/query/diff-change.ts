/** Two moments of the same thing in two runs. */
import type { Micros } from '../sdk/index.ts';
import type { DiffChange } from './diff-types.ts';

/** Runs that parted are never the same to the microsecond, which means nothing. */
const sameWithinUs = 1_000_000;

/** What became of a moment; null where it is in neither run. */
export function changeOf(a: Micros | null, b: Micros | null): DiffChange | null {
  if (a === null) return b === null ? null : 'extra';
  if (b === null) return 'missing';
  if (Math.abs(b - a) < sameWithinUs) return 'same';
  return b < a ? 'earlier' : 'later';
}

export function differenceOf(a: Micros | null, b: Micros | null): Micros | null {
  return a === null || b === null ? null : b - a;
}
