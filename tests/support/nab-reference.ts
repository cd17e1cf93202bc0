/**
 * NAB's definition, word for word and without any thought of speed: rows are walked with a cursor
 * over windows, each threshold is tried on every row.
 */
import type { NabFile, NabProfile } from '../../engine/benchmark/index.ts';

const sigmoid = (y: number): number => (y > 3 ? -1 : 2 / (1 + Math.exp(5 * y)) - 1);

interface ReferenceRow {
  /** Index of the window, or null. */
  readonly window: number | null;
  readonly s: number;
}

function weighted(file: NabFile, profile: NabProfile): ReferenceRow[] {
  const rows: ReferenceRow[] = [];
  let next = 0;
  let inside = false;
  let left = 0;
  let right = -1;
  for (let i = 0; i < file.rows; i++) {
    const window = file.windows[next];
    if (!inside && window && i === window.first) {
      inside = true;
      left = window.first;
      right = window.last;
    }
    if (inside) {
      const y = -(right - i + 1) / (right - left + 1);
      rows.push({ window: next, s: (sigmoid(y) * profile.tpWeight) / 0.9866142981514305 });
      if (i === right) {
        inside = false;
        next += 1;
      }
    } else if (next === 0) {
      rows.push({ window: null, s: -1 * profile.fpWeight });
    } else {
      const y = right === left ? Infinity : Math.abs(right - i) / (right - left + 1 - 1);
      rows.push({ window: null, s: sigmoid(y) * profile.fpWeight });
    }
  }
  return rows;
}

const probationOf = (rows: number): number => Math.min(Math.floor(0.15 * rows), 0.15 * 5000);

export function referenceScore(
  file: NabFile,
  scores: Readonly<Float64Array>,
  profile: NabProfile,
  threshold: number,
): number {
  const rows = weighted(file, profile);
  const best = new Map<number, number>();
  let total = 0;
  for (let i = probationOf(file.rows); i < file.rows; i++) {
    const { window, s } = rows[i]!;
    const detected = scores[i]! >= threshold;
    if (window === null) total += detected ? s : 0;
    else
      best.set(window, Math.max(best.get(window) ?? -profile.fnWeight, detected ? s : -Infinity));
  }
  for (const part of best.values()) total += part;
  return total;
}

/** The best score of all thresholds, each tried on all files. */
export function referenceBest(
  files: readonly NabFile[],
  scores: readonly Readonly<Float64Array>[],
  profile: NabProfile,
): number {
  const candidates = [
    1.1,
    ...new Set(files.flatMap(({ rows }, f) => [...scores[f]!.subarray(probationOf(rows))])),
  ];
  return Math.max(
    ...candidates.map((t) =>
      files.reduce((sum, file, f) => sum + referenceScore(file, scores[f]!, profile, t), 0),
    ),
  );
}
