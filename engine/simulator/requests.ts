/**
 * Requests in the system, as columns: one row is one attempt at a service, from its arrival there to
 * its end. Rows are reused through a free list, so the hot loop allocates nothing.
 */
import { limits } from '../limits.ts';
import { WorkbenchError } from '../errors.ts';
import { copyInto } from './events.ts';

/** Where a request stands. */
export const Phase = {
  free: 0,
  queued: 1,
  working: 2,
  /** Waits for a connection of a pool. */
  leasing: 3,
  /** Waits for the answer of a call. */
  calling: 4,
  /** Pauses before another attempt. */
  pausing: 5,
  /** Waits for a core of its instance. */
  runnable: 6,
  /** Waits for a lock of its table. */
  locking: 7,
  /** On its way to the callee, held up by the network or the resolver. */
  travelling: 8,
  /** Waits for calls that are made at the same time. */
  gathering: 9,
  /** Waits for another request that asks for the same key. */
  coalescing: 10,
  /** Has left the line for a lock, and begins by an event of this moment. */
  granted: 11,
} as const;

/** Who asked for a request. */
export const Origin = {
  user: 0,
  call: 1,
  /** A message of a queue. */
  message: 2,
  /** The instance itself, before it is ready. */
  startup: 3,
  /** No request of its own: one of several calls that a request makes at the same time. */
  branch: 4,
} as const;

/** How a request or an attempt ended, and why a request failed. */
export const Outcome = {
  ok: 0,
  /** The service answered with an error. */
  failed: 1,
  /** The instance's queue was full. */
  refused: 2,
  /** Nobody listens: the instance is down. */
  unreachable: 3,
  /** The instance died with the request in it. */
  reset: 4,
  /** The caller stopped waiting. */
  timeout: 5,
  /** No connection of the caller's pool became free in time. */
  poolTimeout: 6,
  /** The caller's circuit breaker was open, or its bulkhead full: nothing was sent. */
  breakerOpen: 7,
  bulkheadFull: 8,
  /** A new connection failed: the certificate has ended, or the name did not resolve. */
  tls: 9,
  dns: 10,
  /** The database accepts no more connections. */
  connectionsFull: 11,
  /** The service turned the request away at the door to protect itself. */
  shed: 12,
  /** Waited too long for a lock of a table. */
  lockTimeout: 13,
  /** A counter of the database ran out of values. */
  exhausted: 14,
  diskFull: 15,
  /** The token was not yet, or no longer, valid by the clock of the instance. */
  token: 16,
  /** The replica did not have the row yet. */
  stale: 17,
  /** Somebody ended the statement. */
  killed: 18,
} as const;
export const outcomeCount = 19;

/** What is kept of a request in telemetry. */
export const Keep = { nothing: 0, spans: 1, logs: 2 } as const;

export interface RequestTable {
  /** [rows in use, first free row or -1] */
  readonly counters: Int32Array;
  phase: Uint8Array;
  endpoint: Int32Array;
  instance: Int32Array;
  /** Request that waits for this one, or -1: a user's, or one whose caller has gone on. */
  parent: Int32Array;
  /** Request that this one waits for, or -1. */
  child: Int32Array;
  /** Call that is being made, and the number of attempts before this one. */
  call: Int32Array;
  attempt: Int32Array;
  /** Outcome of the call that made this request fail; ok where its own work did. */
  cause: Uint8Array;
  /** Cause of the last answer that was an error, as the callee gave it. */
  answer: Uint8Array;
  /** Sequence of the event that the request waits for; 0 for none. */
  timer: Float64Array;
  /** µs: arrival, start of own work, start of the attempt, sending of the attempt. */
  arrivedAt: Float64Array;
  startedAt: Float64Array;
  attemptAt: Float64Array;
  sentAt: Float64Array;
  /** Part of a pool of which the request holds a connection, or -1. */
  lease: Int32Array;
  /** Neighbours in the queue of an instance or of a pool; `next` also links free rows. */
  next: Int32Array;
  previous: Int32Array;
  /** The user request it belongs to: traffic entry, and number within the entry. */
  traffic: Int32Array;
  number: Int32Array;
  /** Bits of `Keep`. */
  keep: Uint8Array;
  /** Code of `Origin`; a caller that gives up does not change it. */
  origin: Uint8Array;
  /** Own work that is left, µs at full speed. */
  workLeft: Float64Array;
  /** When the connection it holds was taken, µs. */
  leasedAt: Float64Array;
  /** How often the current call was made; while calls are made at the same time: the call after them. */
  round: Int32Array;
  /** 1 where the attempt counts at its link. */
  gated: Uint8Array;
  /** Instance that a request on its way was sent to. */
  target: Int32Array;
  /** Calls under way at the same time; `cause` is that of the first of them that failed. */
  pending: Int32Array;
  /** Entry of the cache that it asks, or -1; `lookup` is 1 while it asks the store. */
  cacheEntry: Int32Array;
  lookup: Uint8Array;
  /** Cursor of the queue that it was taken from, or -1. */
  cursor: Int32Array;
  /** Sequence of the event at which its user goes away; 0 for none. */
  patience: Float64Array;
  /** Reloads before this request; its user is gone at -1. */
  reload: Int32Array;
  /** Span ids as two words each; set only where spans are kept. */
  spanHigh: Int32Array;
  spanLow: Int32Array;
  parentHigh: Int32Array;
  parentLow: Int32Array;
}

export function makeRequestTable(): RequestTable {
  const capacity = 256;
  const table: RequestTable = {
    counters: Int32Array.of(0, 0),
    phase: new Uint8Array(capacity),
    endpoint: new Int32Array(capacity),
    instance: new Int32Array(capacity),
    parent: new Int32Array(capacity),
    child: new Int32Array(capacity),
    call: new Int32Array(capacity),
    attempt: new Int32Array(capacity),
    cause: new Uint8Array(capacity),
    answer: new Uint8Array(capacity),
    timer: new Float64Array(capacity),
    arrivedAt: new Float64Array(capacity),
    startedAt: new Float64Array(capacity),
    attemptAt: new Float64Array(capacity),
    sentAt: new Float64Array(capacity),
    lease: new Int32Array(capacity),
    next: new Int32Array(capacity),
    previous: new Int32Array(capacity),
    traffic: new Int32Array(capacity),
    number: new Int32Array(capacity),
    keep: new Uint8Array(capacity),
    origin: new Uint8Array(capacity),
    workLeft: new Float64Array(capacity),
    leasedAt: new Float64Array(capacity),
    round: new Int32Array(capacity),
    gated: new Uint8Array(capacity),
    target: new Int32Array(capacity),
    pending: new Int32Array(capacity),
    cacheEntry: new Int32Array(capacity),
    lookup: new Uint8Array(capacity),
    cursor: new Int32Array(capacity),
    patience: new Float64Array(capacity),
    reload: new Int32Array(capacity),
    spanHigh: new Int32Array(capacity),
    spanLow: new Int32Array(capacity),
    parentHigh: new Int32Array(capacity),
    parentLow: new Int32Array(capacity),
  };
  linkFree(table, 0);
  return table;
}

/** Takes a free row; its columns hold what the last user left. */
export function allocateRequest(table: RequestTable): number {
  const { counters } = table;
  if ((counters[1] as number) < 0) grow(table);
  const r = counters[1] as number;
  counters[1] = table.next[r] as number;
  counters[0] = (counters[0] as number) + 1;
  return r;
}

export function freeRequest(table: RequestTable, r: number): void {
  const { counters } = table;
  table.phase[r] = Phase.free;
  table.timer[r] = 0;
  table.patience[r] = 0;
  table.next[r] = counters[1] as number;
  counters[1] = r;
  counters[0] = (counters[0] as number) - 1;
}

function grow(table: RequestTable): void {
  const from = table.phase.length;
  const capacity = from * 2;
  if (capacity > limits.simulatedRequestsMax) {
    throw new WorkbenchError('SIMULATION_TOO_LARGE', {
      what: 'requests in flight',
      limit: limits.simulatedRequestsMax,
    });
  }
  for (const [name, column] of Object.entries(table)) {
    if (name === 'counters') continue;
    Reflect.set(table, name, copyInto(new column.constructor(capacity), column));
  }
  linkFree(table, from);
}

/** Puts all rows from `from` on into the free list, lowest first. */
function linkFree(table: RequestTable, from: number): void {
  const { counters, next } = table;
  for (let r = from; r < next.length; r++) next[r] = r + 1;
  next[next.length - 1] = -1;
  counters[1] = from;
}
