/** Two ways to say which rows are abnormal: a mark per row, or windows of rows. */
import type { RowWindow } from './nab-rows.ts';

/** 1 in the rows of a window, else 0. */
export function marksOfWindows(rows: number, windows: readonly RowWindow[]): Uint8Array {
  const marks = new Uint8Array(rows);
  for (const { first, last } of windows) marks.fill(1, first, last + 1);
  return marks;
}

/** Runs of rows that are marked 1, in order. */
export function windowsOfMarks(marks: Readonly<Uint8Array>): readonly RowWindow[] {
  return runsOf(marks.length, (row) => marks[row] === 1);
}

/** Runs of rows whose score is above the threshold; one that equals it is not. */
export function windowsAbove(
  scores: Readonly<Float64Array>,
  threshold: number,
): readonly RowWindow[] {
  return runsOf(scores.length, (row) => (scores[row] as number) > threshold);
}

/** Throws RangeError unless there is one score, a number, for each mark. */
export function requireMatch(marks: Readonly<Uint8Array>, scores: Readonly<Float64Array>): void {
  if (marks.length !== scores.length) {
    throw new RangeError(`${scores.length} scores for ${marks.length} rows`);
  }
  if (scores.some((score) => !Number.isFinite(score))) {
    throw new RangeError('a score is not a finite number');
  }
}

function runsOf(rows: number, isIn: (row: number) => boolean): readonly RowWindow[] {
  const windows: RowWindow[] = [];
  let first = -1;
  for (let row = 0; row <= rows; row++) {
    const inside = row < rows && isIn(row);
    if (inside && first < 0) first = row;
    if (!inside && first >= 0) {
      windows.push({ first, last: row - 1 });
      first = -1;
    }
  }
  return windows;
}
