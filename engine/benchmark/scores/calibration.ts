/**
 * Whether scores are probabilities: of the rows that got 0.8, four in five should be abnormal. Brier
 * score (Brier 1950), expected calibration error over bins of equal width (Naeini et al., AAAI 2015).
 */
import { requireMatch } from './labels.ts';

export interface ReliabilityBin {
  /** From this score up to, but without, the next bin's; the last one holds 1 too. */
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  /** null where the bin is empty. */
  readonly meanScore: number | null;
  readonly abnormalShare: number | null;
}

export interface Calibration {
  readonly rows: number;
  /** Mean square of score minus truth: 0 is best. null without rows. */
  readonly brier: number | null;
  /** What a detector gets that always says the share of abnormal rows: hard to beat where few are. */
  readonly brierOfPrevalence: number | null;
  /** Mean distance of a bin's score from its share of abnormal rows, by rows. null without rows. */
  readonly expectedError: number | null;
  readonly bins: readonly ReliabilityBin[];
}

/** `marks` has 1 in abnormal rows; scores are from 0 to 1, else RangeError. */
export function calibrationOf(
  marks: Readonly<Uint8Array>,
  scores: Readonly<Float64Array>,
  binCount = 10,
): Calibration {
  requireMatch(marks, scores);
  const sums = Array.from({ length: binCount }, () => ({ rows: 0, score: 0, abnormal: 0 }));
  let squares = 0;
  let abnormal = 0;
  scores.forEach((score, row) => {
    const bin = sums[Math.min(binCount - 1, Math.floor(score * binCount))];
    if (!bin || score > 1) throw new RangeError(`the score of row ${row} is ${score}`);
    const mark = marks[row] as number;
    bin.rows += 1;
    bin.score += score;
    bin.abnormal += mark;
    abnormal += mark;
    squares += (score - mark) ** 2;
  });
  const rows = scores.length;
  const errors = sums.reduce((sum, bin) => sum + Math.abs(bin.score - bin.abnormal), 0);
  return {
    rows,
    brier: rows === 0 ? null : squares / rows,
    brierOfPrevalence: rows === 0 ? null : (abnormal / rows) * (1 - abnormal / rows),
    expectedError: rows === 0 ? null : errors / rows,
    bins: sums.map((bin, i) => ({
      from: i / binCount,
      to: (i + 1) / binCount,
      rows: bin.rows,
      meanScore: bin.rows === 0 ? null : bin.score / bin.rows,
      abnormalShare: bin.rows === 0 ? null : bin.abnormal / bin.rows,
    })),
  };
}
