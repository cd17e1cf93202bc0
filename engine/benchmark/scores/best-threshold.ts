/**
 * The best of 100 thresholds between the lowest and the highest score, as TSB-AD looks for it. It is
 * chosen on the very rows that it is scored on, so it flatters: say so beside it.
 */
import { affiliation, type Affiliation } from './affiliation.ts';
import { requireMatch, windowsAbove, windowsOfMarks } from './labels.ts';
import type { RowWindow } from './nab-rows.ts';
import { rangeScore, type RangeScore } from './range-f1.ts';

const thresholdCount = 100;

export interface AtBestThreshold<Score> {
  /** A row is predicted if its score is above. */
  readonly threshold: number;
  readonly score: Score;
}

/** The highest range-based F1; null where no row is abnormal. */
export function bestRangeScore(
  marks: Readonly<Uint8Array>,
  scores: Readonly<Float64Array>,
): AtBestThreshold<RangeScore> | null {
  return best(marks, scores, rangeScore);
}

/** The highest F of affiliation; null where no row is abnormal. */
export function bestAffiliation(
  marks: Readonly<Uint8Array>,
  scores: Readonly<Float64Array>,
): AtBestThreshold<Affiliation> | null {
  return best(marks, scores, (truth, predictions) => affiliation(truth, predictions, marks.length));
}

function best<Score extends { readonly f1: number | null }>(
  marks: Readonly<Uint8Array>,
  scores: Readonly<Float64Array>,
  scoreOf: (truth: readonly RowWindow[], predictions: readonly RowWindow[]) => Score,
): AtBestThreshold<Score> | null {
  requireMatch(marks, scores);
  const truth = windowsOfMarks(marks);
  let found: AtBestThreshold<Score> | null = null;
  if (truth.length === 0) return found;
  for (const threshold of thresholdsOf(scores)) {
    const score = scoreOf(truth, windowsAbove(scores, threshold));
    if ((score.f1 ?? 0) > (found?.score.f1 ?? -1)) found = { threshold, score };
  }
  return found;
}

/** Ascending, evenly spaced. */
function thresholdsOf(scores: Readonly<Float64Array>): readonly number[] {
  const least = scores.reduce((a, b) => Math.min(a, b));
  const most = scores.reduce((a, b) => Math.max(a, b));
  const step = (most - least) / (thresholdCount - 1);
  return Array.from({ length: thresholdCount }, (_, k) =>
    k === thresholdCount - 1 ? most : least + k * step,
  );
}
