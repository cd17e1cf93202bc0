/**
 * What the forecast of Holt and Winters leaves over: level, trend and, once a day has passed, the
 * time of day, each an exponentially weighted mean; the residual is judged in robust deviations.
 */
import { defineDetector } from 'incident-workbench/sdk';
import {
  boundedValue,
  judge,
  residuals,
  scoreOfDeviations,
  type Residuals,
} from '../shared/index.ts';

interface State {
  readonly slotUs: number;
  level: number;
  trend: number;
  /** What each slot of the day adds; empty before the first day has passed. */
  season: number[];
  /** Sums and counts of the slots of the first day. */
  firstSums: number[];
  firstCounts: number[];
  count: number;
  startedAt: number;
  /** Running mean of |value|: what "small" means for this series. */
  size: number;
  readonly residuals: Residuals;
}

const dayUs = 86_400_000_000;
const shortestSlotUs = dayUs / 288;
/** Keeps a trend from running away over a hole or an incident (Gardner and McKenzie 1985). */
const damping = 0.98;
/** Huber's constant: within it an error teaches in full. */
const clipDeviations = 3;

export default defineDetector({
  apiVersion: 1,
  id: 'holt-winters',
  summary: 'Scores what a forecast from level, trend and time of day leaves over.',
  per: 'series',
  options: {
    level_share: {
      type: 'number',
      default: 0.1,
      minimum: 0,
      maximum: 1,
      description: 'Weight of a new point in the level.',
    },
    trend_share: {
      type: 'number',
      default: 0.01,
      minimum: 0,
      maximum: 1,
      description: 'Weight of a new step in the trend.',
    },
    season_share: {
      type: 'number',
      default: 0.2,
      minimum: 0,
      maximum: 1,
      description: 'Weight of a new point in its time of day.',
    },
    memory: {
      type: 'integer',
      default: 500,
      minimum: 10,
      maximum: 100_000,
      description: 'Points that the deviation remembers.',
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
      default: 2,
      minimum: 1,
      maximum: 100,
      description: 'Points in a row on the same side beyond the limit before it fires.',
    },
    floor: {
      type: 'number',
      default: 0.02,
      minimum: 0,
      maximum: 1,
      description: 'Least deviation that counts, as a share of the level of the series.',
    },
  },
  messages: {
    off: '{metric} of {service} is at {value:unit}, forecast {forecast:unit}.',
  },
  init: ({ subject: { series } }): State | null => {
    if (series?.monotonic === true) return null;
    const slots = Math.max(1, Math.floor(dayUs / Math.max(shortestSlotUs, series?.cadenceUs ?? 0)));
    return {
      slotUs: dayUs / slots,
      level: 0,
      trend: 0,
      season: [],
      firstSums: Array.from({ length: slots }, () => 0),
      firstCounts: Array.from({ length: slots }, () => 0),
      count: 0,
      startedAt: 0,
      size: 0,
      residuals: residuals(),
    };
  },
  on: {
    metric(state, { value: raw }, { config, now, report }) {
      const value = boundedValue(raw);
      if (state.count === 0) Object.assign(state, { level: value, startedAt: now });
      state.count += 1;
      if (state.season.length === 0) collectDay(state, value, now);
      const slot = Math.floor(now / state.slotUs) % Math.max(1, state.season.length);
      const forecast = state.level + damping * state.trend + (state.season[slot] ?? 0);
      state.size += (Math.abs(value) - state.size) / Math.min(state.count, config.memory);
      const before = state.residuals.deviation;
      const floor = config.floor * state.size;
      const { memory, limit } = config;
      const z = judge(state.residuals, value - forecast, { memory, limit, floor, warmUp: 30 });
      learn(
        state,
        { value, forecast, slot, bound: z === null ? Infinity : Math.max(before, floor) },
        config,
      );
      if (z === null) return undefined;
      const score = scoreOfDeviations(z);
      if (Math.abs(state.residuals.run) >= config.points) {
        report({ message: 'off', values: { value: raw, forecast }, score });
      }
      return score;
    },
  },
});

/** The first day tells what each time of it adds. */
function collectDay(state: State, value: number, now: number): void {
  const { firstSums: sums, firstCounts: counts } = state;
  const slot = Math.floor(now / state.slotUs) % sums.length;
  if (now - state.startedAt < dayUs) {
    sums[slot] = (sums[slot] ?? 0) + value;
    counts[slot] = (counts[slot] ?? 0) + 1;
    return;
  }
  const means = sums.map((sum, i) => (counts[i] === 0 ? null : sum / (counts[i] ?? 1)));
  const known = means.filter((mean) => mean !== null);
  const level = known.reduce((sum, mean) => sum + mean, 0) / Math.max(1, known.length);
  state.season = means.map((mean) => (mean === null ? 0 : mean - level));
  state.level = level;
  state.trend = 0;
  state.firstSums = [];
  state.firstCounts = [];
}

/** In the form of error correction; a residual counts up to Huber's bound, so an incident teaches little. */
function learn(
  state: State,
  point: {
    readonly value: number;
    readonly forecast: number;
    readonly slot: number;
    readonly bound: number;
  },
  config: {
    readonly level_share: number;
    readonly trend_share: number;
    readonly season_share: number;
  },
): void {
  const most = clipDeviations * point.bound;
  const error = Math.max(-most, Math.min(most, point.value - point.forecast));
  state.level += damping * state.trend + config.level_share * error;
  state.trend = damping * state.trend + config.trend_share * error;
  if (state.season.length > 0) {
    const rest = (1 - config.level_share) * error;
    state.season[point.slot] = (state.season[point.slot] ?? 0) + config.season_share * rest;
  }
}
