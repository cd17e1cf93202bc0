/** What stores answer. Their log and their client's exception carry the same words. */
import { Outcome } from '../../requests.ts';
import { mix } from './mix.ts';
import { resourceOf } from './resource.ts';

export interface StoreError {
  readonly severity: 'ERROR' | 'FATAL';
  /** SQLSTATE of PostgreSQL, or name of Kafka's error. */
  readonly code: string;
  readonly text: string;
}

export interface StoreTrouble {
  /** An outcome. */
  readonly reason: number;
  readonly flavour: number;
  readonly counter: string;
  readonly max: number;
  /** Own words of the scenario, or ''. */
  readonly message: string;
}

export function postgresError({
  reason,
  flavour,
  counter,
  max,
  message,
}: StoreTrouble): StoreError {
  switch (reason) {
    case Outcome.refused:
    case Outcome.connectionsFull:
      return fatal('53300', 'sorry, too many clients already');
    case Outcome.shed:
      return fatal('08P01', 'no more connections allowed (max_client_conn)');
    case Outcome.lockTimeout:
      return error('55P03', 'canceling statement due to lock timeout');
    case Outcome.killed:
      return error('57014', 'canceling statement due to user request');
    case Outcome.timeout:
      return error('57014', 'canceling statement due to statement timeout');
    case Outcome.exhausted:
      return outOfNumbers(counter, max);
    case Outcome.diskFull:
      return error(
        '53100',
        `could not write block ${mix(flavour, 3) % 100_000} in file "base/16384/24601.2": No space left on device`,
      );
    case Outcome.token:
      return fatal('28000', 'PAM authentication failed for user "app"');
    case Outcome.stale:
      return error('40001', 'canceling statement due to conflict with recovery');
    default:
      return message === '' ? usualError(flavour) : error('XX000', message);
  }
}

/** A column too narrow, a sequence at its end, transaction numbers or descriptors used up. */
function outOfNumbers(counter: string, max: number): StoreError {
  switch (resourceOf(counter)) {
    case 'transactions':
      return error(
        '54000',
        'database is not accepting commands that assign new transaction IDs to avoid wraparound data loss in database "shop"',
      );
    case 'sequence':
      return error('2200H', `nextval: reached maximum value of sequence "${counter}" (${max})`);
    case 'files':
      return error(
        '53000',
        'could not open file "base/16384/24601": Too many open files in system',
      );
    case 'threads':
    case 'connections':
      return fatal(
        '53300',
        'remaining connection slots are reserved for roles with the SUPERUSER attribute',
      );
    default:
      return error('22003', 'integer out of range');
  }
}

function usualError(flavour: number): StoreError {
  switch (mix(flavour, 5) % 4) {
    case 0:
      return error('40001', 'could not serialize access due to concurrent update');
    case 1:
      return error('25P02', 'current transaction is aborted, commands ignored until end of block');
    default:
      return error('40P01', 'deadlock detected');
  }
}

export function redisError({ reason, flavour, message }: StoreTrouble): string {
  switch (reason) {
    case Outcome.refused:
    case Outcome.shed:
    case Outcome.connectionsFull:
      return 'ERR max number of clients reached';
    case Outcome.lockTimeout:
    case Outcome.timeout:
      return 'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.';
    case Outcome.killed:
      return 'ERR Error running script: Script killed by user with SCRIPT KILL.';
    case Outcome.exhausted:
      return "OOM command not allowed when used memory > 'maxmemory'.";
    case Outcome.diskFull:
      return "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.";
    case Outcome.token:
      return 'WRONGPASS invalid username-password pair or user is disabled.';
    case Outcome.stale:
      return "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.";
    default:
      if (message !== '') return `ERR ${message}`;
      return mix(flavour, 5) % 3 === 0
        ? 'LOADING Redis is loading the dataset in memory'
        : "READONLY You can't write against a read only replica.";
  }
}

export function kafkaError({ reason, message }: StoreTrouble): StoreError {
  switch (reason) {
    case Outcome.refused:
    case Outcome.shed:
      return error('THROTTLING_QUOTA_EXCEEDED', 'The throttling quota has been exceeded.');
    case Outcome.connectionsFull:
      return error('NETWORK_EXCEPTION', 'The server disconnected before a response was received.');
    case Outcome.lockTimeout:
    case Outcome.timeout:
      return error('REQUEST_TIMED_OUT', 'The request timed out.');
    case Outcome.killed:
      return error('REBALANCE_IN_PROGRESS', 'The group is rebalancing, so a rejoin is needed.');
    case Outcome.exhausted:
      return error('POLICY_VIOLATION', 'Request parameters do not satisfy the configured policy.');
    case Outcome.diskFull:
      return error('KAFKA_STORAGE_ERROR', 'Disk error when trying to access log file on the disk.');
    case Outcome.token:
      return error('SASL_AUTHENTICATION_FAILED', 'SASL Authentication failed.');
    case Outcome.stale:
      return error(
        'OFFSET_NOT_AVAILABLE',
        'The leader high watermark has not caught up from a recent leader election.',
      );
    default:
      return message === ''
        ? error(
            'NOT_ENOUGH_REPLICAS',
            'Messages are rejected: fewer in-sync replicas than required.',
          )
        : error('UNKNOWN_SERVER_ERROR', message);
  }
}

function error(code: string, text: string): StoreError {
  return { severity: 'ERROR', code, text };
}

function fatal(code: string, text: string): StoreError {
  return { severity: 'FATAL', code, text };
}
