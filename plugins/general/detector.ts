/**
 * The general detector for a single series: how far beyond everything that it has shown so far is
 * the newest value, in the most surprised of several views? Nothing is fitted to a series; the only
 * limit is the ratio to the series' own record, which is 1 by its meaning.
 */
import { defineDetector } from 'incident-workbench/sdk';
import { boundedValue } from '../shared/index.ts';
import { strangeness, viewsOf, type View, type Views } from './views.ts';

interface State {
  readonly views: Views;
  /** Row of the last alarm, and its ratio; -1 before. */
  alarmRow: number;
  alarmRatio: number;
}

/** Rows for which an alarm speaks for what follows, unless that is stranger still. */
const holdRows = 150;
/** By which the held score falls with every row. */
const holdDecay = 0.99;
/** Just below what an alarm scores at least. */
const heldMax = 0.49;

export default defineDetector({
  apiVersion: 1,
  id: 'general',
  summary: 'Scores how far a series is beyond anything that it has shown before, in several views.',
  per: 'series',
  options: {
    memory: {
      type: 'integer',
      default: 10_000,
      minimum: 100,
      maximum: 1_000_000,
      description: 'Points for which a record stands.',
    },
    youth: {
      type: 'integer',
      default: 200,
      minimum: 1,
      maximum: 10_000,
      description: 'Points after which records are trusted by half.',
    },
    limit: {
      type: 'number',
      default: 1.1,
      minimum: 1,
      maximum: 100,
      description: 'Times the record from which it fires.',
    },
  },
  messages: {
    level: '{metric} of {service} is at {value:unit}: {times} times as far from its mean as ever.',
    hour: '{metric} of {service} is at {value:unit}: {times} times as unusual for this time of day as ever.',
    shape:
      '{metric} of {service} goes another way than on all days before, {times} times as far as ever.',
    values:
      '{metric} of {service} has values that it never had together, {times} times as far as ever.',
    changes: '{metric} of {service} changes as it never did, {times} times as far as ever.',
  },
  init: ({ subject: { series } }): State | null => {
    // A counter that only grows is beyond all before with every point.
    if (series?.monotonic === true) return null;
    return { views: viewsOf(series?.cadenceUs ?? 0), alarmRow: -1, alarmRatio: 0 };
  },
  on: {
    metric(state, { value: raw }, { config, now, report }) {
      const value = boundedValue(raw);
      const { ratio, view } = strangeness(state.views, value, now, config);
      const row = state.views.rows;
      const since = state.alarmRow < 0 ? Infinity : row - state.alarmRow;
      if (ratio >= 1 && (since >= holdRows || ratio > state.alarmRatio)) {
        state.alarmRow = row;
        state.alarmRatio = ratio;
        const score = ratio / (1 + ratio);
        if (ratio >= config.limit) say(view, { value: raw, times: rounded(ratio), score }, report);
        return score;
      }
      const held = since < holdRows ? heldMax * holdDecay ** since : 0;
      return Math.max(held, Math.min(heldMax, ratio / (1 + ratio)));
    },
  },
});

function say(
  view: View,
  {
    value,
    times,
    score,
  }: { readonly value: number; readonly times: number; readonly score: number },
  report: (finding: {
    readonly message: View;
    readonly values: { readonly value: number; readonly times: number };
    readonly score: number;
  }) => void,
): void {
  report({ message: view, values: { value, times }, score });
}

function rounded(ratio: number): number {
  return Number(ratio.toPrecision(2));
}
