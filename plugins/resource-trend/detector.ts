/**
 * A resource that fills up: the Theil–Sen slope (median of all pairwise slopes) over bounded buckets,
 * believed only where Kendall's rank test rules out chance and the recent half still climbs. The limit
 * is 1, for only shares of a bounded resource are looked at. What climbs while requests do is left alone.
 */
import { defineDetector } from 'incident-workbench/sdk';

interface Bucket {
  sum: number;
  requests: number;
  count: number;
}

interface State {
  bucket: number;
  readonly open: Bucket;
  /** Closed buckets, oldest first: place in time, mean value, mean requests. */
  at: number[];
  value: number[];
  load: number[];
  /** Minutes to the limit, while it fires. */
  minutes: number | null;
  slope: number;
}

const secondUs = 1_000_000;
const bucketsMax = 40;
/** What climbs while requests grew by more than this share may be load. */
const loadMax = 0.25;
/** Storage keeps what it is given; processors and workers do not. */
const storage = /memory|filesystem|disk|heap|connection|pool|descriptor|inode|storage/;
const flow = /cpu|worker|gc|throttl/;

export default defineDetector({
  apiVersion: 1,
  id: 'resource-trend',
  summary: 'Fires while a bounded resource fills up steadily, and tells when it will be full.',
  per: 'series',
  options: {
    bucket: {
      type: 'integer',
      default: 30,
      minimum: 1,
      maximum: 86_400,
      description: 'Seconds whose mean is one value of the trend.',
    },
    least: {
      type: 'integer',
      default: 10,
      minimum: 5,
      maximum: bucketsMax,
      description: 'Values of a trend before it is believed.',
    },
    rise: {
      type: 'number',
      default: 0.08,
      minimum: 0.001,
      maximum: 1,
      description: 'Share of the resource that it must have taken since.',
    },
    horizon: {
      type: 'number',
      default: 60,
      minimum: 1,
      maximum: 10_000,
      description: 'Minutes to the limit from which it fires.',
    },
  },
  messages: {
    filling: '{metric} of {service} is at {value:unit} and climbs: full in {minutes} min.',
  },
  init({ subject }): State | null {
    const { role, name, unit } = subject.series ?? { role: null, name: '', unit: '' };
    const isShare = role === 'saturation' || (unit === '1' && /utili[sz]ation$/.test(name));
    if (!isShare || flow.test(name) || (role === null && !storage.test(name))) return null;
    const open = { sum: 0, requests: 0, count: 0 };
    return { bucket: -1, open, at: [], value: [], load: [], minutes: null, slope: 0 };
  },
  on: {
    metric(state, { t, value, requests }, { config, report }) {
      if (value < -0.01 || value > 1.5) return undefined;
      const bucket = Math.floor(t / (config.bucket * secondUs));
      if (bucket !== state.bucket) {
        close(state);
        state.bucket = bucket;
        judge(state, config);
      }
      const { open } = state;
      open.sum += value;
      open.requests += Math.min(1e12, requests ?? 0);
      open.count++;
      const { minutes } = state;
      if (minutes === null) return state.at.length >= config.least ? 0 : undefined;
      const isSoon = minutes <= config.horizon / 4;
      const score = isSoon ? 0.7 : 0.45;
      report({
        message: 'filling',
        values: {
          value,
          minutes: Math.round(minutes),
          perHour: Number((state.slope * 60).toFixed(3)),
        },
        score,
        severity: isSoon ? 'critical' : 'warning',
      });
      return score;
    },
  },
});

function close(state: State): void {
  const { open } = state;
  if (open.count === 0) return;
  const mean = open.sum / open.count;
  const last = state.value.at(-1) ?? mean;
  // A fall this far is a restart or a clean-up: what was learnt is about another filling.
  if (last - mean > 0.15) {
    state.at = [];
    state.value = [];
    state.load = [];
  }
  state.at.push(state.bucket);
  state.value.push(mean);
  state.load.push(open.requests / open.count);
  for (const list of [state.at, state.value, state.load]) list.splice(0, list.length - bucketsMax);
  open.sum = 0;
  open.requests = 0;
  open.count = 0;
}

function judge(
  state: State,
  config: {
    readonly bucket: number;
    readonly least: number;
    readonly rise: number;
    readonly horizon: number;
  },
): void {
  state.minutes = null;
  const { at, value, load } = state;
  const n = at.length;
  if (n < config.least) return;
  const { slope, z } = theilSen(at, value);
  // From 3.5 deviations on: neighbours of a series are alike, so chance comes in runs.
  if (slope <= 0 || z < 3.5) return;
  const span = (at[n - 1] ?? 0) - (at[0] ?? 0);
  const rise = slope * span;
  const half = n >> 1;
  const recent = theilSen(at.slice(half), value.slice(half)).slope;
  if (rise < config.rise || recent < slope / 2) return;
  const usual = median(load);
  if (usual > 0 && theilSen(at, load).slope * span > loadMax * usual) return;
  const perMinute = (Math.min(slope, recent) * 60) / config.bucket;
  const minutes = Math.max(0, 1 - (value[n - 1] ?? 0)) / perMinute;
  if (minutes > config.horizon) return;
  state.minutes = minutes;
  state.slope = perMinute;
}

/** Median pairwise slope, and Kendall's S in standard deviations of what chance gives. */
function theilSen(at: readonly number[], value: readonly number[]): { slope: number; z: number } {
  const slopes: number[] = [];
  let s = 0;
  for (let j = 1; j < at.length; j++) {
    for (let i = 0; i < j; i++) {
      const rise = (value[j] ?? 0) - (value[i] ?? 0);
      slopes.push(rise / Math.max(1, (at[j] ?? 0) - (at[i] ?? 0)));
      s += Math.sign(rise);
    }
  }
  const n = at.length;
  const deviation = Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  return { slope: median(slopes), z: deviation > 0 ? s / deviation : 0 };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
