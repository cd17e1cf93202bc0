/**
 * Users: open loop, so they keep coming however slow the answers are. Arrivals are a Poisson process;
 * a daily shape is cut from a faster one by thinning (Lewis and Shedler, 1979).
 */
import { exponential, uniform } from '../replay/random.ts';
import { EventType, schedule } from './events.ts';
import { admit } from './instances.ts';
import type { Simulation } from './simulation.ts';

const dayUs = 86_400_000_000;
/** The day swings by this share around its mean, with the peak in the afternoon, UTC. */
const dailySwing = 0.6;
const dailyPeakUs = 15 * 3_600_000_000;

/** Schedules the first arrival of every entry. */
export function startTraffic(simulation: Simulation): void {
  const { traffic } = simulation.world;
  for (let k = 0; k < traffic.rate.length; k++) scheduleArrival(simulation, k);
}

export function userArrives(simulation: Simulation, k: number): void {
  const { plan, world } = simulation;
  const { traffic } = world;
  const present = traffic.daily[k] === 0 || keepsCandidate(simulation, k);
  scheduleArrival(simulation, k);
  if (!present) return;
  const number = traffic.count[k] as number;
  traffic.count[k] = number + 1;
  const endpoint = plan.trafficEndpoint[k] as number;
  admit(simulation, endpoint, -1, k, number);
}

/** Multiplies an entry's rate from now on; the next arrival moves, its draw stays. */
export function setTrafficFactor({ world }: Simulation, k: number, factor: number): void {
  const { traffic, clock, events } = world;
  const now = clock[0] as number;
  const left = (traffic.nextAt[k] as number) - now;
  traffic.nextAt[k] = now + (left * (traffic.factor[k] as number)) / factor;
  traffic.factor[k] = factor;
  traffic.timer[k] = schedule(
    events,
    Math.floor(traffic.nextAt[k] as number),
    EventType.arrival,
    k,
  );
}

/** Candidates come at the peak rate; the exact time is kept, so rounding to µs never adds up. */
function scheduleArrival({ plan, world }: Simulation, k: number): void {
  const { traffic, events, streams } = world;
  const peak = traffic.daily[k] === 0 ? 1 : 1 + dailySwing;
  const rate = (traffic.rate[k] as number) * (traffic.factor[k] as number) * peak;
  const at = (traffic.nextAt[k] as number) + exponential(streams, plan.streams.arrivals + k) / rate;
  traffic.nextAt[k] = at;
  traffic.timer[k] = schedule(events, Math.floor(at), EventType.arrival, k);
}

function keepsCandidate({ plan, world }: Simulation, k: number): boolean {
  const wallUs = plan.scenario.startUnixUs + (world.clock[0] as number);
  const angle = (((wallUs - dailyPeakUs) % dayUs) / dayUs) * 2 * Math.PI;
  const level = (1 + dailySwing * Math.cos(angle)) / (1 + dailySwing);
  return uniform(world.streams, plan.streams.arrivals + k) < level;
}
