/**
 * Users: open loop, so they keep coming however slow the answers are. Arrivals are a Poisson process;
 * a daily or weekly shape is cut from a faster one by thinning (Lewis and Shedler, 1979). Some users go
 * away when it takes too long, and some of those try again. Probes come like a clock, batches at once.
 */
import { exponential, uniform } from '../replay/random.ts';
import { EventType, schedule } from './events.ts';
import { admit } from './instances.ts';
import type { Plan } from './plan.ts';
import { Origin, Outcome } from './requests.ts';
import { levelAt, shapes } from './shapes.ts';
import { countAbandoned } from './sli.ts';
import type { Simulation } from './simulation.ts';

export interface TrafficTable {
  /** Requests per µs before shape and factors. */
  readonly rate: Float64Array;
  /** What faults, and what surges, multiply it by. */
  readonly factor: Float64Array;
  readonly surge: Float64Array;
  /** Exact time of the next candidate, µs, and the sequence of its event. */
  readonly nextAt: Float64Array;
  readonly timer: Float64Array;
  /** Requests so far; of a batch, those that are still to come. */
  readonly count: Float64Array;
  readonly burstLeft: Float64Array;
  /** Users that went away, and requests that were made again. */
  readonly abandoned: Float64Array;
  readonly reloaded: Float64Array;
}

export function makeTraffic({ scenario: { traffic } }: Plan): TrafficTable {
  const column = (): Float64Array => new Float64Array(traffic.length);
  return {
    rate: Float64Array.from(traffic, (entry) => entry.rate / 1e6),
    factor: column().fill(1),
    surge: column().fill(1),
    nextAt: column(),
    timer: column(),
    count: column(),
    burstLeft: column(),
    abandoned: column(),
    reloaded: column(),
  };
}

/** Schedules the first arrival of every entry, and the steps of their surges. */
export function startTraffic(simulation: Simulation): void {
  const { plan, world } = simulation;
  for (let k = 0; k < world.traffic.rate.length; k++) scheduleArrival(simulation, k);
  plan.surgeSteps.forEach(({ at }, step) => schedule(world.events, at, EventType.surge, step));
}

export function userArrives(simulation: Simulation, k: number): void {
  const { traffic } = simulation.world;
  const present = simulation.plan.trafficShape[k] === 0 || keepsCandidate(simulation, k);
  scheduleArrival(simulation, k);
  if (!present) return;
  const number = traffic.count[k] as number;
  traffic.count[k] = number + 1;
  ask(simulation, k, number, 0);
}

function ask(simulation: Simulation, k: number, number: number, reload: number): void {
  const { plan, world } = simulation;
  const { requests, clock, events } = world;
  const endpoint = plan.trafficEndpoint[k] as number;
  const r = admit(simulation, endpoint, -1, k, number, Origin.user, -1);
  const patienceUs = plan.patienceUs[k] as number;
  if (r < 0) {
    simulation.probe?.userDone(world, k, -r, 0);
    if (plan.reloads[k] === 1) tryAgain(simulation, k, reload);
    return;
  }
  requests.reload[r] = reload;
  if (patienceUs === Infinity) return;
  const until = (clock[0] as number) + patienceUs;
  requests.patience[r] = schedule(events, until, EventType.patience, r);
}

/** A user has an answer; who did not get what they came for may try again. */
export function userAnswered(simulation: Simulation, r: number, outcome: number): void {
  const { plan, world, probe } = simulation;
  const { requests, clock } = world;
  const reload = requests.reload[r] as number;
  if (reload < 0) return;
  const k = requests.traffic[r] as number;
  const us = (clock[0] as number) - (requests.arrivedAt[r] as number);
  if (probe !== null) probe.userDone(world, k, outcome, us);
  if (outcome !== Outcome.ok && plan.reloads[k] === 1) tryAgain(simulation, k, reload);
}

/** A user goes away; the request goes on for nobody. */
export function userLeaves(simulation: Simulation, r: number): void {
  const { plan, world, probe } = simulation;
  const { requests, traffic, clock } = world;
  const k = requests.traffic[r] as number;
  const reload = requests.reload[r] as number;
  traffic.abandoned[k] = (traffic.abandoned[k] as number) + 1;
  requests.patience[r] = 0;
  countAbandoned(simulation, r);
  requests.reload[r] = -1;
  const us = (clock[0] as number) - (requests.arrivedAt[r] as number);
  if (probe !== null) probe.userDone(world, k, Outcome.timeout, us);
  if (plan.reloads[k] === 1) tryAgain(simulation, k, reload);
}

/** Reloads fit beside the traffic entry in the target of an event. */
const reloadsLimit = 16;

function tryAgain({ plan, world }: Simulation, k: number, reload: number): void {
  const { reloadShare, reloadAfterUs, reloadsMax } = plan.scenario.traffic[k] ?? {
    reloadShare: 0,
    reloadAfterUs: 0,
    reloadsMax: 0,
  };
  if (reload >= Math.min(reloadsMax, reloadsLimit - 1)) return;
  const stream = plan.streams.reloads + k;
  if (uniform(world.streams, stream) >= reloadShare) return;
  const pause = reloadAfterUs * (0.5 + uniform(world.streams, stream));
  const at = Math.floor((world.clock[0] as number) + pause);
  schedule(world.events, at, EventType.reload, k * reloadsLimit + reload + 1);
}

export function userReloads(simulation: Simulation, target: number): void {
  const { traffic } = simulation.world;
  const k = Math.floor(target / reloadsLimit);
  const number = traffic.count[k] as number;
  traffic.count[k] = number + 1;
  traffic.reloaded[k] = (traffic.reloaded[k] as number) + 1;
  ask(simulation, k, number, target % reloadsLimit);
}

/** Multiplies an entry's rate from now on, by faults or by surges; the next arrival moves, its draw stays. */
export function setTrafficFactor(
  { plan, world }: Simulation,
  k: number,
  change: { readonly factor?: number; readonly surge?: number },
): void {
  const { traffic, clock, events } = world;
  const before = (traffic.factor[k] as number) * (traffic.surge[k] as number);
  traffic.factor[k] = change.factor ?? (traffic.factor[k] as number);
  traffic.surge[k] = change.surge ?? (traffic.surge[k] as number);
  const after = (traffic.factor[k] as number) * (traffic.surge[k] as number);
  if (after === before || plan.trafficUsers[k] === 0) return;
  const now = clock[0] as number;
  // Nobody comes at a rate of 0; when people come again, they come as from now.
  const left = before === 0 ? draw({ plan, world }, k, 1) : (traffic.nextAt[k] as number) - now;
  const at = after === 0 ? Infinity : now + (left * (before === 0 ? 1 : before)) / after;
  traffic.nextAt[k] = at;
  traffic.timer[k] = at < Infinity ? schedule(events, Math.floor(at), EventType.arrival, k) : 0;
}

function draw(
  { plan, world }: Pick<Simulation, 'plan' | 'world'>,
  k: number,
  factor: number,
): number {
  const { traffic, streams } = world;
  const rate = (traffic.rate[k] as number) * factor * (plan.trafficPeak[k] as number);
  return exponential(streams, plan.streams.arrivals + k) / rate;
}

/** Candidates come at the peak rate; the exact time is kept, so rounding to µs never adds up. */
function scheduleArrival({ plan, world }: Simulation, k: number): void {
  const { traffic, events } = world;
  let at: number;
  if (plan.trafficUsers[k] === 1) {
    const factor = (traffic.factor[k] as number) * (traffic.surge[k] as number);
    at = (traffic.nextAt[k] as number) + draw({ plan, world }, k, factor);
  } else at = nextByClock({ plan, world }, k);
  traffic.nextAt[k] = at;
  traffic.timer[k] = at < Infinity ? schedule(events, Math.floor(at), EventType.arrival, k) : 0;
}

/** Requests of a burst come at random within its spread; then there is a pause until the next. */
function nextByClock({ plan, world }: Pick<Simulation, 'plan' | 'world'>, k: number): number {
  const { traffic, streams } = world;
  const entry = plan.scenario.traffic[k];
  if (!entry) return Infinity;
  const { kind, everyUs, burst, spreadUs } = entry;
  const last = traffic.nextAt[k] as number;
  if (kind === 'probe') return last + everyUs;
  const left = traffic.burstLeft[k] as number;
  if (left > 0) {
    traffic.burstLeft[k] = left - 1;
    return last + (spreadUs / burst) * exponential(streams, plan.streams.arrivals + k);
  }
  traffic.burstLeft[k] = burst - 1;
  return (Math.floor(last / everyUs) + 1) * everyUs;
}

function keepsCandidate({ plan, world }: Simulation, k: number): boolean {
  const shape = shapes[plan.trafficShape[k] as number] ?? 'steady';
  const level = levelAt(shape, plan.scenario.startUnixUs + (world.clock[0] as number));
  return (
    uniform(world.streams, plan.streams.arrivals + k) < level / (plan.trafficPeak[k] as number)
  );
}
