/**
 * How probable it is that the series has just become another one: the posterior over the time since
 * the last change, updated with every point (Adams and MacKay 2007), for Gaussian values of unknown
 * mean and variance.
 */
import { defineDetector } from 'incident-workbench/sdk';
import { boundedValue, medianOf } from '../shared/index.ts';
import { runLengths, step, youngMass, type RunLengths } from './run-lengths.ts';

interface State {
  /** Values of the warm-up, which give the scale; empty afterwards. */
  first: number[];
  centre: number;
  scale: number;
  readonly posterior: RunLengths;
  /** Points since the warm-up. */
  seen: number;
}

/** From median absolute to standard deviation of a Gaussian. */
const fromMedianDeviation = 1.4826;
/** A value this many deviations out says no more than one further out: the prior is not that wide. */
const valueMax = 8;

export default defineDetector({
  apiVersion: 1,
  id: 'bayesian-change-point',
  summary: 'Scores how probable it is that a series has just changed its mean or variance.',
  per: 'series',
  options: {
    expected_run: {
      type: 'number',
      default: 100_000,
      minimum: 2,
      maximum: 1_000_000,
      description: 'Points that a stretch without a change lasts on average.',
    },
    recent: {
      type: 'integer',
      default: 12,
      minimum: 1,
      maximum: 100,
      description: 'Points for which a change counts as just now.',
    },
    warm_up: {
      type: 'integer',
      default: 50,
      minimum: 5,
      maximum: 1000,
      description: 'Points that give the scale.',
    },
    floor: {
      type: 'number',
      default: 0.02,
      minimum: 0,
      maximum: 1,
      description: 'Least deviation that counts, as a share of the level of the series.',
    },
    limit: {
      type: 'number',
      default: 0.95,
      minimum: 0,
      maximum: 1,
      description: 'Probability from which it fires.',
    },
  },
  messages: {
    changed:
      '{metric} of {service} has just become another: at {value:unit}, before about {before:unit}.',
  },
  init: ({ subject: { series } }): State | null =>
    series?.monotonic === true
      ? null
      : { first: [], centre: 0, scale: 0, posterior: runLengths(), seen: 0 },
  on: {
    metric(state, { value: raw }, { config, report }) {
      const value = boundedValue(raw);
      if (state.scale === 0) return learnScale(state, value, config);
      const standard = (value - state.centre) / state.scale;
      const bounded = Math.max(-valueMax, Math.min(valueMax, standard));
      step(state.posterior, bounded, 1 / config.expected_run);
      state.seen += 1;
      // At its beginning every stretch is young; that is no news.
      if (state.seen <= 2 * config.recent) return undefined;
      const score = youngMass(state.posterior, config.recent);
      if (score >= config.limit) {
        report({ message: 'changed', values: { value: raw, before: state.centre }, score });
      }
      return score;
    },
  },
});

function learnScale(
  state: State,
  value: number,
  { warm_up, floor }: { readonly warm_up: number; readonly floor: number },
): undefined {
  state.first.push(value);
  if (state.first.length < warm_up) return;
  state.centre = medianOf(state.first);
  const distances = state.first.map((one) => Math.abs(one - state.centre));
  const size = state.first.reduce((sum, one) => sum + Math.abs(one), 0) / warm_up;
  state.scale = Math.max(fromMedianDeviation * medianOf(distances), floor * size, 1e-9);
  state.first = [];
}
