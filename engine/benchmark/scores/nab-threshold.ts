/**
 * The threshold that scores best over a whole corpus, as NAB's sweeper finds it: every distinct score
 * is tried, from the highest down, each costing only the rows that it adds.
 */
import type { NabRows } from './nab-rows.ts';
import { rankValues } from './ranking.ts';
import type { NabProfile } from './nab-profiles.ts';

export interface NabOptimum {
  /** A score is a detection if it is at least this: exactly one of the scores, or 1.1 for none. */
  readonly threshold: number;
  /** The raw score that it gives. */
  readonly raw: number;
}

/** Above every score: nothing is detected. */
export const nabSilence = 1.1;

/** Rows of all files that are scored, the highest score first. */
export interface RankedRows {
  /** Distinct scores, descending. */
  readonly thresholds: Float64Array;
  /** Per threshold, where its rows end in the columns below. */
  readonly ends: Uint32Array;
  /** Per row: its window, counted through all files, or -1. */
  readonly window: Int32Array;
  readonly worth: Float64Array;
  /** Windows of all files in which there is a row to detect. */
  readonly windows: number;
  readonly scorableWindows: number;
}

/**
 * `scores[f]` has one value from 0 to 1 for every row of `files[f]`, the probation too. Throws
 * RangeError where one has not. The order of files never matters, but for the last bits of a sum.
 */
export function rankRows(
  files: readonly NabRows[],
  scores: readonly Readonly<Float64Array>[],
): RankedRows {
  const values = scorable(files, scores);
  const { thresholds, ends, ranks } = rankValues(values);
  // Where the next row of each threshold goes.
  const next = new Uint32Array(ends.length);
  if (ends.length > 1) next.set(ends.subarray(0, -1), 1);
  const window = new Int32Array(values.length);
  const worth = new Float64Array(values.length);
  let i = 0;
  let windows = 0;
  for (const file of files) {
    for (let row = file.probation; row < file.rows; row++) {
      const rank = ranks[i++] as number;
      const to = next[rank] as number;
      next[rank] = to + 1;
      const own = file.window[row] as number;
      window[to] = own < 0 ? -1 : windows + own;
      worth[to] = file.worth[row] as number;
    }
    windows += file.windowCount;
  }
  const scorableWindows = files.reduce((sum, file) => sum + file.scorableWindows, 0);
  return { thresholds, ends, window, worth, windows, scorableWindows };
}

/** The best of all thresholds; of equals the highest, and silence before all. */
export function bestThreshold(ranked: RankedRows, profile: NabProfile): NabOptimum {
  const { thresholds, ends, window, worth } = ranked;
  const part = new Float64Array(ranked.windows).fill(-profile.fnWeight);
  let raw = -profile.fnWeight * ranked.scorableWindows;
  let best: NabOptimum = { threshold: nabSilence, raw };
  let i = 0;
  for (let rank = 0; rank < thresholds.length; rank++) {
    for (const end = ends[rank] as number; i < end; i++) {
      const own = window[i] as number;
      if (own < 0) {
        raw += (worth[i] as number) * profile.fpWeight;
        continue;
      }
      const before = part[own] as number;
      const now = (worth[i] as number) * profile.tpWeight;
      if (now <= before) continue;
      part[own] = now;
      raw += now - before;
    }
    if (raw > best.raw) best = { threshold: thresholds[rank] as number, raw };
  }
  return best;
}

/** Throws RangeError unless there is one score from 0 to 1 for each row. */
export function requireScores(file: NabRows, scores: Readonly<Float64Array> | undefined): void {
  if (scores?.length !== file.rows) {
    throw new RangeError(`${file.name}: ${scores?.length ?? 0} scores for ${file.rows} rows`);
  }
  for (let row = 0; row < file.rows; row++) {
    const score = scores[row] as number;
    // Silence is 1.1: a higher score could not be silenced.
    if (!(score >= 0 && score <= 1)) {
      throw new RangeError(`${file.name}: the score of row ${row} is ${score}, not from 0 to 1`);
    }
  }
}

function scorable(
  files: readonly NabRows[],
  scores: readonly Readonly<Float64Array>[],
): Float64Array {
  const values = new Float64Array(
    files.reduce((sum, { rows, probation }) => sum + rows - probation, 0),
  );
  let at = 0;
  files.forEach((file, f) => {
    const own = scores[f];
    requireScores(file, own);
    if (own) values.set(own.subarray(file.probation), at);
    at += file.rows - file.probation;
  });
  return values;
}
