/** Which keys people ask for: few of them most of the time. */

/** Cumulative popularity of the keys of a cache: Zipf's law, rank k weighs 1 / k^skew. */
export function popularityOf(keys: number, skew: number): Float64Array {
  const sums = new Float64Array(keys);
  let total = 0;
  for (let k = 0; k < keys; k++) {
    total += (k + 1) ** -skew;
    sums[k] = total;
  }
  for (let k = 0; k < keys; k++) sums[k] = (sums[k] as number) / total;
  return sums;
}

/** First rank whose cumulative popularity is not below `share`. */
export function rankOf(sums: Float64Array, share: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sums[middle] as number) < share) low = middle + 1;
    else high = middle;
  }
  return low;
}
