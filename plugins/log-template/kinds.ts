/** What a service has logged of each kind of line: a template and those that became part of it. */
import type { LogTemplate } from 'incident-workbench/sdk';

/** Plain data: the engine keeps it. */
export interface Kind {
  /** Text of its template as of this window, shortened. */
  text: string;
  /** Highest severity of its lines. */
  severity: number;
  /** Lines of the window under way. */
  count: number;
  /** Mean and variance of the lines of a window, both exponentially weighted. */
  mean: number;
  variance: number;
  /** Windows since its first line. */
  windows: number;
  /** Counts of the last windows, oldest first. */
  recent: number[];
  /** Number of the last window with a line of it. */
  last: number;
  /** Its first line came when those of the service were known. */
  late: boolean;
  firing: boolean;
  /** Templates that are part of it. */
  absorbed: number;
}

export type Kinds = Record<number, Kind>;

export interface Judged {
  readonly count: number;
  readonly usual: number;
  /** Windows that were looked at together. */
  readonly windows: number;
  /** `usual`, but never nothing. */
  readonly expected: number;
  /** Powers of ten against chance. */
  readonly surprise: number;
}

/** Kinds that are remembered; the one that was silent for longest is forgotten for another. */
const kindsMax = 1_000;
const textCharsMax = 240;
/** A mean of nothing is not proof that nothing can be: the least mean, per window. */
const leastUsual = 0.2;
/** How much slower it learns while it fires. */
const caution = 10;

/** Counts a line of the template. */
export function countLine(
  kinds: Kinds,
  line: { readonly template: LogTemplate; readonly severity: number },
  at: { readonly window: number; readonly late: boolean },
): void {
  const { template, severity } = line;
  let kind = kinds[template.id];
  if (kind === undefined) {
    makeRoom(kinds);
    kind = newKind(at.late);
    kinds[template.id] = kind;
  }
  if (kind.absorbed < template.absorbed.length) takeIn(kinds, kind, template.absorbed);
  if (kind.count === 0) kind.text = template.text.slice(0, textCharsMax);
  if (severity > kind.severity) kind.severity = severity;
  kind.count++;
  kind.last = at.window;
}

function newKind(late: boolean): Kind {
  return {
    ...{ text: '', severity: 0, count: 0, mean: 0, variance: 0, windows: 0, recent: [], last: 0 },
    ...{ late, firing: false, absorbed: 0 },
  };
}

/** What turned out to be of this kind was so all the time: its past is added up, none of it is new. */
function takeIn(kinds: Kinds, kind: Kind, absorbed: readonly number[]): void {
  kind.absorbed = absorbed.length;
  for (const id of absorbed) {
    const other = kinds[id];
    if (other === undefined) continue;
    Reflect.deleteProperty(kinds, id);
    kind.recent = added(kind.recent, other.recent);
    kind.count += other.count;
    kind.mean += other.mean;
    kind.variance += other.variance;
    kind.windows = Math.max(kind.windows, other.windows);
    kind.severity = Math.max(kind.severity, other.severity);
    kind.late = kind.late && other.late;
    kind.firing = kind.firing || other.firing;
  }
}

/** Counts of the same windows, the last ones side by side. */
function added(a: readonly number[], b: readonly number[]): number[] {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  const ahead = long.length - short.length;
  return long.map((count, i) => count + (short[i - ahead] ?? 0));
}

function makeRoom(kinds: Kinds): void {
  const all = Object.entries(kinds);
  if (all.length < kindsMax) return;
  const [oldest] = all.sort(([, a], [, b]) => a.last - b.last);
  if (oldest !== undefined) Reflect.deleteProperty(kinds, oldest[0]);
}

/** Ends the window of a kind: its last one, or the last few together, whichever is less like chance. */
export function judgeWindow(kind: Kind, windowsMax: number): Judged {
  kind.recent.push(kind.count);
  if (kind.recent.length > windowsMax) kind.recent.shift();
  const dispersion = Math.max(1, kind.variance / Math.max(kind.mean, leastUsual));
  const one = judge(kind, [kind.count], dispersion);
  const several = judge(kind, kind.recent, dispersion);
  return several.surprise > one.surprise ? several : one;
}

/**
 * -log10 of Chernoff's bound on P(N >= count) of a Poisson variable, divided by the dispersion of the
 * kind's own past: lines that come in bursts must burst more to surprise.
 */
function judge(kind: Kind, counts: readonly number[], dispersion: number): Judged {
  const count = counts.reduce((sum, next) => sum + next, 0);
  const usual = kind.mean * counts.length;
  const expected = Math.max(usual, leastUsual * counts.length);
  const far = count <= expected ? 0 : expected - count + count * Math.log(count / expected);
  return {
    ...{ count, usual, expected, windows: counts.length },
    surprise: far / Math.LN10 / dispersion,
  };
}

/** Learns the window and begins the next. One burst must not teach so much that it hides the next one. */
export function learnWindow(kind: Kind, memory: number): void {
  kind.windows = Math.min(memory, kind.windows + 1);
  const rate = (kind.firing ? 1 / caution : 1) / kind.windows;
  // Of a kind that came late, the windows before its first line count as well: there was none of it.
  const share = kind.late ? Math.min(rate, 1 / memory) : rate;
  const distance = Math.min(kind.count, 3 * kind.mean + 3) - kind.mean;
  kind.mean += share * distance;
  kind.variance += share * (distance * distance * (1 - share) - kind.variance);
  kind.count = 0;
}
