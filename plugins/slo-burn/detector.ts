/**
 * Burn rate of an error budget over several pairs of windows: the long window says that the spending
 * matters, the short one that it still goes on (Site Reliability Workbook, chapter 5, approach 6).
 * What was not seen of a long window counts as good, so a stream that has just begun must really have
 * spent the share of the budget that the rule is about.
 */
import { defineDetector } from 'incident-workbench/sdk';

/** One long window in `bucketsMax` buckets; its last five are the short one. */
interface Window {
  readonly bucketUs: number;
  readonly factor: number;
  readonly score: number;
  bucket: number;
  seen: number;
  readonly bad: number[];
  readonly total: number[];
  firing: boolean;
}

interface State {
  readonly isAvailability: boolean;
  /** First point, µs; -1 before it. */
  since: number;
  readonly windows: Window[];
}

const minuteUs = 60_000_000;
const bucketsMax = 60;
const shortBuckets = 5;
const weightMax = 1e12;

export default defineDetector({
  apiVersion: 1,
  id: 'slo-burn',
  summary:
    'Fires while users of an entry service lose error budget so fast that it matters, and still do.',
  per: 'series',
  options: {
    objective: {
      type: 'number',
      default: 0.999,
      minimum: 0.5,
      maximum: 0.99999,
      description: 'Share of requests that has to succeed.',
    },
    failures: {
      type: 'integer',
      default: 10,
      minimum: 1,
      maximum: 1_000_000,
      description: 'Failed requests in the short window below which it never fires.',
    },
  },
  messages: {
    burn: '{service} spends its error budget at {burn} times the rate that lasts a month: {short}-fold in {minutes} min.',
  },
  init({ subject, topology }): State | null {
    const { role, service } = subject.series ?? { role: null, service: '' };
    if (role !== 'error_ratio' && role !== 'availability') return null;
    if (topology.entries.length > 0 && !topology.entries.includes(service)) return null;
    return {
      isAvailability: role === 'availability',
      since: -1,
      windows: [
        // 2 % of a month's budget in an hour, 5 % in six, 10 % in three days.
        open({ bucketUs: minuteUs, factor: 14.4, score: 0.9 }),
        open({ bucketUs: 6 * minuteUs, factor: 6, score: 0.7 }),
        open({ bucketUs: 72 * minuteUs, factor: 1, score: 0.4 }),
      ],
    };
  },
  on: {
    metric(state, { value, requests, t }, { config, report }) {
      const share = Math.min(1, Math.max(0, state.isAvailability ? 1 - value : value));
      // Bounded, or one absurd rate would make the sums infinite.
      const weight = Math.min(weightMax, Math.max(0, requests ?? 1));
      const least = requests === null ? 0 : config.failures;
      const budget = 1 - config.objective;
      if (state.since < 0) state.since = t;
      let worst: { window: Window; long: number; short: number } | null = null;
      for (const window of state.windows) {
        add(window, t, share * weight, weight);
        const short = ratio(window, shortBuckets) / budget;
        const seen = Math.min(1, (t - state.since) / (bucketsMax * window.bucketUs));
        const long = (ratio(window, bucketsMax) * seen) / budget;
        const isEnough = sum(window.bad, window.seen, shortBuckets) >= least;
        window.firing = long >= window.factor && short >= window.factor && isEnough;
        if (window.firing && worst === null) worst = { window, long, short };
      }
      if (worst === null) return 0;
      const { window, long, short } = worst;
      report({
        message: 'burn',
        values: {
          burn: Number(long.toFixed(1)),
          short: Number(short.toFixed(1)),
          minutes: (shortBuckets * window.bucketUs) / minuteUs,
        },
        score: window.score,
        severity: window.score > 0.8 ? 'critical' : 'warning',
      });
      return window.score;
    },
  },
});

function open(of: Pick<Window, 'bucketUs' | 'factor' | 'score'>): Window {
  return { ...of, bucket: -1, seen: 0, bad: [], total: [], firing: false };
}

function add(window: Window, t: number, bad: number, total: number): void {
  const bucket = Math.floor(t / window.bucketUs);
  const passed = window.bucket < 0 ? 1 : Math.min(bucketsMax, Math.max(0, bucket - window.bucket));
  for (let i = 0; i < passed; i++) {
    window.bad.push(0);
    window.total.push(0);
  }
  window.bad.splice(0, window.bad.length - bucketsMax);
  window.total.splice(0, window.total.length - bucketsMax);
  window.bucket = Math.max(window.bucket, bucket);
  window.seen = window.bad.length;
  const last = window.seen - 1;
  window.bad[last] = (window.bad[last] ?? 0) + bad;
  window.total[last] = (window.total[last] ?? 0) + total;
}

function ratio({ bad, total, seen }: Window, buckets: number): number {
  const all = sum(total, seen, buckets);
  return all > 0 ? sum(bad, seen, buckets) / all : 0;
}

function sum(values: readonly number[], seen: number, buckets: number): number {
  let all = 0;
  for (let i = Math.max(0, seen - buckets); i < seen; i++) all += values[i] ?? 0;
  return all;
}
