/**
 * Errors in the log of a service, counted in windows, against a running mean. How surprising a count
 * is, is the tail of a Poisson distribution (Chernoff's bound, in powers of ten): it needs no table,
 * and it grows with the size of the burst where a ratio would jump about small counts. It is asked of
 * the last window, for a burst, and of several in a row, for a trickle that no single window shows.
 */
import { defineDetector } from 'incident-workbench/sdk';

interface State {
  /** Errors of the window under way. */
  count: number;
  /** Mean count of a whole window. */
  usual: number;
  /** Windows that the mean was learnt from. */
  windows: number;
  firing: boolean;
  /** The last windows without a hole between them, oldest first, each with what was expected of it. */
  recent: Counted[];
  /** When the log was recorded, and the first stretch that is not over. */
  readonly recorded: readonly (readonly [from: number, to: number])[];
  stretch: number;
}

interface Counted {
  readonly count: number;
  /** Mean count until then; `expected` is never less than `leastUsual` of it. */
  readonly usual: number;
  readonly expected: number;
}

const secondUs = 1_000_000;
const errorSeverity = 17;
/** How much slower it learns while it fires. */
const caution = 10;
/** A mean of nothing is not proof that nothing can be: the least mean, per window. */
const leastUsual = 0.2;

export default defineDetector({
  apiVersion: 1,
  id: 'error-burst',
  summary:
    'Fires when a service logs far more errors, in ten seconds or a minute, than it usually does.',
  per: 'service',
  options: {
    window: {
      type: 'integer',
      default: 10,
      minimum: 1,
      maximum: 3600,
      description: 'Seconds of a window.',
    },
    least: {
      type: 'integer',
      default: 5,
      minimum: 1,
      maximum: 1_000_000,
      description: 'Errors below which it never fires.',
    },
    surprise: {
      type: 'number',
      default: 5,
      minimum: 1,
      maximum: 100,
      description: 'Powers of ten against chance from which it fires.',
    },
    ratio: {
      type: 'number',
      default: 3,
      minimum: 1,
      maximum: 1000,
      description: 'Times the usual count from which it fires; steady noise clusters.',
    },
    memory: {
      type: 'integer',
      default: 60,
      minimum: 5,
      maximum: 10_000,
      description: 'Windows that the running mean remembers.',
    },
    windows: {
      type: 'integer',
      default: 6,
      minimum: 1,
      maximum: 1000,
      description: 'Windows in a row that are also looked at together, for what trickles.',
    },
    warm_up: {
      type: 'integer',
      default: 6,
      minimum: 1,
      maximum: 1000,
      description: 'Recorded windows before it may fire.',
    },
  },
  messages: {
    burst: '{service} logged {count} errors in {seconds} s, usually {usual}.',
  },
  init: ({ intervals }): State => ({
    count: 0,
    usual: 0,
    windows: 0,
    firing: false,
    recent: [],
    recorded: intervals.map(({ from, to }) => [from, to]),
    stretch: 0,
  }),
  on: {
    log(state, record) {
      if (record.severity >= errorSeverity) state.count++;
    },
    tick(state, { config, now, report }) {
      const windowUs = config.window * secondUs;
      if (now % windowUs !== 0) return undefined;
      const { count } = state;
      state.count = 0;
      const share = recordedShare(state, now - windowUs, now);
      // A window that was hardly recorded says nothing, and its silence teaches nothing.
      if (share < 0.5) {
        state.recent = [];
        return undefined;
      }
      const usual = state.usual * share;
      const window = { count, usual, expected: Math.max(usual, leastUsual * share) };
      state.recent = [...state.recent, window].slice(-config.windows);
      const warm = state.windows >= config.warm_up;
      const together = total(state.recent);
      const isLonger = surpriseOf(together) > surpriseOf(window);
      const worst = isLonger ? together : window;
      const surprise = surpriseOf(worst);
      if (!warm || worst.count < config.least) state.firing = false;
      else if (state.firing) state.firing = worst.count >= 2 * worst.expected;
      else {
        const isFar = worst.count >= config.ratio * worst.expected;
        state.firing = surprise >= config.surprise && isFar;
      }
      learn(state, count / share, warm ? config.memory : state.windows + 1);
      if (!warm) return undefined;
      if (!state.firing) return 0;
      const score = surprise / (surprise + config.surprise);
      report({
        message: 'burst',
        values: {
          count: worst.count,
          seconds: config.window * (isLonger ? state.recent.length : 1),
          usual: usualCount(worst.usual),
        },
        score,
        severity: worst.count >= 10 * config.ratio * worst.expected ? 'critical' : 'warning',
      });
      return score;
    },
  },
});

function total(windows: readonly Counted[]): Counted {
  return windows.reduce((sum, { count, usual, expected }) => ({
    count: sum.count + count,
    usual: sum.usual + usual,
    expected: sum.expected + expected,
  }));
}

/** Whole errors, as people count them; below one it is the order that matters. */
function usualCount(count: number): number {
  return count < 0.95 ? Number(count.toFixed(1)) : Math.round(count);
}

/** -log10 of Chernoff's bound on P(N >= count) for a Poisson N; 0 where the count is usual. */
function surpriseOf({ count, expected }: Counted): number {
  if (count <= expected) return 0;
  return (expected - count + count * Math.log(count / expected)) / Math.LN10;
}

function learn(state: State, count: number, memory: number): void {
  const rate = (state.firing ? 1 / caution : 1) / memory;
  // One burst must not raise the mean so far that it hides the next one.
  const bounded = state.windows === 0 ? count : Math.min(count, 3 * state.usual + 3);
  state.usual += rate * (bounded - state.usual);
  state.windows++;
}

/** Share of [from, to) in which the log was recorded. Windows only move on. */
function recordedShare(state: State, from: number, to: number): number {
  let covered = 0;
  for (let i = state.stretch; i < state.recorded.length; i++) {
    const [start = 0, end = 0] = state.recorded[i] ?? [];
    if (start >= to) break;
    if (end <= from) state.stretch = i + 1;
    covered += Math.max(0, Math.min(to, end) - Math.max(from, start));
  }
  return covered / (to - from);
}
