/** Messages in queues: rows like those of requests, reused through a free list. */
import { WorkbenchError } from '../errors.ts';
import { limits } from '../limits.ts';
import { copyInto } from './events.ts';

/** Messages in lines, as columns; rows are reused through a free list. */
export interface MessageTable {
  /** [rows in use, first free row or -1] */
  readonly counters: Int32Array;
  next: Int32Array;
  traffic: Int32Array;
  number: Int32Array;
  keep: Uint8Array;
  /** 1 where no consumer can handle it. */
  poison: Uint8Array;
  at: Float64Array;
  spanHigh: Int32Array;
  spanLow: Int32Array;
}

export function makeMessages(): MessageTable {
  const capacity = 64;
  const table: MessageTable = {
    counters: Int32Array.of(0, 0),
    next: new Int32Array(capacity),
    traffic: new Int32Array(capacity),
    number: new Int32Array(capacity),
    keep: new Uint8Array(capacity),
    poison: new Uint8Array(capacity),
    at: new Float64Array(capacity),
    spanHigh: new Int32Array(capacity),
    spanLow: new Int32Array(capacity),
  };
  linkFree(table, 0);
  return table;
}

export function allocateMessage(messages: MessageTable): number {
  const { counters } = messages;
  if ((counters[1] as number) < 0) grow(messages);
  const m = counters[1] as number;
  counters[1] = messages.next[m] as number;
  counters[0] = (counters[0] as number) + 1;
  return m;
}

export function freeMessage(messages: MessageTable, m: number): void {
  const { counters } = messages;
  messages.next[m] = counters[1] as number;
  counters[1] = m;
  counters[0] = (counters[0] as number) - 1;
}

function grow(table: MessageTable): void {
  const from = table.next.length;
  const capacity = from * 2;
  if (capacity > limits.simulatedRequestsMax) {
    throw new WorkbenchError('SIMULATION_TOO_LARGE', {
      what: 'messages in queues',
      limit: limits.simulatedRequestsMax,
    });
  }
  for (const [name, column] of Object.entries(table)) {
    if (name === 'counters') continue;
    Reflect.set(table, name, copyInto(new column.constructor(capacity), column));
  }
  linkFree(table, from);
}

function linkFree(table: MessageTable, from: number): void {
  const { counters, next } = table;
  for (let m = from; m < next.length; m++) next[m] = m + 1;
  next[next.length - 1] = -1;
  counters[1] = from;
}
