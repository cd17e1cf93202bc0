/** Numbering of things that belong to things: each owner has a range of numbers, one behind the other. */

/** Running sums from 0: the first index of each group, and the end of the last. */
export function bases(counts: readonly number[]): Int32Array {
  const result = new Int32Array(counts.length + 1);
  counts.forEach((count, i) => (result[i + 1] = at(result, i) + count));
  return result;
}

/** The same where there may be more than a 32-bit number tells. */
export function entryBases(counts: readonly number[]): Float64Array {
  const result = new Float64Array(counts.length + 1);
  counts.forEach((count, i) => (result[i + 1] = (result[i] as number) + count));
  return result;
}

/** The group that each member belongs to. */
export function owners(base: Int32Array): Int32Array {
  const result = new Int32Array(at(base, base.length - 1));
  for (let group = 0; group + 1 < base.length; group++) {
    result.fill(group, at(base, group), at(base, group + 1));
  }
  return result;
}

/** Number of the `index`th thing of a group, or -1 for none. */
export function indexIn(base: Int32Array, group: number, index: number | null): number {
  return index === null ? -1 : at(base, group) + index;
}

export function at(array: Int32Array, i: number): number {
  return array[i] as number;
}
