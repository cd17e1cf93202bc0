/**
 * The baseline that expects what was a day ago, and before there was a day, what was just now. Its
 * errors are measured by their running mean, nothing else.
 */
import { defineDetector } from 'incident-workbench/sdk';
import {
  boundedValue,
  dayProfile,
  expectedNow,
  observeNow,
  type DayProfile,
} from '../shared/index.ts';

interface State {
  readonly day: DayProfile;
  previous: number | null;
  /** Running mean of the absolute error. */
  error: number;
  count: number;
}

const minuteUs = 60_000_000;

export default defineDetector({
  apiVersion: 1,
  id: 'seasonal-naive',
  summary: 'Baseline: expects the value of a day ago, and before there is one, the last value.',
  per: 'series',
  options: {
    limit: {
      type: 'number',
      default: 10,
      minimum: 1,
      maximum: 1000,
      description: 'Times the mean error from which it fires.',
    },
  },
  messages: { off: '{metric} of {service} is at {value:unit}, a day ago {expected:unit}.' },
  init: ({ subject: { series } }): State | null => {
    if (series?.monotonic === true) return null;
    const cadenceUs = series?.cadenceUs ?? 0;
    return {
      day: dayProfile({
        periodUs: 1440 * minuteUs,
        slotUs: 5 * minuteUs,
        cadenceUs,
        keep: 1,
        near: 0,
      }),
      previous: null,
      error: 0,
      count: 0,
    };
  },
  on: {
    metric(state, { value: raw }, { config, now, report }) {
      const value = boundedValue(raw);
      const expected = expectedNow(state.day, now) ?? state.previous;
      observeNow(state.day, value);
      state.previous = value;
      if (expected === null) return undefined;
      const error = Math.abs(value - expected);
      const times = state.error > 0 ? error / state.error : 0;
      state.count += 1;
      state.error += (error - state.error) / state.count;
      if (state.count < 20) return undefined;
      const score = times / (times + config.limit);
      if (times >= config.limit)
        report({ message: 'off', values: { value: raw, expected }, score });
      return score;
    },
  },
});
