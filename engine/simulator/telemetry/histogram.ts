/**
 * Durations as OpenTelemetry's exponential histograms (data model, "ExponentialHistogram", scale 5): each
 * bucket is 2^(1/32) times as wide as the one before, so a quantile is off by at most 1.1 %. Many in one
 * array, one row each, with the least and the greatest value kept exactly.
 */
export interface Histograms {
  readonly counts: Uint32Array;
  readonly total: Uint32Array;
  /** µs; Infinity and 0 in an empty row. */
  readonly least: Float64Array;
  readonly greatest: Float64Array;
}

const bucketsPerOctave = 32;
/** 2^30 µs: eighteen minutes. What takes longer is counted in the last bucket. */
const buckets = 30 * bucketsPerOctave;

export function makeHistograms(rows: number): Histograms {
  return {
    counts: new Uint32Array(rows * buckets),
    total: new Uint32Array(rows),
    least: new Float64Array(rows).fill(Infinity),
    greatest: new Float64Array(rows),
  };
}

/** The bucket of a duration, for `record`: one logarithm serves several rows. */
export function bucketOf(us: number): number {
  return us <= 1 ? 0 : Math.min(buckets - 1, Math.floor(Math.log2(us) * bucketsPerOctave));
}

export function record(h: Histograms, row: number, bucket: number, us: number): void {
  const cell = row * buckets + bucket;
  h.counts[cell] = (h.counts[cell] as number) + 1;
  h.total[row] = (h.total[row] as number) + 1;
  if (us < (h.least[row] as number)) h.least[row] = us;
  if (us > (h.greatest[row] as number)) h.greatest[row] = us;
}

/**
 * Nearest-rank quantiles over the rows together, µs: the geometric middle of the bucket that holds it, whole,
 * within the least and the greatest value. Empty where nothing was counted.
 * @param shares ascending, 0–1
 */
export function quantiles(
  h: Histograms,
  rows: readonly number[],
  shares: readonly number[],
): readonly number[] {
  let total = 0;
  let least = Infinity;
  let greatest = 0;
  for (const row of rows) {
    total += h.total[row] as number;
    least = Math.min(least, h.least[row] as number);
    greatest = Math.max(greatest, h.greatest[row] as number);
  }
  if (total === 0) return [];
  const result: number[] = [];
  let below = 0;
  let bucket = bucketOf(least);
  for (const share of shares) {
    const rank = Math.max(1, Math.ceil(share * total));
    while (below < rank) {
      for (const row of rows) below += h.counts[row * buckets + bucket] as number;
      bucket++;
    }
    const middle = Math.round(2 ** ((bucket - 0.5) / bucketsPerOctave));
    // The last rank is known exactly.
    result.push(rank === total ? greatest : Math.min(greatest, Math.max(least, middle)));
  }
  return result;
}

export function clearHistograms(h: Histograms): void {
  h.total.forEach((total, row) => {
    if (total === 0) return;
    const from = row * buckets + bucketOf(h.least[row] as number);
    const to = row * buckets + bucketOf(h.greatest[row] as number) + 1;
    h.counts.fill(0, from, to);
    h.total[row] = 0;
    h.least[row] = Infinity;
    h.greatest[row] = 0;
  });
}
