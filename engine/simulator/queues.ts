/**
 * Queues: a topic has partitions, a consumer takes each in order, one message at a time. A message that
 * cannot be handled is delivered again, and holds up all behind it until it is given up.
 *
 * Each consumer has a line of its own for each partition (a cursor); a message that is published goes
 * into the lines of all consumers of the topic.
 */
import { EventType, schedule } from './events.ts';
import { InstanceState } from './instance-table.ts';
import { admit } from './instances.ts';
import { allocateMessage, freeMessage } from './messages.ts';
import type { Plan } from './plan.ts';
import { Origin } from './requests.ts';
import type { Simulation } from './simulation.ts';

export interface CursorTable {
  /** First and last message in line, or -1, and how many. */
  readonly head: Int32Array;
  readonly tail: Int32Array;
  readonly length: Int32Array;
  /** Request that handles the first message, or -1, and its deliveries before. */
  readonly handling: Int32Array;
  readonly attempts: Int32Array;
  /** Sequence of the event that delivers again; 0 for none. */
  readonly timer: Float64Array;
  /** Messages that came into the line, and what became of those that left it. */
  readonly received: Float64Array;
  readonly handled: Float64Array;
  readonly deadLetters: Float64Array;
  readonly skipped: Float64Array;
  /** Deliveries, whether the instance took them or not, and those that failed. */
  readonly deliveries: Float64Array;
  readonly failed: Float64Array;
  /** Messages published to each endpoint that is a topic; the partition of the next one. */
  readonly published: Float64Array;
}

export function makeCursors({ cursors, endpoints }: Plan): CursorTable {
  const n = cursors.length;
  return {
    head: new Int32Array(n).fill(-1),
    tail: new Int32Array(n).fill(-1),
    length: new Int32Array(n),
    handling: new Int32Array(n).fill(-1),
    attempts: new Int32Array(n),
    timer: new Float64Array(n),
    received: new Float64Array(n),
    handled: new Float64Array(n),
    deadLetters: new Float64Array(n),
    skipped: new Float64Array(n),
    deliveries: new Float64Array(n),
    failed: new Float64Array(n),
    published: new Float64Array(endpoints.length),
  };
}

/** The queue has taken a message of a request: it goes to the next partition, for every consumer. */
export function publish(simulation: Simulation, topic: number, r: number): void {
  const { plan, world } = simulation;
  const { requests, cursors } = world;
  const partitions = plan.endpoints[topic]?.partitions ?? 1;
  const number = cursors.published[topic] as number;
  cursors.published[topic] = number + 1;
  for (const cursor of plan.topicCursors[topic] ?? []) {
    if (plan.cursors[cursor]?.partition !== number % partitions) continue;
    const m = append(simulation, cursor);
    const { messages } = world;
    messages.traffic[m] = requests.traffic[r] as number;
    messages.number[m] = requests.number[r] as number;
    messages.keep[m] = requests.keep[r] as number;
    messages.spanHigh[m] = requests.spanHigh[r] as number;
    messages.spanLow[m] = requests.spanLow[r] as number;
    pump(simulation, cursor);
  }
}

/** Puts a message that nobody can handle at the end of one partition. */
export function publishPoison(simulation: Simulation, topic: number, partition: number): void {
  for (const cursor of simulation.plan.topicCursors[topic] ?? []) {
    if (simulation.plan.cursors[cursor]?.partition !== partition) continue;
    const m = append(simulation, cursor);
    simulation.world.messages.poison[m] = 1;
    pump(simulation, cursor);
  }
}

/** Hands the first message of a line to the consumer, unless it has one already. */
export function pump(simulation: Simulation, cursor: number): void {
  const { plan, world } = simulation;
  const { cursors, messages, requests, services } = world;
  const place = plan.cursors[cursor];
  const m = cursors.head[cursor] as number;
  if (!place || m < 0 || (cursors.handling[cursor] as number) >= 0) return;
  if (cursors.timer[cursor] !== 0 || services.paused[place.service] === 1) return;
  const instance = ownerOf(simulation, place.service, place.partition);
  if (instance < 0) return;
  const traffic = messages.traffic[m] as number;
  const number = messages.number[m] as number;
  cursors.deliveries[cursor] = (cursors.deliveries[cursor] as number) + 1;
  const r = admit(simulation, place.handler, -1, traffic, number, Origin.message, instance);
  if (r < 0) return deliverAfter(simulation, cursor, place.backoffUs);
  cursors.handling[cursor] = r;
  requests.cursor[r] = cursor;
  simulation.probe?.delivered(world, r, m);
}

/** A message was handled: the next one, or the same again, or it goes to the dead letters. */
export function handled(simulation: Simulation, r: number, cursor: number, ok: boolean): void {
  const { plan, world, probe } = simulation;
  const { cursors } = world;
  const { attemptsMax = Infinity, backoffUs = 0 } = plan.cursors[cursor] ?? {};
  cursors.handling[cursor] = -1;
  const attempts = (cursors.attempts[cursor] as number) + 1;
  if (ok) {
    cursors.handled[cursor] = (cursors.handled[cursor] as number) + 1;
    return advance(simulation, cursor);
  }
  cursors.failed[cursor] = (cursors.failed[cursor] as number) + 1;
  const last = attempts >= attemptsMax;
  if (probe !== null) {
    probe.happened(world, { kind: 'delivery-failed', request: r, cursor, attempts, last });
  }
  if (last) {
    cursors.deadLetters[cursor] = (cursors.deadLetters[cursor] as number) + 1;
    return advance(simulation, cursor);
  }
  cursors.attempts[cursor] = attempts;
  deliverAfter(simulation, cursor, backoffUs);
}

/** Shortest pause before the same message again, µs: without any, time would stand still. */
const pauseMinUs = 1_000;

function deliverAfter({ world }: Simulation, cursor: number, us: number): void {
  const { cursors, clock, events } = world;
  const at = (clock[0] as number) + Math.max(pauseMinUs, us);
  cursors.timer[cursor] = schedule(events, at, EventType.redelivery, cursor);
}

/** Whether the first message of a line is one that nobody can handle. */
export function isPoison({ world }: Pick<Simulation, 'world'>, cursor: number): boolean {
  const m = world.cursors.head[cursor] as number;
  return m >= 0 && world.messages.poison[m] === 1;
}

/** Drops the first message of a line; a request that handles it goes on for nothing. */
export function skip(simulation: Simulation, cursor: number): void {
  const { cursors, requests } = simulation.world;
  const r = cursors.handling[cursor] as number;
  if (r >= 0) requests.cursor[r] = -1;
  cursors.handling[cursor] = -1;
  cursors.timer[cursor] = 0;
  if ((cursors.head[cursor] as number) < 0) return;
  cursors.skipped[cursor] = (cursors.skipped[cursor] as number) + 1;
  advance(simulation, cursor);
}

/** Time until the group has agreed on who takes the partitions of a consumer that died, µs. */
const rebalanceUs = 3_000_000;

/** The process that handled a message died: somebody else gets it when the group has settled. */
export function redeliverLater(simulation: Simulation, r: number): void {
  const cursor = simulation.world.requests.cursor[r] as number;
  simulation.world.cursors.handling[cursor] = -1;
  deliverAfter(simulation, cursor, rebalanceUs);
}

export function redeliver(simulation: Simulation, cursor: number): void {
  simulation.world.cursors.timer[cursor] = 0;
  pump(simulation, cursor);
}

/** Instances of a consumer have changed, or it goes on: lines that stand still may move. */
export function rebalance(simulation: Simulation, service: number): void {
  simulation.plan.cursors.forEach((place, cursor) => {
    if (place.service === service) pump(simulation, cursor);
  });
}

/**
 * How far a service is behind with what it consumes, µs: the age of the message that it has not handled yet,
 * in the partition that a key falls into. 0 for a service that consumes nothing.
 */
export function behindUs({ plan, world }: Simulation, service: number, key: number): number {
  const lines = plan.consumerCursors[service] ?? [];
  const cursor = lines[key % lines.length];
  const first = cursor === undefined ? -1 : (world.cursors.head[cursor] as number);
  return first < 0 ? 0 : (world.clock[0] as number) - (world.messages.at[first] as number);
}

/** Partitions are dealt to the instances that run and stay, in turn; -1 where none does. */
function ownerOf({ plan, world }: Simulation, service: number, partition: number): number {
  const { state, leaving } = world.instances;
  const members: number[] = [];
  const end = plan.instanceBase[service + 1] as number;
  for (let i = plan.instanceBase[service] as number; i < end; i++) {
    if (state[i] === InstanceState.up && leaving[i] === 0) members.push(i);
  }
  return members[partition % members.length] ?? -1;
}

/** The first message of a line is done with. */
function advance(simulation: Simulation, cursor: number): void {
  const { cursors, messages } = simulation.world;
  const m = cursors.head[cursor] as number;
  const next = messages.next[m] as number;
  cursors.head[cursor] = next;
  if (next < 0) cursors.tail[cursor] = -1;
  cursors.length[cursor] = (cursors.length[cursor] as number) - 1;
  cursors.attempts[cursor] = 0;
  freeMessage(messages, m);
  // By an event, so that a long line never deepens the stack.
  const { clock, events } = simulation.world;
  if (next < 0) return;
  cursors.timer[cursor] = schedule(events, clock[0] as number, EventType.redelivery, cursor);
}

function append({ world }: Simulation, cursor: number): number {
  const { cursors, messages } = world;
  const m = allocateMessage(messages);
  messages.next[m] = -1;
  messages.poison[m] = 0;
  messages.traffic[m] = -1;
  messages.number[m] = 0;
  messages.keep[m] = 0;
  messages.at[m] = world.clock[0] as number;
  const tail = cursors.tail[cursor] as number;
  if (tail < 0) cursors.head[cursor] = m;
  else messages.next[tail] = m;
  cursors.tail[cursor] = m;
  cursors.received[cursor] = (cursors.received[cursor] as number) + 1;
  cursors.length[cursor] = (cursors.length[cursor] as number) + 1;
  return m;
}
