/** A series with what was said of it, as few stretches as a plot can show: peaks stay. */
import type { SeriesStretch } from './bench-answers.ts';

export interface SeriesColumns {
  readonly timesUs: Readonly<Float64Array>;
  readonly values: Readonly<Float64Array>;
  readonly scores: Readonly<Float64Array>;
  readonly alertScores: Readonly<Float64Array>;
}

/** Rows of all columns; the shortest counts, should a file have them of different lengths. */
export function rowsOf({ timesUs, values, scores, alertScores }: SeriesColumns): number {
  return Math.min(timesUs.length, values.length, scores.length, alertScores.length);
}

export function stretchesOf(columns: SeriesColumns, most: number): readonly SeriesStretch[] {
  const rows = rowsOf(columns);
  const width = Math.max(1, Math.ceil(rows / most));
  return Array.from({ length: Math.ceil(rows / width) }, (_, i) =>
    stretchOf(columns, i * width, Math.min(rows, (i + 1) * width)),
  );
}

function stretchOf(columns: SeriesColumns, from: number, to: number): SeriesStretch {
  const { timesUs, values, scores, alertScores } = columns;
  const [low, high] = extremes(values, from, to);
  return {
    row: from,
    t: finite(timesUs[from]),
    low: finite(low),
    high: finite(high),
    score: finite(extremes(scores, from, to)[1]),
    alertScore: finite(extremes(alertScores, from, to)[1]),
  };
}

function extremes(values: Readonly<Float64Array>, from: number, to: number): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let row = from; row < to; row++) {
    const value = values[row] as number;
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

/** A stretch without any value is drawn on the ground. */
function finite(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) ? value : 0;
}
