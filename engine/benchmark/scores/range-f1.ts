/**
 * Precision and recall of ranges. Source: Tatbul et al., "Precision and Recall for Time Series"
 * (NeurIPS 2018), section 4, with flat bias and the reciprocal of the number of overlaps as
 * cardinality, as TSB-AD has it.
 */
import type { RowWindow } from './nab-rows.ts';

export interface RangeScore {
  /** null without predictions. */
  readonly precision: number | null;
  /** null without abnormal windows. */
  readonly recall: number | null;
  /** 0 without predictions; null without abnormal windows. */
  readonly f1: number | null;
}

/** Alpha of recall: what a window is worth that was found at all; the rest is for how much of it. */
const existenceShare = 0.2;

/** Both in the order of rows, without overlap. */
export function rangeScore(
  truth: readonly RowWindow[],
  predictions: readonly RowWindow[],
): RangeScore {
  const recall = meanReward(truth, predictions, existenceShare);
  const precision = meanReward(predictions, truth, 0);
  return { precision, recall, f1: harmonicMean(precision, recall) };
}

/** Harmonic mean; 0 for a precision of nothing, null for a recall of nothing. */
export function harmonicMean(precision: number | null, recall: number | null): number | null {
  if (recall === null) return null;
  const sum = (precision ?? 0) + recall;
  return precision === null || sum === 0 ? 0 : (2 * precision * recall) / sum;
}

function meanReward(
  ranges: readonly RowWindow[],
  others: readonly RowWindow[],
  alpha: number,
): number | null {
  if (ranges.length === 0) return null;
  let total = 0;
  let next = 0;
  for (const { first, last } of ranges) {
    while ((others[next]?.last ?? Infinity) < first) next += 1;
    let covered = 0;
    let count = 0;
    for (let i = next; (others[i]?.first ?? Infinity) <= last; i++) {
      const other = others[i] as RowWindow;
      covered += Math.min(last, other.last) - Math.max(first, other.first) + 1;
      count += 1;
    }
    if (count > 0) total += alpha + (1 - alpha) * (covered / (last - first + 1) / count);
  }
  return total / ranges.length;
}
