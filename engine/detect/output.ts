/** What hooks give, checked and made into findings, score steps and failures of one shard. */
import { limits } from '../limits.ts';
import type { Finding } from '../incident/model.ts';
import type { Micros } from '../sdk/index.ts';
import type { ScoreStep } from '../store/model.ts';
import { isRecord, type HookName } from './contract.ts';
import type { Lane, LaneGroup } from './lane.ts';
import { fill } from './message-text.ts';
import { isThenable } from './plain.ts';
import {
  hookFailure,
  type HostFailure,
  type HostOutput,
  type HostRejection,
} from './hook-failure.ts';
import { Rejections } from './rejections.ts';

/** In a run a score is kept where it moved by this much since the last kept one. */
export const runScoreStep = 0.05;
/** Findings of a minute beyond which a detector fails; between this and the limit they are dropped. */
export const floodMax = 10 * limits.findingsPerMinuteMax;
const minuteUs = 60_000_000;

export class OutputCollector {
  failures: HostFailure[] = [];
  #findings: Finding[] = [];
  readonly #rejected = new Rejections<HostRejection>();
  #scores: (ScoreStep & { score: number; alertScore: number })[] = [];
  /** Last kept step of a lane, while it is still here to be replaced. */
  #lastStep = new Map<Lane, ScoreStep & { score: number; alertScore: number }>();
  readonly #scoreStep: number;

  /** @param scoreStep keep a score that moved by this much; 0 keeps every one */
  constructor(scoreStep: number) {
    this.#scoreStep = scoreStep;
  }

  /** Everything since the last time. */
  take(groups: readonly LaneGroup[]): HostOutput {
    const output: HostOutput = {
      findings: this.#findings,
      scores: this.#scores,
      failures: this.failures,
      rejected: this.#rejected.take(),
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

  /**
   * `context.report`: adds identity and time. What cannot be taken is rejected with the line that reported
   * it, and the detector goes on: one bad finding says nothing about the next.
   */
  report(lane: Lane, given: unknown): void {
    const { group, subject, context } = lane;
    const { now } = context;
    const { metadata, file, id } = group.loaded;
    const stray = strayKey(given);
    const checked = stray ?? checkFinding(given, metadata.messages);
    if (typeof checked === 'string') {
      const failure = hookFailure(new Error(`report: ${checked}`), file);
      const about = { detector: id, subject: subject.subject.key, t: now, count: 1 };
      return this.#rejected.add({ ...about, ...failure });
    }
    const minute = Math.floor(now / minuteUs);
    if (minute !== group.minute) {
      group.minute = minute;
      group.reported = 0;
    }
    // The pool judges all shards together; here one more than it allows is enough to convince it.
    if (++group.reported > floodMax + 1) return;
    const { message, values } = checked;
    this.#findings.push({
      t: now,
      detector: id,
      subject: subject.subject.key,
      service: subject.service,
      series: subject.series,
      ...checked,
      body: fill(metadata.messages[message] ?? '', values, subject.subject),
      cadenceUs: subject.cadenceUs,
    });
  }
}

export type CheckedFinding = Pick<Finding, 'message' | 'values' | 'score' | 'severity'>;

const findingKeys = ['message', 'values', 'score', 'severity'];
/** Keys that authors expect to set, and who sets them. */
const enginesKeys = ['t', 'time', 'id', 'service', 'subject', 'series', 'detector'];

/** The finding, or what is wrong with it. */
export function checkFinding(
  given: unknown,
  messages: Readonly<Record<string, string>>,
): CheckedFinding | string {
  if (!isRecord(given)) return 'a finding is { message, values, score }';
  const { message, score, severity = 'warning' } = given;
  if (typeof message !== 'string' || !Object.hasOwn(messages, message)) {
    return `no message ${String(message)}; messages has ${Object.keys(messages).join(', ')}`;
  }
  if (typeof score !== 'number' || !(score >= 0 && score <= 1)) {
    return `score is ${String(score)}; it must be a number from 0 to 1`;
  }
  if (severity !== 'warning' && severity !== 'critical') {
    return `severity is ${String(severity)}; warning or critical`;
  }
  const values = checkValues(given['values'] ?? {});
  return typeof values === 'string' ? values : { message, score, severity, values };
}

/** A key that a finding does not have; null where there is none. */
function strayKey(given: unknown): string | null {
  if (!isRecord(given)) return null;
  const stray = Object.keys(given).find((key) => !findingKeys.includes(key));
  if (stray === undefined) return null;
  const whose = enginesKeys.includes(stray)
    ? `${stray} is the engine's to say: a finding is about the state's own subject, now`
    : `unknown key ${stray}`;
  return `${whose}; a finding has ${findingKeys.join(', ')}`;
}

function checkValues(values: unknown): Record<string, string | number> | string {
  if (!isRecord(values)) return 'values must be an object';
  const entries = Object.entries(values);
  if (entries.length > limits.findingValuesMax) {
    return `${entries.length} values; at most ${limits.findingValuesMax}`;
  }
  const checked: [string, string | number][] = [];
  for (const [name, value] of entries) {
    if (name.length > limits.findingNameCharsMax) {
      return `the name of a value has ${name.length} characters; at most ${limits.findingNameCharsMax}`;
    }
    if (typeof value === 'string')
      checked.push([name, value.slice(0, limits.findingValueCharsMax)]);
    else if (typeof value === 'number' && Number.isFinite(value)) checked.push([name, value]);
    else return `values.${name} is ${String(value)}; a string or a finite number`;
  }
  return Object.fromEntries(checked);
}
