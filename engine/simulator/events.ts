/**
 * The queue of future events: a binary heap over parallel typed arrays, ordered by (time, sequence).
 * The sequence makes the order total, so equal times never depend on the heap's shape. A timer is
 * cancelled by forgetting its sequence; its event is thrown away when it comes up.
 */
import { limits } from '../limits.ts';
import { WorkbenchError } from '../errors.ts';

/** What an event means; its target is an index of the thing named. */
export const EventType = {
  /** Traffic entry: the next user request. */
  arrival: 0,
  /** Request: its own work is done. */
  workDone: 1,
  /** Request: the call it waits for took too long. */
  callTimeout: 2,
  /** Request: it waited too long for a connection. */
  poolTimeout: 3,
  /** Request: a connection became free for it. */
  leaseGranted: 4,
  /** Request: the pause before another attempt is over. */
  retry: 5,
  /** Request: the lock of its table is free, or it waited too long for it. */
  lockGranted: 6,
  lockTimeout: 7,
  /** Request: it reaches the callee, or the network or the resolver gives up. */
  delivery: 8,
  undelivered: 9,
  /** Request: the one that asked for the same key is back, well or not. */
  coalesced: 10,
  uncoalesced: 11,
  /** Request: its user goes away. */
  patience: 12,
  /** Traffic entry × reload: a user tries again. */
  reload: 13,
  /** Fault: it begins, ends, or its pulse turns. */
  faultStart: 14,
  faultEnd: 15,
  faultPulse: 16,
  /** Instance: it has started, its heap is full, its health is asked for. */
  instanceUp: 17,
  outOfMemory: 18,
  healthCheck: 19,
  change: 20,
  /** Instance: it gets the version that its service is moving to. */
  rollout: 21,
  /** Service: the autoscaler looks. Service and number of instances: what it decided takes effect. */
  autoscale: 22,
  scaled: 23,
  /** Step of a surge: the rate of a traffic entry changes. */
  surge: 24,
  /** Cursor: the pause before a message is delivered again is over. */
  redelivery: 25,
  /** Instance: the next one of a rolling restart. */
  rollingRestart: 26,
  /** Input: an action takes effect. */
  action: 27,
  /** Service: a line that has nothing to do with requests. Only with telemetry. */
  noise: 28,
  /** Fault: a statement has waited for its lock long enough to be told of. */
  lockTold: 29,
} as const;

const typeBits = 5;
export const typeMask = (1 << typeBits) - 1;

export interface EventHeap {
  /** [number of events, last sequence given out] */
  readonly counters: Float64Array;
  /** µs. */
  time: Float64Array;
  sequence: Float64Array;
  /** target << 5 | type */
  action: Int32Array;
}

export function makeEventHeap(): EventHeap {
  const capacity = 256;
  return {
    counters: new Float64Array(2),
    time: new Float64Array(capacity),
    sequence: new Float64Array(capacity),
    action: new Int32Array(capacity),
  };
}

export function eventTarget(action: number): number {
  return action >>> typeBits;
}

/** Adds an event and returns its sequence, which is never 0. */
export function schedule(heap: EventHeap, at: number, type: number, target: number): number {
  const { counters } = heap;
  let i = counters[0] as number;
  if (i === heap.time.length) grow(heap);
  const { time, sequence, action } = heap;
  counters[0] = i + 1;
  const number = (counters[1] as number) + 1;
  counters[1] = number;
  // The newest sequence loses every tie, so times alone decide on the way up.
  while (i > 0) {
    const parent = (i - 1) >> 1;
    const parentTime = time[parent] as number;
    if (parentTime <= at) break;
    time[i] = parentTime;
    sequence[i] = sequence[parent] as number;
    action[i] = action[parent] as number;
    i = parent;
  }
  time[i] = at;
  sequence[i] = number;
  action[i] = (target << typeBits) | type;
  return number;
}

/** Removes the first event; read it from index 0 before. */
export function removeFirst(heap: EventHeap): void {
  const { counters, time, sequence, action } = heap;
  const last = (counters[0] as number) - 1;
  counters[0] = last;
  if (last === 0) return;
  const lastTime = time[last] as number;
  const lastSequence = sequence[last] as number;
  let i = 0;
  let child = 1;
  while (child < last) {
    let childTime = time[child] as number;
    const right = child + 1;
    if (right < last) {
      const rightTime = time[right] as number;
      if (
        rightTime < childTime ||
        (rightTime === childTime && (sequence[right] as number) < (sequence[child] as number))
      ) {
        child = right;
        childTime = rightTime;
      }
    }
    if (
      lastTime < childTime ||
      (lastTime === childTime && lastSequence < (sequence[child] as number))
    ) {
      break;
    }
    time[i] = childTime;
    sequence[i] = sequence[child] as number;
    action[i] = action[child] as number;
    i = child;
    child = 2 * i + 1;
  }
  time[i] = lastTime;
  sequence[i] = lastSequence;
  action[i] = action[last] as number;
}

function grow(heap: EventHeap): void {
  const capacity = heap.time.length * 2;
  if (capacity > limits.simulatedEventsMax) {
    throw new WorkbenchError('SIMULATION_TOO_LARGE', {
      what: 'future events',
      limit: limits.simulatedEventsMax,
    });
  }
  heap.time = copyInto(new Float64Array(capacity), heap.time);
  heap.sequence = copyInto(new Float64Array(capacity), heap.sequence);
  heap.action = copyInto(new Int32Array(capacity), heap.action);
}

/** Fills the start of a larger array with a smaller one. */
export function copyInto<T extends Float64Array | Int32Array | Uint8Array>(
  larger: T,
  smaller: T,
): T {
  larger.set(smaller);
  return larger;
}
