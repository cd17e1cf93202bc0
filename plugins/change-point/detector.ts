/**
 * A lasting change of level: sums of what exceeds the usual level by more than a slack (Page's
 * CUSUM), one for each side. A spike adds little; a shift that is small but stays adds up.
 */
import { defineDetector } from 'incident-workbench/sdk';
import { boundedValue, medianOf } from '../shared/index.ts';

interface State {
  /** Values from which the level is learnt: of the warm-up, and again after each change. */
  first: number[];
  level: number;
  /** 0 while it is learnt. */
  deviation: number;
  /** Sums of excess, in deviations. */
  up: number;
  down: number;
}

/** From median absolute to standard deviation of a Gaussian. */
const fromMedianDeviation = 1.4826;
/** What a single point can add at most, in deviations: a spike is not a change. */
const pointMax = 4;
/** How slowly the level follows while nothing changes. */
const levelMemory = 200;

export default defineDetector({
  apiVersion: 1,
  id: 'change-point',
  summary: 'Fires when the level of a series has changed and stays so.',
  per: 'series',
  options: {
    warm_up: {
      type: 'integer',
      default: 30,
      minimum: 5,
      maximum: 1000,
      description: 'Points from which a level is learnt, at first and after each change.',
    },
    slack: {
      type: 'number',
      default: 2,
      minimum: 0,
      maximum: 10,
      description: 'Deviations that do not add up.',
    },
    limit: {
      type: 'number',
      default: 12,
      minimum: 1,
      maximum: 1000,
      description: 'Sum of deviations from which it fires.',
    },
    floor: {
      type: 'number',
      default: 0.05,
      minimum: 0,
      maximum: 1,
      description: 'Least deviation that counts, as a share of the level of the series.',
    },
  },
  messages: {
    up: '{metric} of {service} rose from {before:unit} and stays about {value:unit}.',
    down: '{metric} of {service} fell from {before:unit} and stays about {value:unit}.',
  },
  init: ({ subject: { series } }): State | null =>
    series?.monotonic === true ? null : { first: [], level: 0, deviation: 0, up: 0, down: 0 },
  on: {
    metric(state, { value: raw }, { config, report }) {
      const value = boundedValue(raw);
      if (state.deviation === 0) return learnLevel(state, value, config);
      const z = (value - state.level) / state.deviation;
      const bounded = Math.max(-pointMax, Math.min(pointMax, z));
      state.up = Math.max(0, state.up + bounded - config.slack);
      state.down = Math.max(0, state.down - bounded - config.slack);
      state.level += (state.deviation * Math.max(-1, Math.min(1, z))) / levelMemory;
      const sum = Math.max(state.up, state.down);
      const score = sum / (sum + config.limit);
      if (sum < config.limit) return score;
      const isUp = state.up >= state.down;
      report({ message: isUp ? 'up' : 'down', values: { before: state.level, value: raw }, score });
      Object.assign(state, { up: 0, down: 0, deviation: 0 });
      return score;
    },
  },
});

/** Says nothing; the deviation is set when it is done. */
function learnLevel(
  state: State,
  value: number,
  { warm_up, floor }: { readonly warm_up: number; readonly floor: number },
): undefined {
  state.first.push(value);
  if (state.first.length < warm_up) return;
  state.level = medianOf(state.first);
  const distances = state.first.map((one) => Math.abs(one - state.level));
  const size = state.first.reduce((sum, one) => sum + Math.abs(one), 0) / warm_up;
  state.deviation = Math.max(fromMedianDeviation * medianOf(distances), floor * size, 1e-9);
  state.first = [];
}
