/**
 * The score of the Numenta Anomaly Benchmark, as NAB's own scorer computes it (v1.1): at a threshold
 * that is given, at the one that is best over the same files (what NAB publishes), or at the one
 * that was best over other files. Each takes any output of a detector, `score` or `alertScore`.
 */
import type { NabProfile } from './nab-profiles.ts';
import type { NabRows } from './nab-rows.ts';
import { bestThreshold, rankRows, requireScores } from './nab-threshold.ts';

export interface NabFileScore {
  readonly name: string;
  readonly score: number;
  /** Rows behind the probation, in windows (tp, fn) and outside of them (fp, tn). */
  readonly tp: number;
  readonly fn: number;
  readonly fp: number;
  readonly tn: number;
}

export interface NabScore {
  readonly profile: string;
  readonly threshold: number;
  /** The sum over the files. */
  readonly raw: number;
  /** 0 for a detector that says nothing, 100 for a perfect one; null without any window. */
  readonly normalised: number | null;
  readonly files: readonly NabFileScore[];
}

/** Files and what a detector said: `scores[f]` has one value from 0 to 1 for every row of `files[f]`. */
export interface NabInput {
  readonly files: readonly NabRows[];
  readonly scores: readonly Readonly<Float64Array>[];
}

/** A row is a detection if its score is at least the threshold. */
export function scoreNab(
  { files, scores }: NabInput,
  profile: NabProfile,
  threshold: number,
): NabScore {
  const each = files.map((file, f) => scoreFile(file, scores[f], profile, threshold));
  const raw = each.reduce((sum, { score }) => sum + score, 0);
  const normalised = normaliseNab(raw, files, profile);
  return { profile: profile.name, threshold, raw, normalised, files: each };
}

/** Threshold and score on the same files, per profile: what NAB's tables hold, and flattering. */
export function scoreNabOptimised(
  input: NabInput,
  profiles: readonly NabProfile[],
): readonly NabScore[] {
  const ranked = rankRows(input.files, input.scores);
  return profiles.map((profile) =>
    scoreNab(input, profile, bestThreshold(ranked, profile).threshold),
  );
}

/** The threshold is the best of the files `fit`, the score that of the files `hold`; both are indexes. */
export function scoreNabHeldOut(
  input: NabInput,
  profiles: readonly NabProfile[],
  { fit, hold }: { readonly fit: readonly number[]; readonly hold: readonly number[] },
): readonly NabScore[] {
  const known = partOf(input, fit);
  const unknown = partOf(input, hold);
  const ranked = rankRows(known.files, known.scores);
  return profiles.map((profile) =>
    scoreNab(unknown, profile, bestThreshold(ranked, profile).threshold),
  );
}

/**
 * Against silence and perfection on these very files, so that it holds for a part of the corpus.
 * Silence is what the `null` detector gets; a window within the probation cannot be missed, but
 * still counts for perfection, as in NAB.
 */
export function normaliseNab(
  raw: number,
  files: readonly NabRows[],
  { tpWeight, fnWeight }: NabProfile,
): number | null {
  const silence = -fnWeight * sum(files, 'scorableWindows');
  const perfect = tpWeight * sum(files, 'windowCount');
  return perfect > silence ? (100 * (raw - silence)) / (perfect - silence) : null;
}

function scoreFile(
  file: NabRows,
  scores: Readonly<Float64Array> | undefined,
  profile: NabProfile,
  threshold: number,
): NabFileScore {
  requireScores(file, scores);
  const rows = { tp: 0, fn: 0, fp: 0, tn: 0 };
  const part = new Float64Array(file.windowCount).fill(-profile.fnWeight);
  let score = 0;
  for (let row = file.probation; row < file.rows; row++) {
    const isDetected = (scores?.[row] as number) >= threshold;
    const window = file.window[row] as number;
    if (window < 0) {
      rows[isDetected ? 'fp' : 'tn'] += 1;
      if (isDetected) score += (file.worth[row] as number) * profile.fpWeight;
    } else {
      rows[isDetected ? 'tp' : 'fn'] += 1;
      const worth = (file.worth[row] as number) * profile.tpWeight;
      // Only the best detection of a window counts, and that is its first.
      if (isDetected && worth > (part[window] as number)) part[window] = worth;
    }
  }
  // Those in the probation come first, and cannot be missed.
  for (const best of part.subarray(file.windowCount - file.scorableWindows)) score += best;
  return { name: file.name, score, ...rows };
}

function partOf({ files, scores }: NabInput, indexes: readonly number[]): NabInput {
  const pick = <T>(all: readonly T[]): readonly T[] =>
    indexes.map((f) => {
      const one = all[f];
      if (one === undefined) throw new RangeError(`there is no file ${f} of ${all.length}`);
      return one;
    });
  return { files: pick(files), scores: pick(scores) };
}

function sum(files: readonly NabRows[], key: 'scorableWindows' | 'windowCount'): number {
  return files.reduce((total, file) => total + file[key], 0);
}
