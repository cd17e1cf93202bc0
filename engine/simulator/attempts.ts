/**
 * Attempts of a call: what the client library refuses, the wait for a connection, the way through the
 * network, the timeout, and whether to try again.
 */
import { exponential, uniform } from '../replay/random.ts';
import { nextInstance } from './balancer.ts';
import { EventType, schedule } from './events.ts';
import { admit } from './instances.ts';
import { clientGate, connect, countAttempt, earnRetry, linkOf, spendRetry } from './links.ts';
import { delayBetween } from './network.ts';
import type { Plan } from './plan.ts';
import { acceptsConnection, hasRoom, joinLine, releaseLease, takeLease } from './pools.ts';
import { behindUs } from './queues.ts';
import { lagUs } from './replicas.ts';
import { Origin, Outcome, outcomeCount, Phase } from './requests.ts';
import type { Simulation } from './simulation.ts';

export interface CallTable {
  /** µs; Infinity for no limit. */
  readonly timeoutUs: Float64Array;
  readonly retriesMax: Int32Array;
  readonly backoffUs: Float64Array;
  readonly probability: Float64Array;
  /** 1 where the client keeps count: a breaker, a budget or a bulkhead. */
  readonly guarded: Uint8Array;
  /** Attempts begun, sent to the callee, and ended by outcome (`outcomeCount` columns a call). */
  readonly attempts: Float64Array;
  readonly sent: Float64Array;
  readonly ended: Float64Array;
  /** Those whose caller died meanwhile. */
  readonly lost: Float64Array;
}

export function makeCalls({ calls, callGuarded }: Plan): CallTable {
  return {
    timeoutUs: Float64Array.from(calls, (call) => call.timeoutUs),
    retriesMax: Int32Array.from(calls, (call) => call.retries.max),
    backoffUs: Float64Array.from(calls, (call) => call.retries.backoffUs),
    probability: Float64Array.from(calls, (call) => call.probability),
    guarded: callGuarded.slice(),
    attempts: new Float64Array(calls.length),
    sent: new Float64Array(calls.length),
    ended: new Float64Array(calls.length * outcomeCount),
    lost: new Float64Array(calls.length),
  };
}

/** Begins an attempt. Returns ok, or the outcome of one that ended before it was under way. */
export function beginAttempt(simulation: Simulation, r: number): number {
  const { plan, world } = simulation;
  const { requests, calls, links, pools } = world;
  const call = requests.call[r] as number;
  const now = world.clock[0] as number;
  calls.attempts[call] = (calls.attempts[call] as number) + 1;
  requests.attemptAt[r] = now;
  requests.gated[r] = 0;
  if (calls.guarded[call] === 1) {
    const link = linkOf(simulation, r);
    if (requests.attempt[r] === 0) earnRetry(simulation, link, call);
    const refused = clientGate(simulation, link, call);
    if (refused !== Outcome.ok) return refused;
    requests.gated[r] = 1;
    links.active[link] = (links.active[link] as number) + 1;
  }
  const pool = plan.callPool[call] as number;
  if (pool < 0) return send(simulation, r);
  const part = poolPartOf(simulation, pool, r);
  if (hasRoom(simulation, part)) {
    if (!acceptsConnection(simulation, pool)) return Outcome.connectionsFull;
    takeLease(simulation, part, r);
    return sendLeased(simulation, r);
  }
  requests.phase[r] = Phase.leasing;
  joinLine(simulation, part, r);
  const until = now + (pools.timeoutUs[pool] as number);
  requests.timer[r] = schedule(world.events, until, EventType.poolTimeout, r);
  return Outcome.ok;
}

/** A connection is there: at once, or by an event after a wait. */
export function sendLeased(simulation: Simulation, r: number): number {
  const { world, probe } = simulation;
  if (probe !== null) probe.leased(world, r, world.requests.lease[r] as number);
  return send(simulation, r);
}

function send(simulation: Simulation, r: number): number {
  const { plan, world } = simulation;
  const { requests } = world;
  const call = requests.call[r] as number;
  requests.sentAt[r] = world.clock[0] as number;
  requests.timer[r] = 0;
  if (plan.callConnects[call] === 1) {
    const { outcome, delayUs } = connect(simulation, r, linkOf(simulation, r), call);
    if (outcome !== Outcome.ok) {
      return delayUs > 0 ? hold(simulation, r, outcome, delayUs) : outcome;
    }
  }
  if (!plan.networked) return deliver(simulation, r, -1);
  const callee = plan.endpointService[plan.callTo[call] as number] as number;
  const target = nextInstance(simulation, callee);
  const delayUs =
    target < 0 ? 0 : delayBetween(simulation, requests.instance[r] as number, target, call);
  if (delayUs === 0) return deliver(simulation, r, target);
  if (delayUs >= (world.calls.timeoutUs[call] as number)) {
    return hold(simulation, r, Outcome.timeout, delayUs);
  }
  requests.phase[r] = Phase.travelling;
  requests.target[r] = target;
  const at = (world.clock[0] as number) + delayUs;
  requests.timer[r] = schedule(world.events, at, EventType.delivery, r);
  return Outcome.ok;
}

/** Waits for what will not come: until it fails by itself, or the caller gives up. */
function hold(simulation: Simulation, r: number, outcome: number, delayUs: number): number {
  const { requests, calls, clock, events } = simulation.world;
  const timeoutUs = calls.timeoutUs[requests.call[r] as number] as number;
  requests.phase[r] = Phase.travelling;
  requests.answer[r] = delayUs < timeoutUs ? outcome : Outcome.timeout;
  const at = (clock[0] as number) + Math.min(delayUs, timeoutUs);
  requests.timer[r] = schedule(events, at, EventType.undelivered, r);
  return Outcome.ok;
}

/** Brings a request to its callee; the timeout counts from when it was sent. */
export function deliver(simulation: Simulation, r: number, target: number): number {
  const { plan, world } = simulation;
  const { requests, calls } = world;
  const call = requests.call[r] as number;
  calls.sent[call] = (calls.sent[call] as number) + 1;
  requests.phase[r] = Phase.calling;
  requests.timer[r] = 0;
  const callee = plan.callTo[call] as number;
  const traffic = requests.traffic[r] as number;
  const number = requests.number[r] as number;
  const child = admit(simulation, callee, r, traffic, number, Origin.call, target);
  if (child < 0) return -child;
  requests.child[r] = child;
  const timeout = calls.timeoutUs[call] as number;
  if (timeout < Infinity) {
    // On its way here the timeout may have been changed to one that is over.
    const at = Math.max(world.clock[0] as number, (requests.sentAt[r] as number) + timeout);
    requests.timer[r] = schedule(world.events, at, EventType.callTimeout, r);
  }
  return Outcome.ok;
}

/**
 * Counts an attempt that is over and gives back what it held. Returns its outcome as the caller sees it;
 * the request is pausing then where it will try again.
 */
export function stopAttempt(simulation: Simulation, r: number, outcome: number): number {
  const { world, probe } = simulation;
  const { requests, calls, links } = world;
  const call = requests.call[r] as number;
  requests.child[r] = -1;
  requests.timer[r] = 0;
  requests.phase[r] = Phase.calling;
  const result = outcome === Outcome.ok && isStale(simulation, r, call) ? Outcome.stale : outcome;
  if (requests.gated[r] === 1) {
    const link = linkOf(simulation, r);
    links.active[link] = (links.active[link] as number) - 1;
    countAttempt(simulation, link, r, result);
  }
  const column = call * outcomeCount + result;
  calls.ended[column] = (calls.ended[column] as number) + 1;
  const pauseUs = result === Outcome.ok ? -1 : pauseBefore(simulation, r, call, result);
  if (probe !== null) probe.attempted(world, r, result, pauseUs);
  if ((requests.lease[r] as number) >= 0) releaseLease(simulation, r);
  if (pauseUs >= 0) {
    requests.attempt[r] = (requests.attempt[r] as number) + 1;
    requests.phase[r] = Phase.pausing;
    const at = (world.clock[0] as number) + pauseUs;
    requests.timer[r] = schedule(world.events, at, EventType.retry, r);
  }
  return result;
}

/** A request is lost with its process, and the attempt that it was making with it. */
export function loseAttempt(simulation: Simulation, r: number): void {
  const { requests, calls, links } = simulation.world;
  const phase = requests.phase[r] as number;
  const waits = phase === Phase.leasing || phase === Phase.travelling || phase === Phase.calling;
  if (!waits || requests.lookup[r] === 1) return;
  const call = requests.call[r] as number;
  calls.lost[call] = (calls.lost[call] as number) + 1;
  if (requests.gated[r] === 0) return;
  const link = linkOf(simulation, r);
  links.active[link] = (links.active[link] as number) - 1;
}

/** The pause before another attempt, µs; -1 where there is none. */
function pauseBefore(simulation: Simulation, r: number, call: number, outcome: number): number {
  const { plan, world } = simulation;
  const { requests, calls, services } = world;
  const attempt = requests.attempt[r] as number;
  if (attempt >= (calls.retriesMax[call] as number) || isFinal(outcome)) return -1;
  const caller = plan.endpointService[requests.endpoint[r] as number] as number;
  if (services.retriesOff[caller] === 1) return -1;
  if (calls.guarded[call] === 1 && !spendRetry(simulation, linkOf(simulation, r), call)) {
    return -1;
  }
  const jitter = plan.calls[call]?.retries.jitter ?? 1;
  const bound = (calls.backoffUs[call] as number) * 2 ** attempt;
  if (jitter === 0) return Math.floor(bound);
  const drawn = uniform(world.streams, plan.streams.backoff + call);
  return Math.floor(bound * (1 - jitter + jitter * drawn));
}

/** Answers that the same request would get again. */
function isFinal(outcome: number): boolean {
  return (
    outcome === Outcome.breakerOpen || outcome === Outcome.bulkheadFull || outcome === Outcome.stale
  );
}

/** Whether a copy answered, of a database or of what was published, with data older than the caller can use. */
function isStale(simulation: Simulation, r: number, call: number): boolean {
  const { plan, world } = simulation;
  const freshUs = plan.calls[call]?.freshUs ?? null;
  if (freshUs === null) return false;
  const callee = plan.endpointService[plan.callTo[call] as number] as number;
  const age = freshUs * exponential(world.streams, plan.streams.freshness + call);
  const behind = behindUs(simulation, callee, world.requests.number[r] as number);
  return Math.max(lagUs(simulation, callee), behind) > age;
}

/** The part of a pool that belongs to the instance a request runs on. */
export function poolPartOf({ plan, world }: Simulation, pool: number, r: number): number {
  const service = plan.poolService[pool] as number;
  const ordinal = (world.requests.instance[r] as number) - (plan.instanceBase[service] as number);
  return (plan.poolPartBase[pool] as number) + ordinal;
}
