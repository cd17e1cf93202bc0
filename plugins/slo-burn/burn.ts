/** Good and bad requests of one objective in windows of several lengths, and how fast they spend its budget. */

/** A long window in `bucketsMax` buckets; its last five are the short one. */
export interface BurnWindow {
  readonly bucketUs: number;
  /** Times the rate that spends the budget in its period. */
  readonly factor: number;
  readonly score: number;
  /** The bucket under way; -1 before the first point. */
  bucket: number;
  readonly bad: number[];
  readonly total: number[];
}

/** What a window says: times the rate that spends the budget in its period. */
export interface Burn {
  readonly window: BurnWindow;
  readonly long: number;
  readonly short: number;
}

const minuteUs = 60_000_000;
const bucketsMax = 60;
const shortBuckets = 5;
/** The book's table for a month: 2 % of the budget in an hour, 5 % in six, 10 % in three days. */
const rules = [
  { share: 0.02, factor: 14.4, score: 0.9, leastUs: 2 * minuteUs },
  { share: 0.05, factor: 6, score: 0.7, leastUs: 12 * minuteUs },
  { share: 0.1, factor: 1, score: 0.4, leastUs: 144 * minuteUs },
] as const;

/**
 * The book's windows, in proportion to the period. Of a period of less than some days they would hold
 * hardly a point: then they are as long as can be measured, and more of the budget has to be spent,
 * at most all of it.
 */
export function openWindows(periodUs: number): BurnWindow[] {
  return rules.map(({ share, factor, score, leastUs }) => {
    const wholeUs = periodUs / factor;
    const longUs = Math.min(wholeUs, Math.max(share * wholeUs, leastUs));
    return { bucketUs: longUs / bucketsMax, factor, score, bucket: -1, bad: [], total: [] };
  });
}

export function shortSpanUs({ bucketUs }: BurnWindow): number {
  return shortBuckets * bucketUs;
}

export function addRequests(window: BurnWindow, t: number, bad: number, total: number): void {
  const bucket = Math.max(window.bucket, Math.floor(t / window.bucketUs));
  const passed = window.bucket < 0 ? 1 : Math.min(bucketsMax, bucket - window.bucket);
  for (let i = 0; i < passed; i++) {
    window.bad.push(0);
    window.total.push(0);
  }
  window.bad.splice(0, window.bad.length - bucketsMax);
  window.total.splice(0, window.total.length - bucketsMax);
  window.bucket = bucket;
  const last = window.bad.length - 1;
  window.bad[last] = (window.bad[last] ?? 0) + bad;
  window.total[last] = (window.total[last] ?? 0) + total;
}

export interface BurnLimits {
  /** Share of requests that may be bad. */
  readonly budget: number;
  /** For how long there have been points. */
  readonly seenUs: number;
  /** Bad requests in the long window below which nothing is said. */
  readonly failuresMin: number;
}

/**
 * What the window says where both of its lengths burn too fast, else null. What was not yet seen of the
 * long one counts as good: a stream that has just begun must have spent the share in earnest.
 */
export function burnOf(
  window: BurnWindow,
  { budget, seenUs, failuresMin }: BurnLimits,
): Burn | null {
  const seen = Math.min(1, seenUs / (bucketsMax * window.bucketUs));
  const long = (ratio(window, bucketsMax) * seen) / budget;
  const short = ratio(window, shortBuckets) / budget;
  const isEnough = sum(window.bad, bucketsMax) >= failuresMin;
  return isEnough && long >= window.factor && short >= window.factor
    ? { window, long, short }
    : null;
}

function ratio({ bad, total }: BurnWindow, buckets: number): number {
  const all = sum(total, buckets);
  return all > 0 ? sum(bad, buckets) / all : 0;
}

function sum(values: readonly number[], buckets: number): number {
  let all = 0;
  for (let i = Math.max(0, values.length - buckets); i < values.length; i++) all += values[i] ?? 0;
  return all;
}
