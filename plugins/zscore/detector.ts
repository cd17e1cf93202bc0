/**
 * Distance from a robust running mean, in robust running deviations. Mean and deviation are
 * exponentially weighted with Huber's clipping, so that one outlier moves them little; while the
 * series is beyond the clip they learn slower still, so that an incident does not become the norm. What
 * outlasts the memory does: it is how the series is now, and the next deviation is one from there.
 */
import { defineDetector, type MetricPoint } from 'incident-workbench/sdk';
import { fromScale, isJudged, toScale, yardstickOf, type Yardstick } from './scale.ts';

interface State {
  readonly yardstick: Yardstick;
  /** Values of the warm-up, and the latest of an episode that goes on, on the scale; else empty. */
  first: number[];
  warm: boolean;
  /** All on the scale. */
  mean: number;
  deviation: number;
  /** Running mean of |value|: what "small" means for this series. */
  level: number;
  /** Points in a row beyond the limit, signed by the side; far ones count for more. */
  run: number;
  /** Points in a row beyond the limit on that side, and those since the last finding. */
  held: number;
  unsaid: number;
  lastAt: number;
}

/** Huber's constant: within it an observation counts in full. */
const clip = 3;
/** Factors to the standard deviation of a Gaussian: from mean and from median absolute deviation. */
const fromMeanDeviation = 1.2533;
const fromMedianDeviation = 1.4826;
/** What one point far beyond the limit counts for at most: two of them do for three. */
const weightMax = 1.5;
/** How much slower it learns from points beyond the clip. */
const caution = 8;
/** Memories after which an odd level is the usual one. */
const settled = 1.5;
/** Below the score from which a finding opens an incident by itself. */
const joins = 0.49;
/** A finding holds for two and a half points: one of two keeps its alert, and more says nothing new. */
const pointsOfFinding = 2;

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
      description:
        'Points in a row on the same side beyond the limit before it fires; one far beyond counts as one and a half.',
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
    high: '{metric} of {service} is at {value:unit}, usually {usual:unit}.',
    low: '{metric} of {service} is down to {value:unit}, usually {usual:unit}.',
  },
  init: ({ config, subject }): State | null => {
    if (subject.series !== null && !isJudged(subject.series)) return null;
    const yardstick = yardstickOf(subject.series);
    return {
      yardstick: config.sides === 'both' ? { ...yardstick, harmful: 0 } : yardstick,
      first: [],
      warm: false,
      mean: 0,
      deviation: 0,
      level: 0,
      run: 0,
      held: 0,
      unsaid: 0,
      lastAt: 0,
    };
  },
  on: {
    metric(state, point, { config, now, report }) {
      const { yardstick } = state;
      const value = toScale(yardstick, point.value);
      if (!state.warm) {
        warmUp(state, value, config.warm_up);
        return undefined;
      }
      const cadence = point.series.cadenceUs;
      // After a hole "in a row" would be a guess.
      if (cadence > 0 && now - state.lastAt > 3.5 * cadence) endRun(state);
      state.lastAt = now;
      const scale = scaleOf(state, config.floor);
      const usual = fromScale(yardstick, state.mean);
      const z = (value - state.mean) / Math.max(scale, chanceOf(state, point));
      learn(state, value, scale, config.memory);
      const matters =
        z * yardstick.harmful >= 0 &&
        Math.abs(point.value - usual) >= yardstick.notice &&
        saysSomething(yardstick, point);
      const side = Math.sign(z);
      if (!matters || Math.abs(z) < config.limit) endRun(state);
      else {
        if (side !== Math.sign(state.run)) endRun(state);
        state.run += side * Math.min(weightMax, Math.abs(z) / config.limit);
        if (hasSettled(state, value, config)) return 0;
      }
      const score = matters ? squash(Math.abs(z)) : 0;
      if (Math.abs(state.run) < config.points) return score;
      if (state.unsaid++ % pointsOfFinding !== 0) return score;
      report({
        message: side > 0 ? 'high' : 'low',
        values: {
          value: point.value,
          usual,
          deviations: Math.round(Math.abs(z)),
        },
        // Unusual is not harmful: where roles tell what a service does, its health says that.
        score: point.series.role === null ? score : Math.min(joins, score),
        severity: Math.abs(z) >= 4 * config.limit ? 'critical' : 'warning',
      });
      return score;
    },
  },
});

function endRun(state: State): void {
  // Most points come here and end nothing.
  if (state.run === 0) return;
  Object.assign(state, { run: 0, held: 0, unsaid: 0 });
  state.first.length = 0;
}

/** Counts a point beyond the limit; begins anew from the latest ones when they have outlasted the memory. */
function hasSettled(
  state: State,
  value: number,
  { memory, warm_up }: { readonly memory: number; readonly warm_up: number },
): boolean {
  state.held++;
  state.first.push(value);
  state.first.splice(0, state.first.length - warm_up);
  if (state.held < Math.max(settled * memory, warm_up)) return false;
  begin(state);
  endRun(state);
  return true;
}

/** Standard error of a share of few requests: two failures of three are no news, of three thousand are. */
function chanceOf({ mean }: State, { series, requests }: MetricPoint): number {
  const isShareOfRequests = series.role === 'error_ratio' || series.role === 'availability';
  if (!isShareOfRequests || requests === null) return 0;
  const n = Math.max(1, requests);
  // Laplace's rule: what has never happened in n requests may still happen.
  const p = Math.min(1 - 1 / (n + 2), Math.max(1 / (n + 2), mean));
  return Math.sqrt((p * (1 - p)) / n);
}

/** A p95 of ten requests is their slowest one: a quantile needs two requests beyond it. */
function saysSomething({ tail }: Yardstick, { requests }: MetricPoint): boolean {
  return tail === null || requests === null || requests * tail >= 2;
}

/** Median and mean absolute deviation of the first points: robust from the start. */
function warmUp(state: State, value: number, points: number): void {
  state.first.push(value);
  if (state.first.length < points) return;
  begin(state);
  state.first = [];
  state.warm = true;
}

function begin(state: State): void {
  state.mean = median(state.first);
  state.deviation = fromMedianDeviation * median(state.first.map((v) => Math.abs(v - state.mean)));
  state.level = mean(state.first.map(Math.abs));
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
function scaleOf({ yardstick, deviation, level }: State, share: number): number {
  const floor = yardstick.scale === 'log' ? share : share * level;
  return Math.max(deviation, floor, yardstick.floor, 1e-9);
}

/** 0 up to the clip, 0.5 at eight deviations beyond, towards 1. */
function squash(z: number): number {
  return z <= clip ? 0 : (z - clip) / (z - clip + 8);
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
