/**
 * What each row of a file is worth to the Numenta Anomaly Benchmark, whatever a detector says.
 * Source: Lavin and Ahmad, "Evaluating Real-time Anomaly Detection Algorithms" (2015), section III,
 * in the arithmetic of NAB's own scorer (`nab/sweeper.py`, v1.1). Everything goes by the index of a
 * row, never by its time: the corpus has repeated and backward timestamps.
 */

/** Rows of a labelled anomaly, both ends included. */
export interface RowWindow {
  readonly first: number;
  readonly last: number;
}

export interface NabFile {
  readonly name: string;
  /** How many rows it has, those of the probation too. */
  readonly rows: number;
  /** In the order of rows, without overlap. */
  readonly windows: readonly RowWindow[];
}

/** A file made ready for scoring: once for any number of detectors, profiles and thresholds. */
export interface NabRows {
  readonly name: string;
  readonly rows: number;
  /** Rows before this one are not scored at all. */
  readonly probation: number;
  readonly windowCount: number;
  /** Windows with at least one row that is scored: only these can be missed. */
  readonly scorableWindows: number;
  /** Per row: the index of the window it is in, or -1. */
  readonly window: Int32Array;
  /**
   * Per row, in units of a weight of the profile: what a detection is worth in a window, 1 at its
   * first row; what a false one costs outside, 0 to -1.
   */
  readonly worth: Float64Array;
}

const probationShare = 0.15;
/** Rows beyond which a longer file has no longer a probation. */
const probationFileRows = 5000;

/** Throws RangeError where windows leave the file, overlap, or are out of order. */
export function prepareNabRows({ name, rows, windows }: NabFile): NabRows {
  requireOrder(name, rows, windows);
  const probation = nabProbation(rows);
  const window = new Int32Array(rows).fill(-1);
  // Before the first window of a file there is nothing to be late for: a false alarm costs all of it.
  const worth = new Float64Array(rows).fill(-1);
  windows.forEach((own, k) => {
    window.fill(k, own.first, own.last + 1);
    fillWindow(worth, own);
    fillAfter(worth, own, windows[k + 1]?.first ?? rows);
  });
  const scorableWindows = windows.filter(({ last }) => last >= probation).length;
  return { name, rows, probation, windowCount: windows.length, scorableWindows, window, worth };
}

/** Rows at the beginning of a file in which a detector may learn. */
export function nabProbation(rows: number): number {
  return Math.min(Math.floor(probationShare * rows), probationShare * probationFileRows);
}

/** NAB's `scaledSigmoid`: 1 far before, 0 at the end of a window (y = 0), -1 far behind it. */
export function scaledSigmoid(y: number): number {
  // The formula still holds at 3 itself, where it gives -0.9999994: a step that NAB has, too.
  return y > 3 ? -1 : 2 / (1 + Math.exp(5 * y)) - 1;
}

/** Of a window's first row. */
const worthMax = scaledSigmoid(-1);

function fillWindow(worth: Float64Array, { first, last }: RowWindow): void {
  const width = last - first + 1;
  for (let i = first; i <= last; i++) {
    worth[i] = scaledSigmoid(-(last - i + 1) / width) / worthMax;
  }
}

/** Cheap right behind a window, dear from three of its widths on; the next window takes no part. */
function fillAfter(worth: Float64Array, { first, last }: RowWindow, end: number): void {
  // A window of one row has width 0 here: all that follows is infinitely far.
  const width = last - first;
  for (let i = last + 1; i < end; i++) worth[i] = scaledSigmoid((i - last) / width);
}

function requireOrder(name: string, rows: number, windows: readonly RowWindow[]): void {
  let free = 0;
  for (const { first, last } of windows) {
    if (!(first >= free && last >= first && last < rows)) {
      throw new RangeError(`${name}: window ${first}–${last} overlaps another or leaves its file`);
    }
    free = last + 1;
  }
}
