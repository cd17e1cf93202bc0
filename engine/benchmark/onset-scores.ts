/**
 * What the engine's onset filter makes of scores that were not made here, so that a published
 * detector is shown with and without it, as those are that ran here.
 */
import { OnsetFilter } from '../detect/onset.ts';

export interface ScoredRows {
  /** In the order of rows; may repeat and run backward, as in NAB. */
  readonly timesUs: Readonly<Float64Array>;
  /** One for each row. */
  readonly scores: Readonly<Float64Array>;
  /** The usual time between two rows. */
  readonly cadenceUs: number;
}

/** The `alertScore` of each row: its score where it begins something, else 0. */
export function onsetScores({ timesUs, scores, cadenceUs }: ScoredRows): Float64Array {
  const filter = new OnsetFilter(cadenceUs);
  return Float64Array.from(scores, (score, i) => filter.alertScore(timesUs[i] as number, score));
}

/** The median time between two rows; 0 where there are fewer than two. */
export function usualCadenceUs(timesUs: Readonly<Float64Array>): number {
  const gaps = Float64Array.from(timesUs.subarray(1), (t, i) => t - (timesUs[i] as number)).sort();
  return gaps[gaps.length >> 1] ?? 0;
}
