/** Values in descending order, equal ones together: what every sweep over thresholds begins with. */

export interface Ranking {
  /** Distinct values, descending. */
  readonly thresholds: Float64Array;
  /** Per threshold, how many values are at least as high. */
  readonly ends: Uint32Array;
  /** Per value, the index of the threshold that it equals. */
  readonly ranks: Uint32Array;
}

/** Throws RangeError where a value is not a number. */
export function rankValues(values: Readonly<Float64Array>): Ranking {
  const thresholds = distinctDescending(values);
  const ends = new Uint32Array(thresholds.length);
  const ranks = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const rank = rankOf(thresholds, values[i] as number);
    ranks[i] = rank;
    ends[rank] = (ends[rank] as number) + 1;
  }
  for (let rank = 1; rank < ends.length; rank++) {
    ends[rank] = (ends[rank] as number) + (ends[rank - 1] as number);
  }
  return { thresholds, ends, ranks };
}

/** Per threshold, how many of the marked values are at least as high. */
export function markedUpTo({ ranks, thresholds }: Ranking, marks: Readonly<Uint8Array>) {
  const counts = new Uint32Array(thresholds.length);
  for (let i = 0; i < ranks.length; i++) {
    if (marks[i] === 1) counts[ranks[i] as number] = (counts[ranks[i] as number] as number) + 1;
  }
  for (let rank = 1; rank < counts.length; rank++) {
    counts[rank] = (counts[rank] as number) + (counts[rank - 1] as number);
  }
  return counts;
}

function distinctDescending(values: Readonly<Float64Array>): Float64Array {
  // The sort of typed arrays without a comparison function is some ten times faster than with one.
  const sorted = Float64Array.from(values).sort();
  // It puts what is no number last.
  if (Number.isNaN(sorted.at(-1))) throw new RangeError('a score is not a number');
  let count = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || sorted[i] !== sorted[count - 1]) sorted[count++] = sorted[i] as number;
  }
  return sorted.slice(0, count).reverse();
}

function rankOf(descending: Readonly<Float64Array>, value: number): number {
  let low = 0;
  let high = descending.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((descending[middle] as number) > value) low = middle + 1;
    else high = middle;
  }
  return low;
}
