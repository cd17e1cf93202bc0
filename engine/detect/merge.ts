/** Puts the outputs of shards together: by key, never by arrival, and the same for any number of them. */
import { limits } from '../limits.ts';
import type { Finding } from '../incident/model.ts';
import type { Micros } from '../sdk/index.ts';
import type { ScoreStep } from '../store/model.ts';
import { floodMax } from './output.ts';
import type { DetectorFailure, ShardFailure } from './protocol.ts';
import type { ShardAnswer } from './shard.ts';

export interface DetectorOutput {
  /** By (t, detector, subject, order of reporting). */
  readonly findings: readonly Finding[];
  /** In the same order; at most one for a (detector, subject, t). */
  readonly scores: readonly ScoreStep[];
  readonly failures: readonly DetectorFailure[];
  /** Detectors that went on with fresh states, because another one ended their thread. */
  readonly restarted: readonly { readonly detector: string; readonly reason: string }[];
}

export interface DetectorTotals {
  readonly detector: string;
  /** Hook calls for records; of a failed detector, those of whole ranges before its failure. */
  readonly recordsFed: number;
  readonly findings: number;
  /** Findings beyond the limit of a minute. */
  readonly findingsDropped: number;
}

interface Account {
  readonly id: string;
  recordsFed: number;
  findings: number;
  findingsDropped: number;
  /** Minute of scenario time that `reported` counts. */
  minute: number;
  reported: number;
  failed: boolean;
}

const minuteUs = 60_000_000;

export class OutputMerge {
  readonly #accounts: readonly Account[];
  readonly #byId: ReadonlyMap<string, Account>;

  constructor(ids: readonly string[]) {
    const empty = { recordsFed: 0, findings: 0, findingsDropped: 0, minute: -1, reported: 0 };
    this.#accounts = ids.map((id) => ({ id, ...empty, failed: false }));
    this.#byId = new Map(this.#accounts.map((account) => [account.id, account]));
  }

  /** Places of the detectors that have failed. */
  failed(): number[] {
    return this.#accounts.flatMap((account, index) => (account.failed ? [index] : []));
  }

  totals(): DetectorTotals[] {
    return this.#accounts.map(({ id, recordsFed, findings, findingsDropped }) => ({
      detector: id,
      recordsFed,
      findings,
      findingsDropped,
    }));
  }

  /** The output of one range from the answers of all shards to it. */
  add(answers: readonly ShardAnswer[]): DetectorOutput {
    const ends = this.#firstFailures(answers.flatMap((answer) => answer.failures));
    const lives = ({ detector, t }: Keyed): boolean =>
      this.#byId.get(detector)?.failed === false && t <= (ends.get(detector)?.t ?? Infinity);
    const findings = this.#limited(
      answers
        .flatMap((answer) => answer.findings)
        .filter(lives)
        .sort(byKey),
      ends,
    );
    const scores = answers
      .flatMap((answer) => answer.scores)
      .filter(lives)
      .sort(byKey);
    this.#countFed(answers, ends);
    for (const id of ends.keys()) {
      const account = this.#byId.get(id);
      if (account !== undefined) account.failed = true;
    }
    const restarted = answers
      .flatMap((answer) => answer.restarted)
      .filter(({ detector }) => this.#byId.get(detector)?.failed === false)
      .filter(({ detector }, i, all) => all.findIndex((r) => r.detector === detector) === i);
    const failures = [...ends.values()].map(({ detector, hook, reason, killed }) => ({
      detector,
      hook,
      reason,
      killed,
    }));
    return { findings, scores, failures, restarted };
  }

  /** Each detector's earliest failure, in the order of the detectors. */
  #firstFailures(failures: readonly ShardFailure[]): Map<string, ShardFailure> {
    const first = new Map<string, ShardFailure>();
    const sorted = [...failures].sort(byKey);
    for (const { id, failed } of this.#accounts) {
      const failure = sorted.find(({ detector }) => detector === id);
      if (failure !== undefined && !failed) first.set(id, failure);
    }
    return first;
  }

  /** Drops the surplus of a minute; a flood beyond all bounds becomes a failure in `ends`. */
  #limited(findings: readonly Finding[], ends: Map<string, ShardFailure>): Finding[] {
    return findings.filter((finding) => {
      const { t, detector, subject } = finding;
      const account = this.#byId.get(detector);
      if (account === undefined || t > (ends.get(detector)?.t ?? Infinity)) return false;
      const minute = Math.floor(t / minuteUs);
      if (minute !== account.minute) {
        account.minute = minute;
        account.reported = 0;
      }
      account.reported++;
      if (account.reported > floodMax) {
        const reason = `it reported more than ${floodMax} findings in a minute`;
        const flood = { detector, subject, t, hook: 'report', reason, killed: false };
        if (!ends.has(detector)) ends.set(detector, flood);
        return false;
      }
      if (account.reported > limits.findingsPerMinuteMax) {
        account.findingsDropped++;
        return false;
      }
      account.findings++;
      return true;
    });
  }

  #countFed(answers: readonly ShardAnswer[], ends: ReadonlyMap<string, ShardFailure>): void {
    for (const [index, records] of answers.flatMap((answer) => answer.fed)) {
      const account = this.#accounts[index];
      if (account === undefined || account.failed || ends.has(account.id)) continue;
      account.recordsFed += records;
    }
  }
}

interface Keyed {
  readonly t: Micros;
  readonly detector: string;
  readonly subject: string;
}

/** Stable, so what one state reported at one moment stays in its order. Code units, no locale. */
function byKey(a: Keyed, b: Keyed): number {
  if (a.t !== b.t) return a.t - b.t;
  if (a.detector !== b.detector) return a.detector < b.detector ? -1 : 1;
  return a.subject === b.subject ? 0 : a.subject < b.subject ? -1 : 1;
}
