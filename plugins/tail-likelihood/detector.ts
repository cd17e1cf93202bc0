/**
 * How unlikely the recent errors of a simple forecast are, given its earlier ones: the mean of the
 * last few in the tail of a Gaussian over the long run (Ahmad et al. 2017, section 3.2, there over
 * the errors of a neural model). A noisy series has a wide tail, so noise alone is no news.
 */
import { defineDetector } from 'incident-workbench/sdk';
import { boundedValue, running, spreadOf, take, type Running } from '../shared/index.ts';
import { gaussianTail } from './gaussian-tail.ts';

interface State {
  /** The forecast: an exponentially weighted mean. */
  forecast: number;
  readonly errors: Running;
  /** The last errors, a ring, and their sum. */
  readonly recent: number[];
  next: number;
  seen: number;
  /** Whether the last point fired. */
  isFiring: boolean;
}

export default defineDetector({
  apiVersion: 1,
  id: 'tail-likelihood',
  summary: 'Scores how unlikely the recent errors of a forecast are, given its earlier ones.',
  per: 'series',
  options: {
    forecast_share: {
      type: 'number',
      default: 0.2,
      minimum: 0,
      maximum: 1,
      description: 'Weight of a new point in the forecast.',
    },
    recent: {
      type: 'integer',
      default: 5,
      minimum: 1,
      maximum: 1000,
      description: 'Errors whose mean is judged.',
    },
    memory: {
      type: 'integer',
      default: 2000,
      minimum: 10,
      maximum: 1_000_000,
      description: 'Errors that it is judged by.',
    },
    warm_up: {
      type: 'integer',
      default: 50,
      minimum: 10,
      maximum: 100_000,
      description: 'Errors before the first score.',
    },
  },
  messages: {
    unlikely:
      '{metric} of {service} is at {value:unit}, forecast {forecast:unit}: errors so large come once in {odds} points.',
  },
  init: ({ subject: { series } }): State | null =>
    series?.monotonic === true
      ? null
      : { forecast: 0, errors: running(), recent: [], next: 0, seen: 0, isFiring: false },
  on: {
    metric(state, { value: raw }, { config, report }) {
      const value = boundedValue(raw);
      if (state.seen === 0) state.forecast = value;
      state.seen += 1;
      const { forecast } = state;
      const error = Math.abs(value - forecast);
      state.forecast += config.forecast_share * (value - forecast);
      remember(state, error, config.recent);
      const digits = surprise(state, config);
      // Judged by earlier errors, so it is learnt from afterwards.
      take(state.errors, error, config.memory);
      if (digits === null) return undefined;
      const score = Math.min(1, digits / certainDigits);
      state.isFiring = score >= (state.isFiring ? 0.5 : 0.7);
      if (state.isFiring) {
        const odds = Math.round(10 ** Math.min(15, digits));
        report({ message: 'unlikely', values: { value: raw, forecast, odds }, score });
      }
      return score;
    },
  },
});

/** Powers of ten against chance that count as certain, as in the source. */
const certainDigits = 10;

function remember(state: State, error: number, count: number): void {
  if (state.recent.length < count) {
    state.recent.push(error);
    return;
  }
  state.recent[state.next] = error;
  state.next = (state.next + 1) % count;
}

/** Powers of ten against chance; null while too little is known. */
function surprise(
  { errors, recent, seen }: State,
  { warm_up }: { readonly warm_up: number },
): number | null {
  if (seen <= warm_up) return null;
  const spread = spreadOf(errors);
  if (spread === 0) return recent.some((error) => error > errors.mean) ? certainDigits : 0;
  const mean = recent.reduce((sum, error) => sum + error, 0) / recent.length;
  const z = (mean - errors.mean) / spread;
  return z <= 0 ? 0 : -Math.log10(gaussianTail(z));
}
