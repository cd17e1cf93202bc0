/**
 * Failures of calls, sorted by what a caller can know of them: its own client gave up, the network
 * answered, or the callee did. A runtime brings the words.
 */
import { Outcome } from '../../requests.ts';
import { statusOf } from '../status.ts';
import type { Failure } from './dialect.ts';
import {
  kafkaError,
  postgresError,
  redisError,
  type StoreError,
  type StoreTrouble,
} from './store-errors.ts';

type Word = (failure: Failure) => string;

export interface ClientWords {
  /** An answer that is worth a line though nothing failed: a slow one. */
  readonly ok: Word;
  readonly unreachable: Word;
  readonly reset: Word;
  readonly timeout: Word;
  readonly poolTimeout: Word;
  readonly breakerOpen: Word;
  readonly bulkheadFull: Word;
  readonly tls: Word;
  readonly dns: Word;
  /** A row that should be there is not: a database answers that without an error. */
  readonly missing: Word;
  /** The callee answered with an error. */
  readonly http: (failure: Failure, status: number) => string;
  readonly database: (failure: Failure, error: StoreError) => string;
  readonly cache: (failure: Failure, text: string) => string;
  readonly queue: (failure: Failure, error: StoreError) => string;
}

export function failureText(words: ClientWords, failure: Failure): string {
  switch (failure.outcome) {
    case Outcome.ok:
      return words.ok(failure);
    case Outcome.unreachable:
      return words.unreachable(failure);
    case Outcome.reset:
      return words.reset(failure);
    case Outcome.timeout:
      return words.timeout(failure);
    case Outcome.poolTimeout:
      return words.poolTimeout(failure);
    case Outcome.breakerOpen:
      return words.breakerOpen(failure);
    case Outcome.bulkheadFull:
      return words.bulkheadFull(failure);
    case Outcome.tls:
      return words.tls(failure);
    case Outcome.dns:
      return words.dns(failure);
    default:
      return answerText(words, failure);
  }
}

function answerText(words: ClientWords, failure: Failure): string {
  const trouble = troubleOf(failure);
  switch (failure.calleeKind) {
    case 'database':
      return trouble.reason === Outcome.stale
        ? words.missing(failure)
        : words.database(failure, postgresError(trouble));
    case 'cache':
      return words.cache(failure, redisError(trouble));
    case 'queue':
      return words.queue(failure, kafkaError(trouble));
    default:
      return words.http(failure, statusSeen(failure));
  }
}

function troubleOf(failure: Failure): StoreTrouble {
  return {
    reason: failure.outcome === Outcome.failed ? failure.cause : failure.outcome,
    flavour: failure.flavour ?? 0,
    counter: failure.counter ?? '',
    max: failure.max ?? 0,
    message: failure.message ?? '',
  };
}

/** An error status, whatever the caller was told: one that turned it away has its own. */
function statusSeen({ outcome, cause, status }: Failure): number {
  if (outcome !== Outcome.failed) return statusOf(outcome, cause);
  return status >= 400 ? status : 500;
}

/** ` (total=40, active=40, idle=0, waiting=12)`, where the pool's use is known. */
export function poolUseOf({ poolUse }: Failure): string {
  if (!poolUse) return '';
  const { total, active, waiting } = poolUse;
  return ` (total=${total}, active=${active}, idle=${Math.max(0, total - active)}, waiting=${waiting})`;
}
