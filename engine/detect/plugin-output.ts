/**
 * What is good of the output of a person's process. Its host has checked what hooks gave, but whoever
 * shares a process with it may say anything in its name; here nothing is taken that a run file could
 * not hold or that the engine knows better.
 */
import type { SourceHeader } from '../replay/source.ts';
import type { Micros } from '../sdk/index.ts';
import type { ScoreStep } from '../store/model.ts';
import { isRecord } from './contract.ts';
import { fill } from './message-text.ts';
import { checkFinding } from './output.ts';
import { textOf } from './plugin-message.ts';
import type { PlacedDetector, Rejection, ShardFailure, ShardOutput } from './protocol.ts';
import { Rejections } from './rejections.ts';
import { seriesOf, subjectsOf, type IndexedSubject } from './subjects.ts';

/** What the answer to a task may hold. */
export interface Expected {
  readonly placed: PlacedDetector;
  readonly subjects: ReadonlyMap<string, IndexedSubject>;
  /** Moments that the task is about, both included. */
  readonly since: Micros;
  readonly until: Micros;
}

export function subjectsByKey(
  { loaded }: PlacedDetector,
  header: SourceHeader,
): ReadonlyMap<string, IndexedSubject> {
  const all = subjectsOf(loaded.metadata.per, header, seriesOf(header));
  return new Map(all.map((subject) => [subject.subject.key, subject]));
}

/** What is good of an output; what is not is rejected, one finding at a time, with the reason. */
export function checkedOutput(parts: readonly unknown[], expected: Expected): ShardOutput {
  const sieve = new Sieve(expected);
  for (const part of parts) sieve.add(part);
  return sieve.output();
}

type MutableOutput = {
  [K in keyof ShardOutput]: ShardOutput[K][number][];
};

class Sieve {
  readonly #expected: Expected;
  readonly #good: MutableOutput = { findings: [], scores: [], failures: [], rejected: [], fed: [] };
  readonly #rejections = new Rejections();
  readonly #scored = new Set<string>();

  constructor(expected: Expected) {
    this.#expected = expected;
  }

  output(): ShardOutput {
    return { ...this.#good, rejected: [...this.#good.rejected, ...this.#rejections.take()] };
  }

  add(part: unknown): void {
    if (!isRecord(part)) return this.#reject({}, 'its output is no object');
    for (const finding of listOf(part['findings'])) this.#finding(finding);
    for (const score of listOf(part['scores'])) this.#score(score);
    for (const failure of listOf(part['failures'])) this.#failure(failure);
    for (const rejection of listOf(part['rejected'])) this.#rejected(rejection);
    for (const fed of listOf(part['fed'])) this.#fed(fed);
  }

  /** Identity, place and text are the engine's: only what it cannot know is taken from the message. */
  #finding(given: unknown): void {
    if (!isRecord(given)) return this.#reject({}, 'it is no object');
    const problem = this.#placeProblem(given);
    if (problem !== null) return this.#reject(given, problem);
    const { loaded } = this.#expected.placed;
    const checked = checkFinding(given, loaded.metadata.messages);
    if (typeof checked === 'string') return this.#reject(given, checked);
    const { message, values } = checked;
    const { t, subject } = placeOf(given);
    const known = this.#expected.subjects.get(subject);
    if (known === undefined) return;
    const { service, series, cadenceUs } = known;
    const template = loaded.metadata.messages[message] ?? '';
    this.#good.findings.push({
      ...{ t, detector: loaded.id, subject, service, series, cadenceUs },
      ...checked,
      body: fill(template, values, known.subject),
    });
  }

  /** A second score of one state and moment would be two rows of one key. */
  #score(given: unknown): void {
    if (!isRecord(given)) return this.#reject({}, 'a score is no object');
    const { score, alertScore } = given;
    const problem = this.#placeProblem(given);
    if (problem !== null) return this.#reject(given, `a score: ${problem}`);
    if (!isShare(score) || !isShare(alertScore)) {
      return this.#reject(given, `a score is ${String(score)}; it is a number from 0 to 1`);
    }
    const { t, subject } = placeOf(given);
    const key = `${t}\0${subject}`;
    if (this.#scored.has(key)) return this.#reject(given, 'a second score of one moment');
    this.#scored.add(key);
    const { id: detector } = this.#expected.placed.loaded;
    this.#good.scores.push({ detector, subject, t, score, alertScore } satisfies ScoreStep);
  }

  #failure(given: unknown): void {
    if (!isRecord(given)) return;
    const { since, until, placed } = this.#expected;
    const { t, subject } = placeOf(given);
    // One in `init` lies before the first moment.
    const at = Number.isSafeInteger(t) ? Math.min(Math.max(t, since - 1), until) : until;
    const failure: ShardFailure = {
      detector: placed.loaded.id,
      subject,
      t: at,
      hook: textOf(given['hook']),
      reason: textOf(given['reason']),
      killed: false,
    };
    this.#good.failures.push(failure);
  }

  #rejected(given: unknown): void {
    if (!isRecord(given)) return;
    const { count, reason } = given;
    if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 1) return;
    this.#rejections.add({ ...this.#about(given), reason: textOf(reason), count });
  }

  #fed(given: unknown): void {
    const records: unknown = Array.isArray(given) ? given[1] : null;
    if (typeof records !== 'number' || !Number.isSafeInteger(records) || records < 0) return;
    this.#good.fed.push([this.#expected.placed.index, records]);
  }

  #placeProblem(given: Readonly<Record<string, unknown>>): string | null {
    const { t, subject } = given;
    const { since, until, subjects } = this.#expected;
    if (typeof t !== 'number' || !Number.isSafeInteger(t)) return `its time is ${String(t)}`;
    if (t > until) return `its time is in the future: ${t} µs, and it is ${until} µs`;
    if (t < since) return `its time is in the past: ${t} µs, and it is ${since} µs`;
    if (typeof subject !== 'string' || !subjects.has(subject)) {
      return `it is about ${textOf(String(subject))}, which the run does not know`;
    }
    return null;
  }

  #reject(given: Readonly<Record<string, unknown>>, reason: string): void {
    this.#rejections.add({ ...this.#about(given), reason, count: 1 });
  }

  #about(given: Readonly<Record<string, unknown>>): Pick<Rejection, 'detector' | 't' | 'subject'> {
    const { t, subject } = placeOf(given);
    const { since, until, placed } = this.#expected;
    const at = Number.isSafeInteger(t) ? Math.min(Math.max(t, since), until) : since;
    return { detector: placed.loaded.id, t: at, subject };
  }
}

function placeOf({ t, subject }: Readonly<Record<string, unknown>>): {
  t: Micros;
  subject: string;
} {
  return {
    t: typeof t === 'number' ? t : NaN,
    subject: typeof subject === 'string' ? subject : '',
  };
}

function listOf(given: unknown): readonly unknown[] {
  return Array.isArray(given) ? given : [];
}

function isShare(given: unknown): given is number {
  return typeof given === 'number' && given >= 0 && given <= 1;
}
