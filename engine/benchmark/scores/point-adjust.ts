/**
 * F1 after point adjustment: one detected row marks its whole window as detected. A warning example,
 * never a ranking: a detector that is no better than chance by rows reaches 0.99 (Kim et al., "Towards
 * a Rigorous Evaluation of Time-Series Anomaly Detection", AAAI 2022).
 */
import { requireMatch, windowsOfMarks } from './labels.ts';
import { markedUpTo, rankValues } from './ranking.ts';

export interface PointAdjusted {
  /** The best over all thresholds, on the very rows that it is chosen on; null if none is abnormal. */
  readonly f1: number | null;
  /** The same without adjustment, to be shown beside it. */
  readonly plainF1: number | null;
}

export function pointAdjustedF1(
  marks: Readonly<Uint8Array>,
  scores: Readonly<Float64Array>,
): PointAdjusted {
  requireMatch(marks, scores);
  const ranking = rankValues(scores);
  const hits = markedUpTo(ranking, marks);
  const positives = hits.at(-1) ?? 0;
  if (positives === 0) return { f1: null, plainF1: null };
  const adjusted = adjustedHits(marks, ranking.ranks, hits.length);
  let f1 = 0;
  let plainF1 = 0;
  for (const [rank, detected] of ranking.ends.entries()) {
    const hit = hits[rank] as number;
    const falseAlarms = detected - hit;
    const whole = adjusted[rank] as number;
    f1 = Math.max(f1, (2 * whole) / (positives + whole + falseAlarms));
    plainF1 = Math.max(plainF1, (2 * hit) / (positives + detected));
  }
  return { f1, plainF1 };
}

/** Per threshold, the rows of all windows with a detection. */
function adjustedHits(
  marks: Readonly<Uint8Array>,
  ranks: Readonly<Uint32Array>,
  thresholds: number,
): Float64Array {
  const rows = new Float64Array(thresholds);
  for (const { first, last } of windowsOfMarks(marks)) {
    const found = ranks.subarray(first, last + 1).reduce((least, rank) => Math.min(least, rank));
    rows[found] = (rows[found] as number) + last - first + 1;
  }
  for (let rank = 1; rank < thresholds; rank++) {
    rows[rank] = (rows[rank] as number) + (rows[rank - 1] as number);
  }
  return rows;
}
