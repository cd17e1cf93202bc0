/**
 * Lines of a kind that a service never logged before, or far more of a kind than it usually does. Kinds
 * are the engine's log templates. Each is held against its own past, so a new error is seen among any
 * number of old ones, which a count of all errors hides.
 */
import { defineDetector } from 'incident-workbench/sdk';
import {
  countLine,
  judgeWindow,
  learnWindow,
  type Judged,
  type Kind,
  type Kinds,
} from './kinds.ts';

interface State {
  readonly kinds: Kinds;
  /** Windows that were recorded. */
  windows: number;
  /** When the log was recorded, and the first stretch that is not over. */
  readonly recorded: readonly (readonly [from: number, to: number])[];
  stretch: number;
}

const secondUs = 1_000_000;
const errorSeverity = 17;
/** Below this a finding opens no incident by itself: services warn of much that hurts nobody. */
const warningScore = 0.4;
/** Kinds of one service that are told at once; the rest is a number. */
const toldMax = 3;
const lineCharsMax = 120;

export default defineDetector({
  apiVersion: 1,
  id: 'log-template',
  summary:
    'Fires when a service logs a kind of warning or error that is new, or far more of one than usual.',
  per: 'service',
  options: {
    window: {
      type: 'integer',
      default: 10,
      minimum: 1,
      maximum: 3600,
      description: 'Seconds of a window.',
    },
    windows: {
      type: 'integer',
      default: 6,
      minimum: 1,
      maximum: 60,
      description: 'Windows in a row that are also looked at together, for what trickles.',
    },
    severity: {
      type: 'integer',
      default: 13,
      minimum: 1,
      maximum: 24,
      description: 'Least severity of a line that counts: 13 is a warning, 17 an error.',
    },
    least: {
      type: 'integer',
      default: 6,
      minimum: 1,
      maximum: 1_000_000,
      description: 'Lines of a kind below which it never fires.',
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
      default: 4,
      minimum: 1,
      maximum: 1000,
      description: 'Times the usual count from which it fires.',
    },
    memory: {
      type: 'integer',
      default: 60,
      minimum: 5,
      maximum: 10_000,
      description: 'Windows that the running mean of a kind remembers.',
    },
    warm_up: {
      type: 'integer',
      default: 12,
      minimum: 1,
      maximum: 1000,
      description: 'Recorded windows in which every kind is taken as usual.',
    },
  },
  messages: {
    new: '{service} logs a line that it never logged before, {count} times in {seconds} s: {line}',
    surge: '{service} logged {count} lines of one kind in {seconds} s, usually {usual}: {line}',
  },
  init: ({ recorded }): State => ({
    kinds: {},
    windows: 0,
    recorded: recorded.log.map(({ from, to }) => [from, to]),
    stretch: 0,
  }),
  on: {
    log(state, record, { config }) {
      if (record.severity < config.severity) return;
      const { template, severity } = record;
      if (template.id === 0) return;
      const late = state.windows >= config.warm_up;
      countLine(state.kinds, { template, severity }, { window: state.windows, late });
    },
    tick(state, { config, now, report }) {
      const windowUs = config.window * secondUs;
      if (now % windowUs !== 0) return undefined;
      // A window that was hardly recorded says nothing, and its silence teaches nothing.
      if (recordedShare(state, now - windowUs, now) < 0.5) {
        forgetWindow(state.kinds);
        return undefined;
      }
      const warm = state.windows++ >= config.warm_up;
      const told: { readonly kind: Kind; readonly judged: Judged }[] = [];
      for (const kind of Object.values(state.kinds)) {
        const judged = judgeWindow(kind, config.windows);
        kind.firing = warm && isFar(kind, judged, config);
        if (kind.firing) told.push({ kind, judged });
        learnWindow(kind, config.memory);
      }
      if (!warm) return undefined;
      told.sort((a, b) => b.judged.surprise - a.judged.surprise);
      let highest = 0;
      for (const { kind, judged } of told.slice(0, toldMax)) {
        const sure = judged.surprise / (judged.surprise + config.surprise);
        const score = kind.severity >= errorSeverity ? sure : Math.min(warningScore, sure);
        highest = Math.max(highest, score);
        report({
          message: kind.late && kind.windows < config.memory ? 'new' : 'surge',
          values: {
            count: judged.count,
            seconds: judged.windows * config.window,
            usual: judged.usual < 0.95 ? Number(judged.usual.toFixed(1)) : Math.round(judged.usual),
            line: saidIn(kind.text),
            kinds: told.length,
          },
          score,
          severity: kind.severity >= errorSeverity && sure >= 0.8 ? 'critical' : 'warning',
        });
      }
      return highest;
    },
  },
});

interface Rules {
  readonly least: number;
  readonly surprise: number;
  readonly ratio: number;
}

/** Whether a kind fires; it goes on while there is twice of what is usual. */
function isFar(kind: Kind, judged: Judged, { least, surprise, ratio }: Rules): boolean {
  const { count, expected } = judged;
  if (count < least) return false;
  if (kind.firing) return count >= 2 * expected;
  return judged.surprise >= surprise && count >= ratio * expected;
}

function forgetWindow(kinds: Kinds): void {
  for (const kind of Object.values(kinds)) {
    kind.count = 0;
    kind.recent = [];
  }
}

/** What people read first of a line in JSON or logfmt; else the line. */
function saidIn(text: string): string {
  const found = /(?:"(?:msg|message)" ?: ?|\bmsg=)"(.{0,200})/.exec(text)?.[1];
  return (found ?? text).slice(0, lineCharsMax);
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
