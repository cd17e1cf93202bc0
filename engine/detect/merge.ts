/** Puts the outputs of shards together: by key, never by arrival, and the same for any number of them. */
import { limits } from '../limits.ts';
import type { Finding } from '../incident/model.ts';
import type { Micros } from '../sdk/index.ts';
import type { ScoreStep } from '../store/model.ts';
import { newAccount, totalsOf, type Account, type DetectorTotals } from './account.ts';
import { floodMax } from './output.ts';
import type { DetectorFailure, Rejection, ShardFailure } from './protocol.ts';
import type { ShardAnswer } from './shard.ts';

export interface DetectorOutput {
  /** By (t, detector, subject, order of reporting). */
  readonly findings: readonly Finding[];
  /** In the same order; at most one for a (detector, subject, t). */
  readonly scores: readonly ScoreStep[];
  readonly failures: readonly DetectorFailure[];
  /** Findings that were not taken, and why. */
  readonly rejected: readonly Rejection[];
  /** Detectors that went on with fresh states, because their thread or process had ended. */
  readonly restarted: readonly { readonly detector: string; readonly reason: string }[];
}

const minuteUs = 60_000_000;

export class OutputMerge {
  readonly #accounts: readonly Account[];
  readonly #byId: ReadonlyMap<string, Account>;

  constructor(ids: readonly string[]) {
    this.#accounts = ids.map(newAccount);
    this.#byId = new Map(this.#accounts.map((account) => [account.id, account]));
  }

  /** Places of the detectors that have failed. */
  failed(): number[] {
    return this.#accounts.flatMap((account, index) => (account.failed ? [index] : []));
  }

  totals(): DetectorTotals[] {
    return this.#accounts.map(totalsOf);
  }

  /** The output of one range from the answers of all shards to it. */
  add(answers: readonly ShardAnswer[]): DetectorOutput {
    const ends = this.#firstFailures(answers.flatMap((answer) => answer.failures));
    const lives = ({ detector, t }: Keyed): boolean =>
      this.#byId.get(detector)?.failed === false && t <= (ends.get(detector)?.t ?? Infinity);
    const rejected = answers.flatMap((answer) => answer.rejected).filter(lives);
    this.#countRejected(rejected.sort(byKey));
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
    const restarted = this.#countRestarts(answers);
    this.#countSlow(answers);
    const failures = [...ends.values()].map(({ detector, hook, reason, killed }) => ({
      detector,
      hook,
      reason,
      killed,
    }));
    return { findings, scores, failures, rejected, restarted };
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

  #countRejected(rejected: readonly Rejection[]): void {
    for (const { detector, reason, count } of rejected) {
      const account = this.#byId.get(detector);
      if (account === undefined) continue;
      if (account.findingsRejected === 0) account.rejection = reason;
      account.findingsRejected += count;
    }
  }

  #countRestarts(answers: readonly ShardAnswer[]): DetectorOutput['restarted'] {
    const restarted = answers
      .flatMap((answer) => answer.restarted)
      .filter(({ detector }) => this.#byId.get(detector)?.failed === false)
      .filter(({ detector }, i, all) => all.findIndex((r) => r.detector === detector) === i);
    for (const { detector, reason } of restarted) {
      const account = this.#byId.get(detector);
      if (account === undefined) continue;
      account.restarts++;
      account.restart = reason;
    }
    return restarted;
  }

  #countSlow(answers: readonly ShardAnswer[]): void {
    for (const { detector, workedMs } of answers.flatMap((answer) => answer.slow)) {
      const account = this.#byId.get(detector);
      if (account === undefined) continue;
      account.slowTasks++;
      account.slowestMs = Math.max(account.slowestMs, workedMs);
    }
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
