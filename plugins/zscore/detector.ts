/**
 * Distance from a robust running mean, in robust running deviations. Mean and deviation are
 * exponentially weighted with Huber's clipping, so that one outlier moves them little; while the
 * series is beyond the clip they learn slower still, so that an incident does not become the norm.
 */
import { defineDetector, type SeriesRole } from 'incident-workbench/sdk';

interface State {
  /** Values of the warm-up; empty afterwards. */
  first: number[];
  warm: boolean;
  mean: number;
  deviation: number;
  /** Running mean of |value|: what "small" means for this series. */
  level: number;
  /** Points in a row beyond the limit, signed by the side. */
  run: number;
  lastAt: number;
  /** Logarithms for what is positive and skewed: latencies and rates. */
  readonly logarithmic: boolean;
  /** Side that is bad news: 1 high, -1 low, 0 both. */
  readonly harmful: number;
  /** Least deviation that counts, in the series' unit. */
  readonly floor: number;
}

/** Huber's constant: within it an observation counts in full. */
const clip = 3;
/** Beyond this, sums and squares would overflow into infinities. */
const largest = 1e100;
/** Factors to the standard deviation of a Gaussian: from mean and from median absolute deviation. */
const fromMeanDeviation = 1.2533;
const fromMedianDeviation = 1.4826;
/** How much slower it learns from points beyond the clip. */
const caution = 8;

export default defineDetector({
  apiVersion: 1,
  id: 'zscore',
  summary: 'Scores each point by its distance from a robust running mean of its series.',
  per: 'series',
  options: {
    memory: {
      type: 'integer',
      default: 60,
      minimum: 5,
      maximum: 10_000,
      description: 'Points that the running mean remembers.',
    },
    warm_up: {
      type: 'integer',
      default: 20,
      minimum: 5,
      maximum: 1000,
      description: 'Points before the first score; their median and deviation start the rest.',
    },
    limit: {
      type: 'number',
      default: 6,
      minimum: 1,
      maximum: 100,
      description: 'Deviations from which a point counts towards a finding.',
    },
    points: {
      type: 'integer',
      default: 3,
      minimum: 1,
      maximum: 100,
      description: 'Points in a row on the same side beyond the limit before it fires.',
    },
    floor: {
      type: 'number',
      default: 0.05,
      minimum: 0,
      maximum: 1,
      description: 'Least deviation that counts, as a share of the level of the series.',
    },
    sides: {
      type: 'string',
      default: 'harmful',
      enum: ['harmful', 'both'],
      description: 'harmful: not when a latency or an error ratio falls. both: always.',
    },
  },
  messages: {
    high: '{metric} of {service} is {value}, {sigma} deviations above its usual {usual}.',
    low: '{metric} of {service} is {value}, {sigma} deviations below its usual {usual}.',
  },
  init: ({ config, subject }): State => {
    const role = subject.series?.role ?? null;
    return {
      first: [],
      warm: false,
      mean: 0,
      deviation: 0,
      level: 0,
      run: 0,
      lastAt: 0,
      logarithmic: role !== null && (role === 'request_rate' || role.startsWith('latency')),
      harmful: config.sides === 'both' ? 0 : harmfulSide(role),
      floor: floorOf(role),
    };
  },
  on: {
    metric(state, point, { config, subject, now, report }) {
      const bounded = Math.max(-largest, Math.min(largest, point.value));
      const value = state.logarithmic ? toLog(bounded) : bounded;
      if (!state.warm) {
        warmUp(state, value, config.warm_up);
        return undefined;
      }
      const cadence = point.series.cadenceUs;
      // After a hole "in a row" would be a guess.
      if (cadence > 0 && now - state.lastAt > 3.5 * cadence) state.run = 0;
      state.lastAt = now;
      const scale = scaleOf(state, config.floor);
      const z = (value - state.mean) / scale;
      const usual = state.mean;
      learn(state, value, scale, config.memory);
      const harmful = z * state.harmful >= 0;
      const side = Math.sign(z);
      if (!harmful || Math.abs(z) < config.limit) state.run = 0;
      else state.run = side === Math.sign(state.run) ? state.run + side : side;
      const score = harmful ? squash(Math.abs(z)) : 0;
      if (Math.abs(state.run) < config.points) return score;
      report({
        message: side > 0 ? 'high' : 'low',
        values: {
          metric: point.series.name,
          service: subject.service,
          value: point.value,
          usual: state.logarithmic ? fromLog(usual) : usual,
          // Far out, the count says nothing more; a series that hardly moved makes it absurd.
          sigma: Math.min(1_000, Math.round(Math.abs(z))),
        },
        score,
        severity: Math.abs(z) >= 4 * config.limit ? 'critical' : 'warning',
      });
      return score;
    },
  },
});

/** Median and mean absolute deviation of the first points: robust from the start. */
function warmUp(state: State, value: number, points: number): void {
  state.first.push(value);
  if (state.first.length < points) return;
  state.mean = median(state.first);
  state.deviation = fromMedianDeviation * median(state.first.map((v) => Math.abs(v - state.mean)));
  state.level = mean(state.first.map(Math.abs));
  state.first = [];
  state.warm = true;
}

function learn(state: State, value: number, scale: number, memory: number): void {
  const distance = value - state.mean;
  const bound = clip * scale;
  const rate = (Math.abs(distance) > bound ? 1 / caution : 1) / memory;
  const clipped = Math.max(-bound, Math.min(bound, distance));
  state.mean += rate * clipped;
  state.deviation += rate * (fromMeanDeviation * Math.abs(clipped) - state.deviation);
  state.level += rate * (Math.abs(state.mean) - state.level);
}

/** A constant series has no deviation; without a floor its first wobble would be infinitely far. */
function scaleOf(state: State, share: number): number {
  const floor = state.logarithmic ? share : share * state.level;
  return Math.max(state.deviation, floor, state.floor, 1e-9);
}

/** 0 up to the clip, 0.5 at eight deviations beyond, towards 1. */
function squash(z: number): number {
  return z <= clip ? 0 : (z - clip) / (z - clip + 8);
}

/** Milliseconds and thousandths of a request count as small: below, logarithms would magnify dust. */
function toLog(value: number): number {
  return Math.log1p(1000 * Math.max(0, value));
}

function fromLog(value: number): number {
  return Math.expm1(value) / 1000;
}

/** Less latency, fewer errors or more availability is no incident. */
function harmfulSide(role: SeriesRole | null): number {
  switch (role) {
    case 'error_ratio':
    case 'saturation':
    case 'latency_p50':
    case 'latency_p95':
    case 'latency_p99':
    case 'latency_mean':
      return 1;
    case 'availability':
      return -1;
    case 'request_rate':
    case null:
      return 0;
    default:
      return role satisfies never;
  }
}

/** Shares are in [0, 1]: a percent of requests is the least that matters. */
function floorOf(role: SeriesRole | null): number {
  if (role === 'error_ratio' || role === 'availability') return 0.01;
  return role === 'saturation' ? 0.03 : 0;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
