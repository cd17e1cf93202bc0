/**
 * The life of a request after its own work: calls one after the other, each in attempts with pool
 * wait, timeout and retries. A request keeps its worker slot all the while. A caller that has given
 * up goes on; the work it asked for still runs to its end.
 */
import { uniform } from '../replay/random.ts';
import { EventType, schedule } from './events.ts';
import { admit, endRequest } from './instances.ts';
import { joinLine, leaveLine, releaseLease, takeLease } from './pools.ts';
import { Outcome, outcomeCount, Phase } from './requests.ts';
import type { Simulation } from './simulation.ts';

/** Own work is done: fail, or make the first call. */
export function workDone(simulation: Simulation, r: number): void {
  const { plan, world } = simulation;
  const { requests, endpoints } = world;
  const endpoint = requests.endpoint[r] as number;
  requests.timer[r] = 0;
  const share = endpoints.errorShare[endpoint] as number;
  if (share > 0) {
    const stream = plan.streams.outcome + (plan.endpointService[endpoint] as number);
    if (uniform(world.streams, stream) < share) return finish(simulation, r, Outcome.failed);
  }
  callFrom(simulation, r, plan.callBase[endpoint] as number);
}

/** Makes the first call from `call` on that this request makes at all; after the last one it is done. */
function callFrom(simulation: Simulation, r: number, call: number): void {
  const { plan, world } = simulation;
  const { requests, calls } = world;
  const end = plan.callBase[(requests.endpoint[r] as number) + 1] as number;
  for (let c = call; c < end; c++) {
    const probability = calls.probability[c] as number;
    if (probability < 1 && uniform(world.streams, plan.streams.presence + c) >= probability) {
      continue;
    }
    requests.call[r] = c;
    requests.attempt[r] = 0;
    return beginAttempt(simulation, r);
  }
  finish(simulation, r, Outcome.ok);
}

export function beginAttempt(simulation: Simulation, r: number): void {
  const { plan, world } = simulation;
  const { requests, calls, pools } = world;
  const call = requests.call[r] as number;
  const now = world.clock[0] as number;
  calls.attempts[call] = (calls.attempts[call] as number) + 1;
  requests.attemptAt[r] = now;
  const pool = plan.callPool[call] as number;
  if (pool < 0) return send(simulation, r);
  const part = poolPartOf(simulation, pool, r);
  if (takeLease(simulation, part, r)) return sendLeased(simulation, r);
  requests.phase[r] = Phase.leasing;
  joinLine(simulation, part, r);
  const until = now + (pools.timeoutUs[pool] as number);
  requests.timer[r] = schedule(world.events, until, EventType.poolTimeout, r);
}

/** A connection is there: at once, or by an event after a wait. */
export function sendLeased(simulation: Simulation, r: number): void {
  const { world, probe } = simulation;
  if (probe !== null) probe.leased(world, r, world.requests.lease[r] as number);
  send(simulation, r);
}

function send(simulation: Simulation, r: number): void {
  const { plan, world } = simulation;
  const { requests, calls } = world;
  const call = requests.call[r] as number;
  const now = world.clock[0] as number;
  calls.sent[call] = (calls.sent[call] as number) + 1;
  requests.phase[r] = Phase.calling;
  requests.sentAt[r] = now;
  requests.timer[r] = 0;
  const callee = plan.callTo[call] as number;
  const traffic = requests.traffic[r] as number;
  const child = admit(simulation, callee, r, traffic, requests.number[r] as number);
  if (child < 0) return attemptEnded(simulation, r, -child);
  requests.child[r] = child;
  const timeout = calls.timeoutUs[call] as number;
  if (timeout < Infinity) {
    requests.timer[r] = schedule(world.events, now + timeout, EventType.callTimeout, r);
  }
}

/** The caller stops waiting; its callee does not notice. */
export function callTimedOut(simulation: Simulation, r: number): void {
  const { requests } = simulation.world;
  requests.parent[requests.child[r] as number] = -1;
  attemptEnded(simulation, r, Outcome.timeout);
}

export function poolTimedOut(simulation: Simulation, r: number): void {
  const { plan, world } = simulation;
  const pool = plan.callPool[world.requests.call[r] as number] as number;
  leaveLine(simulation, poolPartOf(simulation, pool, r), r);
  attemptEnded(simulation, r, Outcome.poolTimeout);
}

/** An attempt is over: go on, try again after a pause, or give up and fail. */
export function attemptEnded(simulation: Simulation, r: number, outcome: number): void {
  const { plan, world, probe } = simulation;
  const { requests, calls } = world;
  const call = requests.call[r] as number;
  requests.child[r] = -1;
  requests.timer[r] = 0;
  const column = call * outcomeCount + outcome;
  calls.ended[column] = (calls.ended[column] as number) + 1;
  const attempt = requests.attempt[r] as number;
  const again = outcome !== Outcome.ok && attempt < (calls.retriesMax[call] as number);
  let pauseUs = -1;
  if (again) {
    const bound = (calls.backoffUs[call] as number) * 2 ** attempt;
    pauseUs = Math.floor(bound * uniform(world.streams, plan.streams.backoff + call));
  }
  if (probe !== null) probe.attempted(world, r, outcome, pauseUs);
  if ((requests.lease[r] as number) >= 0) releaseLease(simulation, r);
  if (outcome === Outcome.ok) return callFrom(simulation, r, call + 1);
  if (again) {
    requests.attempt[r] = attempt + 1;
    requests.phase[r] = Phase.pausing;
    const at = (world.clock[0] as number) + pauseUs;
    requests.timer[r] = schedule(world.events, at, EventType.retry, r);
    return;
  }
  requests.cause[r] = outcome;
  finish(simulation, r, Outcome.failed);
}

/** Ends a request and tells its caller, if one still waits. */
function finish(simulation: Simulation, r: number, outcome: number): void {
  const { requests } = simulation.world;
  const parent = requests.parent[r] as number;
  if (parent >= 0) requests.answer[parent] = requests.cause[r] as number;
  endRequest(simulation, r, outcome);
  if (parent >= 0) attemptEnded(simulation, parent, outcome);
}

/** The part of a pool that belongs to the instance a request runs on. */
function poolPartOf({ plan, world }: Simulation, pool: number, r: number): number {
  const service = plan.poolService[pool] as number;
  const ordinal = (world.requests.instance[r] as number) - (plan.instanceBase[service] as number);
  return (plan.poolPartBase[pool] as number) + ordinal;
}
