/**
 * Volume under the surface: the areas under the curves of precision over recall and of true over
 * false positives, averaged over tolerances around each abnormal window. Source: Paparrizos et al.,
 * "Volume Under the Surface" (PVLDB 15, 2022), section 4, in the arithmetic of TSB-AD (NeurIPS
 * 2024), version `opt` with 250 thresholds, whose published values it reproduces.
 *
 * A tolerance of w rows gives partial credit, sqrt(1 - d/w), to detections d <= w/2 rows outside.
 * Thresholds fall, so detections only grow: a row is known by the first threshold that it meets,
 * and all that depends on the threshold is a running sum over those. A tolerance then costs its
 * credited rows and 250 steps instead of 250 passes over the series.
 */
import { requireMatch, windowsOfMarks } from './labels.ts';
import type { RowWindow } from './nab-rows.ts';
import { rankValues } from './ranking.ts';

export interface Volumes {
  /** null where no row is abnormal. */
  readonly vusPr: number | null;
  /** null where no row is abnormal, or all are. */
  readonly vusRoc: number | null;
}

const thresholdCount = 250;

/** `bufferMax` is the largest tolerance in rows: usually the period of the series. */
export function volumesUnderSurfaces(
  marks: Readonly<Uint8Array>,
  scores: Readonly<Float64Array>,
  bufferMax: number,
): Volumes {
  requireMatch(marks, scores);
  if (!Number.isInteger(bufferMax) || bufferMax < 0) {
    throw new RangeError(`a tolerance of ${bufferMax} rows`);
  }
  const windows = windowsOfMarks(marks);
  if (windows.length === 0) return { vusPr: null, vusRoc: null };
  const surface = new Surface(marks, windows, firstThresholds(scores));
  let pr = 0;
  let roc = 0;
  for (let buffer = 0; buffer <= bufferMax; buffer++) {
    const areas = surface.areas(buffer);
    pr += areas.pr;
    roc += areas.roc;
  }
  const vusRoc = marks.includes(0) ? roc / (bufferMax + 1) : null;
  return { vusPr: pr / (bufferMax + 1), vusRoc };
}

/** Per row, the index of the first of the 250 thresholds that its score meets. */
function firstThresholds(scores: Readonly<Float64Array>): Uint8Array {
  const { ends, ranks } = rankValues(scores);
  const firstOfRank = new Uint8Array(ends.length);
  let rank = 0;
  for (let k = 0; k < thresholdCount; k++) {
    const position = thresholdPosition(k, scores.length);
    while (rank < ends.length) {
      const start = rank === 0 ? 0 : (ends[rank - 1] as number);
      if (start > position) break;
      firstOfRank[rank++] = k;
    }
  }
  return Uint8Array.from(ranks, (own) => firstOfRank[own] as number);
}

/** Thresholds are scores at even distances in descending order; rounded as numpy's linspace does. */
function thresholdPosition(k: number, rows: number): number {
  return k === thresholdCount - 1 ? rows - 1 : Math.trunc(k * ((rows - 1) / (thresholdCount - 1)));
}

/** What the tolerances share. `areas` has to be asked for them in ascending order. */
class Surface {
  readonly #marks: Readonly<Uint8Array>;
  readonly #windows: readonly RowWindow[];
  /** Per row. */
  readonly #first: Readonly<Uint8Array>;
  /** Per threshold, the rows that meet it; the abnormal ones among them. */
  readonly #detected: Float64Array;
  readonly #hits: Float64Array;
  /** Per window, the first threshold that a row of it, or within the reach, meets. */
  readonly #found: Uint8Array;
  #reach = 0;
  /** Per row outside of windows, its credit; all 0 between two tolerances. */
  readonly #credit: Float64Array;

  constructor(
    marks: Readonly<Uint8Array>,
    windows: readonly RowWindow[],
    first: Readonly<Uint8Array>,
  ) {
    this.#marks = marks;
    this.#windows = windows;
    this.#first = first;
    this.#detected = new Float64Array(thresholdCount);
    this.#hits = new Float64Array(thresholdCount);
    first.forEach((k, row) => {
      add(this.#detected, k, 1);
      add(this.#hits, k, marks[row] as number);
    });
    accumulate(this.#detected);
    accumulate(this.#hits);
    this.#found = Uint8Array.from(windows, (own) =>
      first.subarray(own.first, own.last + 1).reduce((least, k) => Math.min(least, k)),
    );
    this.#credit = new Float64Array(marks.length);
  }

  areas(buffer: number): { readonly pr: number; readonly roc: number } {
    const reach = buffer >> 1;
    const credits = this.#creditsUpTo(buffer, reach);
    while (this.#reach < reach) this.#widen();
    const existence = this.#existence(reach);
    const rows = this.#marks.length;
    const positives = this.#hits.at(-1) ?? 0;
    let [pr, roc, recallBefore, falseBefore] = [0, 0, 0, 0];
    for (let k = 0; k < thresholdCount; k++) {
      const detected = this.#detected[k] as number;
      const credit = credits[k] as number;
      const hits = (this.#hits[k] as number) + credit;
      const wanted = positives + credit / 2;
      const recall = Math.min(hits / wanted, 1) * (existence[k] as number);
      const falseShare = (detected - hits) / (rows - wanted);
      pr += (recall - recallBefore) * (hits / detected);
      roc += ((falseShare - falseBefore) * (recall + recallBefore)) / 2;
      recallBefore = recall;
      falseBefore = falseShare;
    }
    roc += ((1 - falseBefore) * (1 + recallBefore)) / 2;
    return { pr, roc };
  }

  /** Per threshold, the credit of all rows outside of windows that meet it. */
  #creditsUpTo(buffer: number, reach: number): Float64Array {
    const credits = new Float64Array(thresholdCount);
    const shares = Float64Array.from({ length: reach }, (_, i) => Math.sqrt(1 - (i + 1) / buffer));
    this.#eachNear(reach, (row, distance) =>
      add(this.#credit, row, shares[distance - 1] as number),
    );
    this.#eachNear(reach, (row) => {
      if (this.#marks[row] === 0) {
        add(credits, this.#first[row] as number, Math.min(1, this.#credit[row] as number));
      }
      // A row near two windows is counted with the first of them.
      this.#credit[row] = 0;
    });
    return accumulate(credits);
  }

  #eachNear(reach: number, visit: (row: number, distance: number) => void): void {
    const rows = this.#marks.length;
    for (const { first, last } of this.#windows) {
      for (let distance = Math.min(reach, first); distance >= 1; distance--) {
        visit(first - distance, distance);
      }
      const far = Math.min(reach, rows - 1 - last);
      for (let distance = 1; distance <= far; distance++) visit(last + distance, distance);
    }
  }

  #widen(): void {
    this.#reach += 1;
    this.#windows.forEach(({ first, last }, i) => {
      const before = this.#first[first - this.#reach] ?? thresholdCount;
      const behind = this.#first[last + this.#reach] ?? thresholdCount;
      this.#found[i] = Math.min(this.#found[i] as number, before, behind);
    });
  }

  /** Per threshold, the share of windows, widened and joined where they meet, with a detection. */
  #existence(reach: number): Float64Array {
    const found = new Float64Array(thresholdCount);
    let joined = 0;
    let least = thresholdCount;
    this.#windows.forEach(({ last }, i) => {
      least = Math.min(least, this.#found[i] as number);
      const next = this.#windows[i + 1];
      if (next && last + reach >= next.first - reach) return;
      add(found, least, 1);
      joined += 1;
      least = thresholdCount;
    });
    return accumulate(found).map((count) => count / joined);
  }
}

function add(sums: Float64Array, i: number, value: number): void {
  sums[i] = (sums[i] as number) + value;
}

function accumulate(sums: Float64Array): Float64Array {
  for (let k = 1; k < sums.length; k++) add(sums, k, sums[k - 1] as number);
  return sums;
}
