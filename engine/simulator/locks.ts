/**
 * Locks of tables. A statement that waits for an exclusive lock stands in line behind the readers it
 * waits for, and all that come later stand behind it: the table stops though nobody holds it for long.
 * Requests that wait keep their worker slot, which is their connection to the database.
 */
import { EventType, schedule } from './events.ts';
import type { Plan } from './plan.ts';
import { Phase } from './requests.ts';
import type { Simulation } from './simulation.ts';

export interface LockTable {
  /** Statements that hold up a table. */
  readonly blocked: Int32Array;
  readonly waiting: Int32Array;
  /** First and last request in line, or -1. */
  readonly head: Int32Array;
  readonly tail: Int32Array;
}

/** A database tells of a statement that waits so long for a lock, µs: PostgreSQL's deadlock_timeout. */
export const lockToldUs = 1_000_000;

export function makeLocks({ lockTables }: Plan): LockTable {
  const n = lockTables.length;
  return {
    blocked: new Int32Array(n),
    waiting: new Int32Array(n),
    head: new Int32Array(n).fill(-1),
    tail: new Int32Array(n).fill(-1),
  };
}

export function joinLock({ plan, world, probe }: Simulation, lock: number, r: number): void {
  const { locks, requests, clock, events } = world;
  const tail = locks.tail[lock] as number;
  requests.phase[r] = Phase.locking;
  requests.previous[r] = tail;
  requests.next[r] = -1;
  if (tail < 0) locks.head[lock] = r;
  else requests.next[tail] = r;
  locks.tail[lock] = r;
  locks.waiting[lock] = (locks.waiting[lock] as number) + 1;
  const { lockTimeoutUs = Infinity } = plan.endpoints[requests.endpoint[r] as number] ?? {};
  requests.timer[r] = 0;
  if (lockTimeoutUs < Infinity) {
    const until = (clock[0] as number) + lockTimeoutUs;
    requests.timer[r] = schedule(events, until, EventType.lockTimeout, r);
  }
  if (probe !== null) probe.happened(world, { kind: 'lock-wait', request: r, lock });
}

/** Takes a request out of the line, wherever it stands. */
export function leaveLock({ plan, world }: Simulation, r: number): void {
  const { locks, requests } = world;
  const lock = plan.endpointLock[requests.endpoint[r] as number] as number;
  const previous = requests.previous[r] as number;
  const next = requests.next[r] as number;
  if (previous < 0) locks.head[lock] = next;
  else requests.next[previous] = next;
  if (next < 0) locks.tail[lock] = previous;
  else requests.previous[next] = previous;
  locks.waiting[lock] = (locks.waiting[lock] as number) - 1;
}

/** So many statements hold up a table; without any, all in line go on by events of this moment. */
export function setBlocked(simulation: Simulation, lock: number, statements: number): void {
  const { locks, requests, clock, events } = simulation.world;
  locks.blocked[lock] = statements;
  if (statements > 0) return;
  for (let r = locks.head[lock] as number; r >= 0; r = locks.head[lock] as number) {
    leaveLock(simulation, r);
    requests.phase[r] = Phase.granted;
    requests.timer[r] = schedule(events, clock[0] as number, EventType.lockGranted, r);
  }
}
