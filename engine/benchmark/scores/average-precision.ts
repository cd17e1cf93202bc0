/**
 * Areas under the curves of precision over recall and of true over false positives, by rows, all
 * thresholds at once. AUC-PR is the average precision of scikit-learn (no interpolation between
 * thresholds: Davis and Goadrich 2006, section 4); AUC-ROC is the trapezoid rule over distinct
 * thresholds, so equal scores count half (Hanley and McNeil 1982).
 */
import { requireMatch } from './labels.ts';
import { markedUpTo, rankValues } from './ranking.ts';

export interface Areas {
  /** A random detector gets the share of abnormal rows. null where no row is abnormal. */
  readonly aucPr: number | null;
  /** A random detector gets 0.5. null where all rows are alike. */
  readonly aucRoc: number | null;
}

/** `marks` has 1 in abnormal rows; a score is a detection from the threshold on (>=). */
export function areasUnderCurves(
  marks: Readonly<Uint8Array>,
  scores: Readonly<Float64Array>,
): Areas {
  requireMatch(marks, scores);
  const ranking = rankValues(scores);
  const hits = markedUpTo(ranking, marks);
  const positives = hits.at(-1) ?? 0;
  const negatives = marks.length - positives;
  let pr = 0;
  let roc = 0;
  let hitsBefore = 0;
  let missesBefore = 0;
  for (const [rank, detected] of ranking.ends.entries()) {
    const hit = hits[rank] as number;
    const missed = detected - hit;
    pr += (hit - hitsBefore) * (hit / detected);
    roc += ((missed - missesBefore) * (hit + hitsBefore)) / 2;
    hitsBefore = hit;
    missesBefore = missed;
  }
  return {
    aucPr: positives === 0 ? null : pr / positives,
    aucRoc: positives === 0 || negatives === 0 ? null : roc / (positives * negatives),
  };
}

export interface CurvePoint {
  readonly threshold: number;
  readonly recall: number;
  readonly precision: number;
}

/** The curve of precision over recall, from the highest threshold down, at most so many points. */
export function precisionRecallCurve(
  marks: Readonly<Uint8Array>,
  scores: Readonly<Float64Array>,
  pointsMax: number,
): readonly CurvePoint[] {
  requireMatch(marks, scores);
  const ranking = rankValues(scores);
  const hits = markedUpTo(ranking, marks);
  const positives = hits.at(-1) ?? 0;
  if (positives === 0) return [];
  return thinned(ranking.thresholds.length, pointsMax).map((rank) => ({
    threshold: ranking.thresholds[rank] as number,
    recall: (hits[rank] as number) / positives,
    precision: (hits[rank] as number) / (ranking.ends[rank] as number),
  }));
}

/** Indexes from the first to the last, evenly spread, at most so many. */
export function thinned(count: number, countMax: number): readonly number[] {
  if (count <= countMax) return Array.from({ length: count }, (_, i) => i);
  const step = (count - 1) / (countMax - 1);
  return Array.from({ length: countMax }, (_, i) => Math.round(i * step));
}
