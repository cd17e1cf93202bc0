/** What callers are told to do otherwise, and what a service takes in at all. */
import { trip } from '../links.ts';
import { resizePool } from '../pools.ts';
import type { Simulation } from '../simulation.ts';
import type { ActionOf } from './action.ts';

export function shedLoad({ world }: Simulation, { service, share }: ActionOf<'shed-load'>): void {
  world.services.shedShare[service] = share;
}

export function disableRetries(
  { world }: Simulation,
  { service }: ActionOf<'disable-retries'>,
): void {
  if (service === null) world.services.retriesOff.fill(1);
  else world.services.retriesOff[service] = 1;
}

export function raisePool(
  simulation: Simulation,
  { service, pool, size }: ActionOf<'raise-pool'>,
): void {
  resizePool(simulation, (simulation.plan.poolBase[service] as number) + pool, size);
}

export function raiseTimeout(
  simulation: Simulation,
  { service, callee, timeoutUs }: ActionOf<'raise-timeout'>,
): void {
  for (const c of callsBetween(simulation, service, callee)) {
    simulation.world.calls.timeoutUs[c] = timeoutUs;
  }
}

/** Calls fail at once from now on, and cost nobody anything. */
export function openBreaker(
  simulation: Simulation,
  { service, callee }: ActionOf<'open-breaker'>,
): void {
  const { plan, world } = simulation;
  for (const c of callsBetween(simulation, service, callee)) {
    world.calls.guarded[c] = 1;
    for (let l = plan.linkBase[c] as number; l < (plan.linkBase[c + 1] as number); l++) {
      trip(simulation, l, c, Infinity);
    }
  }
}

function callsBetween({ plan }: Simulation, caller: number, callee: number): number[] {
  return [...plan.calls.keys()].filter(
    (c) =>
      plan.endpointService[plan.callFrom[c] as number] === caller &&
      plan.endpointService[plan.callTo[c] as number] === callee,
  );
}
