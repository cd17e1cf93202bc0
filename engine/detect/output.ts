/** What hooks give, checked and made into findings, score steps and failures of one shard. */
import { basename } from 'node:path';
import { limits } from '../limits.ts';
import { reasonOf } from '../errors.ts';
import type { Finding } from '../incident/model.ts';
import type { Micros, Subject } from '../sdk/index.ts';
import type { ScoreStep } from '../store/model.ts';
import { numberText, seriesAtStart, seriesText, valueText } from '../wording.ts';
import { isRecord, type HookName } from './contract.ts';
import type { Lane, LaneGroup } from './lane.ts';
import { placeIn } from './module.ts';
import type { ShardFailure, ShardOutput } from './protocol.ts';

/** In a run a score is kept where it moved by this much since the last kept one. */
export const runScoreStep = 0.05;
/** Findings of a minute beyond which a detector fails; between this and the limit they are dropped. */
export const floodMax = 10 * limits.findingsPerMinuteMax;
const minuteUs = 60_000_000;

export class OutputCollector {
  failures: ShardFailure[] = [];
  #findings: Finding[] = [];
  #scores: (ScoreStep & { score: number; alertScore: number })[] = [];
  /** Last kept step of a lane, while it is still here to be replaced. */
  #lastStep = new Map<Lane, ScoreStep & { score: number; alertScore: number }>();
  readonly #scoreStep: number;

  /** @param scoreStep keep a score that moved by this much; 0 keeps every one */
  constructor(scoreStep: number) {
    this.#scoreStep = scoreStep;
  }

  /** Everything since the last time. */
  take(groups: readonly LaneGroup[]): ShardOutput {
    const output: ShardOutput = {
      findings: this.#findings,
      scores: this.#scores,
      failures: this.failures,
      fed: groups.filter(({ fed }) => fed > 0).map(({ index, fed }) => [index, fed] as const),
    };
    for (const group of groups) group.fed = 0;
    this.#findings = [];
    this.#scores = [];
    this.failures = [];
    this.#lastStep.clear();
    return output;
  }

  /** Checks what a hook returned. Throws what the author has to read. */
  score(lane: Lane, hook: HookName, t: Micros, returned: unknown): void {
    if (isThenable(returned)) throw new Error('it returned a promise; hooks are synchronous');
    if (hook === 'change' || hook === 'end') return;
    if (typeof returned !== 'number' || !(returned >= 0 && returned <= 1)) {
      const shown = isRecord(returned) ? 'an object' : String(returned);
      throw new Error(`it returned ${shown}; a score is a number from 0 to 1`);
    }
    if (Math.abs(returned - lane.keptScore) < this.#scoreStep) return;
    this.#keep(lane, t, returned);
  }

  /** One step per lane and moment: a later one of the same moment replaces it. */
  #keep(lane: Lane, t: Micros, score: number): void {
    if (lane.keptAt === t) {
      const last = this.#lastStep.get(lane);
      if (last === undefined) return;
      lane.keptScore = score;
      last.alertScore = Math.max(last.alertScore, lane.onset.alertScore(t, score));
      last.score = score;
      return;
    }
    lane.keptScore = score;
    lane.keptAt = t;
    const step = {
      detector: lane.group.loaded.id,
      subject: lane.subject.subject.key,
      t,
      score,
      alertScore: lane.onset.alertScore(t, score),
    };
    this.#scores.push(step);
    this.#lastStep.set(lane, step);
  }

  /** `context.report`: adds identity and time. Throws what the author has to read. */
  report(lane: Lane, given: unknown): void {
    const { group, subject, context } = lane;
    const minute = Math.floor(context.now / minuteUs);
    if (minute !== group.minute) {
      group.minute = minute;
      group.reported = 0;
    }
    const checked = checkFinding(given, group);
    // The pool judges all shards together; here one more than it allows is enough to convince it.
    if (++group.reported > floodMax + 1) return;
    const { message, values, score, severity } = checked;
    this.#findings.push({
      t: context.now,
      detector: group.loaded.id,
      subject: subject.subject.key,
      service: subject.service,
      series: subject.series,
      severity,
      score,
      message,
      body: fill(group.loaded.metadata.messages[message] ?? '', values, subject.subject),
      values,
      cadenceUs: subject.cadenceUs,
    });
  }
}

type CheckedFinding = Pick<Finding, 'message' | 'values' | 'score' | 'severity'>;

function checkFinding(given: unknown, group: LaneGroup): CheckedFinding {
  if (!isRecord(given)) throw new Error('report needs { message, values, score }');
  const { message, score, severity = 'warning' } = given;
  const { messages } = group.loaded.metadata;
  if (typeof message !== 'string' || !Object.hasOwn(messages, message)) {
    const known = Object.keys(messages).join(', ');
    throw new Error(`report: no message ${String(message)}; messages has ${known}`);
  }
  if (typeof score !== 'number' || !(score >= 0 && score <= 1)) {
    throw new Error(`report: score is ${String(score)}; it must be a number from 0 to 1`);
  }
  if (severity !== 'warning' && severity !== 'critical') {
    throw new Error(`report: severity is ${String(severity)}; warning or critical`);
  }
  return { message, score, severity, values: checkValues(given['values'] ?? {}) };
}

function checkValues(values: unknown): Record<string, string | number> {
  if (!isRecord(values)) throw new Error('report: values must be an object');
  const entries = Object.entries(values);
  if (entries.length > limits.findingValuesMax) {
    throw new Error(`report: ${entries.length} values; at most ${limits.findingValuesMax}`);
  }
  return Object.fromEntries(
    entries.map(([name, value]) => {
      if (typeof value === 'string') return [name, value.slice(0, limits.findingValueCharsMax)];
      if (typeof value === 'number' && Number.isFinite(value)) return [name, value];
      throw new Error(`report: values.${name} is ${String(value)}; a string or a finite number`);
    }),
  );
}

/**
 * Fills a template's `{placeholders}`; `{name:unit}` writes a number in the unit of the subject's
 * series. `{service}` and `{metric}` need no value. One without a value stays as it is, to be seen.
 */
function fill(
  template: string,
  values: Readonly<Record<string, string | number>>,
  { service, series }: Subject,
): string {
  return template.replace(/\{(\w+)(:unit)?\}/g, (whole, name: string, ...found: unknown[]) => {
    const [unit, at] = found;
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (typeof value === 'number') {
      return unit !== undefined && series ? valueText(series, value) : numberText(value);
    }
    if (value !== undefined) return value;
    if (name === 'metric' && series) return at === 0 ? seriesAtStart(series) : seriesText(series);
    return name === 'service' ? service : whole;
  });
}

export function isThenable(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && typeof Reflect.get(value, 'then') === 'function'
  );
}

/** A throw of a plugin, wrapped once: what, and the line of the plugin's file where known. */
export function hookFailure(thrown: unknown, file: string): string {
  const reason = reasonOf(thrown).slice(0, limits.findingValueCharsMax);
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  // A built-in is known by its id; its file is `plugins/<id>/detector.js`.
  const known = file.includes('/') ? file : `/${file}/detector`;
  const line = stack.split('\n').find((frame) => frame.includes(known) && /^\s+at /.test(frame));
  if (line === undefined) return reason;
  const place = file.includes('/') ? placeIn(new Error(line), file) : /\d+:\d+/.exec(line)?.[0];
  return place === null || place === undefined ? reason : `${reason} (${basename(file)}:${place})`;
}
