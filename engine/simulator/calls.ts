/**
 * The life of a request after its own work: calls one after the other, or several at the same time. A
 * request keeps its worker slot all the while. A caller that has given up goes on; the work it asked for
 * still runs to its end.
 *
 * A call asks a cache first, where it has one, and is then made in attempts (`attempts.ts`). Calls of a
 * group are made by branches: rows of the request's own, that hold no slot and end in `branchEnded`.
 */
import { uniform } from '../replay/random.ts';
import { beginAttempt, deliver, stopAttempt } from './attempts.ts';
import { drawEntry, fill, joinFiller, lookUp, releaseWaiters, shardOf } from './caches.ts';
import { sliceDone } from './cores.ts';
import { EventType, schedule } from './events.ts';
import { admit, endRequest } from './instances.ts';
import { startupEnded } from './lifecycle.ts';
import { delayBetween } from './network.ts';
import { ownFailure } from './own-failures.ts';
import { handled, publish } from './queues.ts';
import { replicate } from './replicas.ts';
import { allocateRequest, freeRequest, Origin, Outcome, Phase } from './requests.ts';
import type { Simulation } from './simulation.ts';
import { userAnswered } from './traffic.ts';

/** How long a request waits for a cache before it asks the origin, µs. */
const lookupTimeoutUs = 250_000;

/** Own work, or a slice of it, is done: go on working, fail, or make the first call. */
export function workDone(simulation: Simulation, r: number): void {
  const { plan, world } = simulation;
  const { requests } = world;
  requests.timer[r] = 0;
  if (requests.origin[r] !== Origin.startup && !sliceDone(simulation, r)) return;
  const cause = ownFailure(simulation, r);
  if (cause !== Outcome.ok) {
    requests.cause[r] = cause === Outcome.failed ? Outcome.ok : cause;
    return finish(simulation, r, Outcome.failed);
  }
  callFrom(simulation, r, plan.callBase[requests.endpoint[r] as number] as number);
}

/** Makes the first call from `call` on that this request makes at all; after the last one it is done. */
function callFrom(simulation: Simulation, r: number, call: number): void {
  const { plan, world } = simulation;
  const { requests } = world;
  const end = plan.callBase[(requests.endpoint[r] as number) + 1] as number;
  for (let c = call; c < end; c++) {
    const groupEnd = plan.callGroupEnd[c] as number;
    if (groupEnd > c + 1) return callGroup(simulation, r, c, groupEnd);
    if (!isMade(simulation, c)) continue;
    requests.call[r] = c;
    requests.round[r] = 0;
    return startCall(simulation, r);
  }
  finish(simulation, r, Outcome.ok);
}

function isMade({ plan, world }: Simulation, call: number): boolean {
  const flag = plan.callFlag[call] as number;
  if (flag >= 0 && world.flags[flag] === 0) return false;
  const probability = world.calls.probability[call] as number;
  return probability >= 1 || uniform(world.streams, plan.streams.presence + call) < probability;
}

/** Makes the calls from `from` to `to` at the same time; the request goes on when all have ended. */
function callGroup(simulation: Simulation, r: number, from: number, to: number): void {
  const { requests } = simulation.world;
  const branches: number[] = [];
  for (let c = from; c < to; c++) {
    if (isMade(simulation, c)) branches.push(makeBranch(simulation, r, c));
  }
  requests.phase[r] = Phase.gathering;
  requests.timer[r] = 0;
  requests.cause[r] = Outcome.ok;
  requests.round[r] = to;
  // One more than there are, so that calls that end at once do not end the group before all have begun.
  requests.pending[r] = branches.length + 1;
  for (const branch of branches) startCall(simulation, branch);
  branchDone(simulation, r);
}

function makeBranch({ world }: Simulation, r: number, call: number): number {
  const { requests } = world;
  const b = allocateRequest(requests);
  requests.endpoint[b] = requests.endpoint[r] as number;
  requests.instance[b] = requests.instance[r] as number;
  requests.parent[b] = r;
  requests.child[b] = -1;
  requests.call[b] = call;
  requests.round[b] = 0;
  requests.cause[b] = Outcome.ok;
  requests.lease[b] = -1;
  requests.traffic[b] = requests.traffic[r] as number;
  requests.number[b] = requests.number[r] as number;
  requests.origin[b] = Origin.branch;
  requests.cursor[b] = -1;
  requests.keep[b] = requests.keep[r] as number;
  requests.spanHigh[b] = requests.spanHigh[r] as number;
  requests.spanLow[b] = requests.spanLow[r] as number;
  requests.arrivedAt[b] = requests.arrivedAt[r] as number;
  requests.startedAt[b] = requests.startedAt[r] as number;
  return b;
}

function branchEnded(simulation: Simulation, b: number, outcome: number): void {
  const { requests } = simulation.world;
  const r = requests.parent[b] as number;
  if (outcome !== Outcome.ok && requests.cause[r] === Outcome.ok) {
    requests.cause[r] = outcome;
    requests.call[r] = requests.call[b] as number;
    requests.attemptAt[r] = requests.attemptAt[b] as number;
    requests.answer[r] = requests.answer[b] as number;
  }
  freeRequest(requests, b);
  branchDone(simulation, r);
}

function branchDone(simulation: Simulation, r: number): void {
  const { requests } = simulation.world;
  const left = (requests.pending[r] as number) - 1;
  requests.pending[r] = left;
  if (left > 0) return;
  if (requests.cause[r] !== Outcome.ok) return finish(simulation, r, Outcome.failed);
  callFrom(simulation, r, requests.round[r] as number);
}

/** Begins one round of a call: from memory, by asking the cache, or by an attempt. */
function startCall(simulation: Simulation, r: number): void {
  const { plan, world } = simulation;
  const { requests } = world;
  const call = requests.call[r] as number;
  const cache = plan.callCache[call] as number;
  requests.attempt[r] = 0;
  requests.lookup[r] = 0;
  requests.cacheEntry[r] = -1;
  if (cache < 0) return attempt(simulation, r);
  const entry = drawEntry(simulation, cache, requests.instance[r] as number);
  requests.cacheEntry[r] = entry;
  if (plan.caches[cache]?.store) return askStore(simulation, r, cache, entry);
  if (lookUp(simulation, cache, entry)) return roundDone(simulation, r);
  missed(simulation, r, cache);
}

function askStore(simulation: Simulation, r: number, cache: number, entry: number): void {
  const { plan, world } = simulation;
  const { requests, clock, events } = world;
  const now = clock[0] as number;
  const shard = shardOf(simulation, cache, entry);
  requests.lookup[r] = 1;
  requests.attemptAt[r] = now;
  requests.target[r] = shard;
  if (!plan.networked) return lookUpAt(simulation, r, shard);
  const call = requests.call[r] as number;
  const delayUs = delayBetween(simulation, requests.instance[r] as number, shard, call);
  if (delayUs === 0) return lookUpAt(simulation, r, shard);
  const comes = delayUs < lookupTimeoutUs;
  const type = comes ? EventType.delivery : EventType.undelivered;
  requests.phase[r] = Phase.travelling;
  requests.answer[r] = Outcome.timeout;
  const at = now + Math.min(delayUs, lookupTimeoutUs);
  requests.timer[r] = schedule(events, at, type, r);
}

/** The question has come to the instance of the store that would know. */
function lookUpAt(simulation: Simulation, r: number, shard: number): void {
  const { plan, world } = simulation;
  const { requests, caches, events } = world;
  const cache = plan.callCache[requests.call[r] as number] as number;
  const endpoint = plan.cacheEndpoint[cache] as number;
  caches.lookups[cache] = (caches.lookups[cache] as number) + 1;
  requests.phase[r] = Phase.calling;
  requests.timer[r] = 0;
  const traffic = requests.traffic[r] as number;
  const number = requests.number[r] as number;
  const child = admit(simulation, endpoint, r, traffic, number, Origin.call, shard);
  if (child < 0) return lookedUp(simulation, r, false);
  requests.child[r] = child;
  const until = (requests.attemptAt[r] as number) + lookupTimeoutUs;
  requests.timer[r] = schedule(events, until, EventType.callTimeout, r);
}

/** A request on its way has come to where it was sent. */
export function delivered(simulation: Simulation, r: number): void {
  const { requests } = simulation.world;
  const target = requests.target[r] as number;
  if (requests.lookup[r] === 1) return lookUpAt(simulation, r, target);
  const outcome = deliver(simulation, r, target);
  if (outcome !== Outcome.ok) attemptEnded(simulation, r, outcome);
}

/** The cache has answered, or not: what it does not remember is asked of the origin. */
function lookedUp(simulation: Simulation, r: number, answered: boolean): void {
  const { plan, world } = simulation;
  const { requests, caches } = world;
  const cache = plan.callCache[requests.call[r] as number] as number;
  requests.child[r] = -1;
  requests.timer[r] = 0;
  requests.lookup[r] = 0;
  if (!answered) caches.misses[cache] = (caches.misses[cache] as number) + 1;
  else if (lookUp(simulation, cache, requests.cacheEntry[r] as number)) {
    return roundDone(simulation, r);
  }
  missed(simulation, r, cache);
}

function missed(simulation: Simulation, r: number, cache: number): void {
  if (!joinFiller(simulation, cache, r)) attempt(simulation, r);
}

/** Tries; an attempt that cannot even be sent has ended. */
export function attempt(simulation: Simulation, r: number): void {
  const refused = beginAttempt(simulation, r);
  if (refused !== Outcome.ok) attemptEnded(simulation, r, refused);
}

/** The caller stops waiting; its callee does not notice. */
export function callTimedOut(simulation: Simulation, r: number): void {
  const { requests } = simulation.world;
  requests.parent[requests.child[r] as number] = -1;
  attemptEnded(simulation, r, Outcome.timeout);
}

/** An attempt is over: go on, try again after a pause, or give up and fail. */
export function attemptEnded(simulation: Simulation, r: number, outcome: number): void {
  const { plan, world } = simulation;
  const { requests } = world;
  if (requests.lookup[r] === 1) return lookedUp(simulation, r, outcome === Outcome.ok);
  const result = stopAttempt(simulation, r, outcome);
  if (result === Outcome.ok) {
    const entry = requests.cacheEntry[r] as number;
    if (entry >= 0) {
      fill(simulation, plan.callCache[requests.call[r] as number] as number, entry);
      releaseWaiters(simulation, r, true);
    }
    return roundDone(simulation, r);
  }
  if (requests.phase[r] === Phase.pausing) return;
  releaseWaiters(simulation, r, false);
  callFailed(simulation, r, result);
}

/** One round of a call is done: the next round, or the next call. */
export function roundDone(simulation: Simulation, r: number): void {
  const { plan, world } = simulation;
  const { requests } = world;
  const call = requests.call[r] as number;
  if (requests.origin[r] === Origin.branch) {
    const round = (requests.round[r] as number) + 1;
    requests.round[r] = round;
    if (round < (plan.callTimes[call] as number)) return startCall(simulation, r);
    return branchEnded(simulation, r, Outcome.ok);
  }
  if ((plan.callTimes[call] as number) > 1) {
    const round = (requests.round[r] as number) + 1;
    requests.round[r] = round;
    if (round < (plan.callTimes[call] as number)) return startCall(simulation, r);
  }
  callFrom(simulation, r, call + 1);
}

/** A call has failed for good: the request goes on without it, or fails. */
export function callFailed(simulation: Simulation, r: number, outcome: number): void {
  const { plan, world } = simulation;
  const { requests } = world;
  const call = requests.call[r] as number;
  const optional = plan.calls[call]?.optional === true;
  if (requests.origin[r] === Origin.branch) {
    return branchEnded(simulation, r, optional ? Outcome.ok : outcome);
  }
  if (optional) return callFrom(simulation, r, call + 1);
  requests.cause[r] = outcome;
  finish(simulation, r, Outcome.failed);
}

/** Ends a request and tells its caller, if one still waits. */
export function finish(simulation: Simulation, r: number, outcome: number): void {
  const { plan, world } = simulation;
  const { requests } = world;
  const origin = requests.origin[r] as number;
  if (origin === Origin.startup) return startupEnded(simulation, r, outcome === Outcome.ok);
  const parent = requests.parent[r] as number;
  const cursor = requests.cursor[r] as number;
  const endpoint = requests.endpoint[r] as number;
  if (parent >= 0) requests.answer[parent] = requests.cause[r] as number;
  if (outcome === Outcome.ok && plan.hasEffect[endpoint] === 1) {
    replicate(simulation, endpoint);
    publish(simulation, endpoint, r);
  }
  if (origin === Origin.user) userAnswered(simulation, r, outcome);
  endRequest(simulation, r, outcome);
  if (cursor >= 0) handled(simulation, r, cursor, outcome === Outcome.ok);
  if (parent >= 0) attemptEnded(simulation, parent, outcome);
}
