/**
 * The general detector for a single series: how far beyond everything that it has shown so far is
 * the newest value, in the most surprised of several views? Nothing is fitted to a series; the only
 * limit is the ratio to the series' own record, which is 1 by its meaning.
 */
import { defineDetector } from 'incident-workbench/sdk';
import { boundedValue } from '../shared/index.ts';
import { strangeness, viewKinds, viewsOf, type Strangeness, type Views } from './views.ts';

interface State {
  readonly views: Views;
  alarm: Alarm | null;
}

/** The strangest that happened lately. */
interface Alarm {
  /** Row at which it happened. */
  readonly row: number;
  readonly ratio: number;
  /** Index of the view that told it. */
  readonly view: number;
  /** Whether the series has been about as strange ever since, as far as the view has told. */
  lasts: boolean;
}

/** Rows for which an alarm speaks for what follows, unless that is stranger still. */
const holdRows = 150;
/** By which the held score falls with every row. */
const holdDecay = 0.99;
/** Just below what an alarm scores at least. */
const heldMax = 0.49;
/** As strange as this share of the alarm, which is the record now, counts as the same condition. */
const lastingShare = 0.7;

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
    return { views: viewsOf(series?.cadenceUs ?? 0), alarm: null };
  },
  on: {
    metric(state, { value: raw }, { config, now, report }) {
      const strange = strangeness(state.views, boundedValue(raw), now, config);
      const isNew = takeIn(state, strange);
      const { alarm } = state;
      const usual = Math.min(heldMax, scoreOf(strange.ratio));
      if (alarm === null) return usual;
      if (alarm.lasts && alarm.ratio >= config.limit) {
        const values = { value: raw, times: rounded(alarm.ratio) };
        report({ message: viewKinds[alarm.view] ?? 'level', values, score: scoreOf(alarm.ratio) });
      }
      if (isNew) return scoreOf(alarm.ratio);
      return Math.max(usual, heldMax * holdDecay ** (state.views.rows - alarm.row));
    },
  },
});

/** Whether it is an alarm of its own: a record, and stranger than the last alarm while that is held. */
function takeIn(state: State, { ratio, view }: Strangeness): boolean {
  const row = state.views.rows;
  if (state.alarm !== null && row - state.alarm.row >= holdRows) state.alarm = null;
  if (ratio >= 1 && ratio > (state.alarm?.ratio ?? 0)) {
    state.alarm = { row, ratio, view, lasts: true };
    return true;
  }
  const still = state.alarm === null ? undefined : state.views.bars[state.alarm.view];
  if (state.alarm !== null && (still?.share ?? 0) < lastingShare) state.alarm.lasts = false;
  return false;
}

function scoreOf(ratio: number): number {
  return ratio / (1 + ratio);
}

function rounded(ratio: number): number {
  return Number(ratio.toPrecision(2));
}
