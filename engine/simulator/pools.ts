/** Connection pools, one part per instance: leases, first-come waiting, leases never given back. */
import { uniform } from '../replay/random.ts';
import { EventType, schedule } from './events.ts';
import type { Simulation } from './simulation.ts';
import type { World } from './world.ts';

/** Takes a connection of a part for a request; false where the request has to wait. */
export function takeLease({ plan, world }: Simulation, part: number, r: number): boolean {
  const { pools } = world;
  const pool = plan.poolPartPool[part] as number;
  if ((pools.partUsed[part] as number) >= (pools.size[pool] as number)) return false;
  touchPool(world, pool);
  pools.used[pool] = (pools.used[pool] as number) + 1;
  pools.partUsed[part] = (pools.partUsed[part] as number) + 1;
  world.requests.lease[r] = part;
  return true;
}

/** Puts a request at the end of a part's line. */
export function joinLine({ world }: Simulation, part: number, r: number): void {
  const { requests, pools } = world;
  const tail = pools.partTail[part] as number;
  requests.previous[r] = tail;
  requests.next[r] = -1;
  if (tail < 0) pools.partHead[part] = r;
  else requests.next[tail] = r;
  pools.partTail[part] = r;
  pools.partWaiting[part] = (pools.partWaiting[part] as number) + 1;
}

/** Takes a request out of a part's line, wherever it stands. */
export function leaveLine({ world }: Simulation, part: number, r: number): void {
  const { requests, pools } = world;
  const previous = requests.previous[r] as number;
  const next = requests.next[r] as number;
  if (previous < 0) pools.partHead[part] = next;
  else requests.next[previous] = next;
  if (next < 0) pools.partTail[part] = previous;
  else requests.previous[next] = previous;
  pools.partWaiting[part] = (pools.partWaiting[part] as number) - 1;
}

/**
 * Gives a request's connection back: to the first in line, by an event of this moment so that a long
 * line never deepens the stack, or to the pool. A leaked one stays out.
 */
export function releaseLease(simulation: Simulation, r: number): void {
  const { plan, world } = simulation;
  const { requests, pools } = world;
  const part = requests.lease[r] as number;
  requests.lease[r] = -1;
  const pool = plan.poolPartPool[part] as number;
  const share = pools.leakShare[pool] as number;
  if (share > 0 && uniform(world.streams, plan.streams.leak + pool) < share) {
    pools.partLeaked[part] = (pools.partLeaked[part] as number) + 1;
    return;
  }
  const first = pools.partHead[part] as number;
  if (first >= 0 && (pools.partUsed[part] as number) <= (pools.size[pool] as number)) {
    leaveLine(simulation, part, first);
    requests.lease[first] = part;
    const now = world.clock[0] as number;
    requests.timer[first] = schedule(world.events, now, EventType.leaseGranted, first);
    return;
  }
  touchPool(world, pool);
  pools.used[pool] = (pools.used[pool] as number) - 1;
  pools.partUsed[part] = (pools.partUsed[part] as number) - 1;
}

/** Empties the parts of an instance: its process is gone, and the connections with it. */
export function resetPools({ plan, world }: Simulation, instance: number): void {
  const { pools } = world;
  const service = plan.instanceService[instance] as number;
  const ordinal = instance - (plan.instanceBase[service] as number);
  const end = plan.poolBase[service + 1] as number;
  for (let pool = plan.poolBase[service] as number; pool < end; pool++) {
    const part = (plan.poolPartBase[pool] as number) + ordinal;
    touchPool(world, pool);
    pools.used[pool] = (pools.used[pool] as number) - (pools.partUsed[part] as number);
    pools.partUsed[part] = 0;
    pools.partLeaked[part] = 0;
    pools.partWaiting[part] = 0;
    pools.partHead[part] = -1;
    pools.partTail[part] = -1;
  }
}

/** Brings a pool's integral up to now. */
export function touchPool({ pools, clock }: World, pool: number): void {
  const now = clock[0] as number;
  const elapsed = now - (pools.touchedAt[pool] as number);
  if (elapsed === 0) return;
  pools.usedIntegral[pool] =
    (pools.usedIntegral[pool] as number) + elapsed * (pools.used[pool] as number);
  pools.touchedAt[pool] = now;
}
