/** Connection pools, one part per instance: leases, first-come waiting, leases never given back. */
import { uniform } from '../replay/random.ts';
import { EventType, schedule } from './events.ts';
import type { Plan } from './plan.ts';
import { Phase } from './requests.ts';
import type { Simulation } from './simulation.ts';
import type { World } from './world.ts';

export interface PoolTable {
  /** Per pool. */
  readonly timeoutUs: Float64Array;
  readonly size: Int32Array;
  readonly used: Int32Array;
  readonly touchedAt: Float64Array;
  readonly usedIntegral: Float64Array;
  /** Over connections that were given back, µs. */
  readonly leaseSum: Float64Array;
  /** Per part: connections out (leaked ones too), share that leaks, leaked ones with the sum of when they were taken, µs. */
  readonly partUsed: Int32Array;
  readonly partLeakShare: Float64Array;
  readonly partLeaked: Int32Array;
  readonly partLeakedAtSum: Float64Array;
  readonly partWaiting: Int32Array;
  readonly partHead: Int32Array;
  readonly partTail: Int32Array;
}

export function makePools(plan: Plan): PoolTable {
  const pools = plan.scenario.services.flatMap((service) => service.pools);
  const parts = plan.poolPartPool.length;
  const column = (): Float64Array => new Float64Array(pools.length);
  return {
    timeoutUs: Float64Array.from(pools, (pool) => pool.timeoutUs),
    size: Int32Array.from(pools, (pool) => pool.size),
    used: new Int32Array(pools.length),
    touchedAt: column(),
    usedIntegral: column(),
    leaseSum: column(),
    partUsed: new Int32Array(parts),
    partLeakShare: new Float64Array(parts),
    partLeaked: new Int32Array(parts),
    partLeakedAtSum: new Float64Array(parts),
    partWaiting: new Int32Array(parts),
    partHead: new Int32Array(parts).fill(-1),
    partTail: new Int32Array(parts).fill(-1),
  };
}

/** Whether a part may open one more connection; else requests wait for one that is given back. */
export function hasRoom({ plan, world: { pools } }: Simulation, part: number): boolean {
  const pool = plan.poolPartPool[part] as number;
  return (pools.partUsed[part] as number) < (pools.size[pool] as number);
}

/** Takes a connection of a part that has room for a request. */
export function takeLease({ plan, world }: Simulation, part: number, r: number): void {
  const { pools } = world;
  const pool = plan.poolPartPool[part] as number;
  touchPool(world, pool);
  pools.used[pool] = (pools.used[pool] as number) + 1;
  pools.partUsed[part] = (pools.partUsed[part] as number) + 1;
  world.requests.lease[r] = part;
  world.requests.leasedAt[r] = world.clock[0] as number;
}

/** Whether the database behind a pool accepts one more connection. */
export function acceptsConnection({ plan, world }: Simulation, pool: number): boolean {
  const database = plan.poolCallee[pool] as number;
  const { connectionsMax = Infinity } = plan.scenario.services[database] ?? {};
  if (connectionsMax === Infinity) return true;
  let open = 0;
  for (let other = 0; other < plan.poolCallee.length; other++) {
    if (plan.poolCallee[other] === database) open += world.pools.used[other] as number;
  }
  return open < connectionsMax;
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
  const share = pools.partLeakShare[part] as number;
  if (share > 0 && uniform(world.streams, plan.streams.leak + pool) < share) {
    pools.partLeaked[part] = (pools.partLeaked[part] as number) + 1;
    pools.partLeakedAtSum[part] =
      (pools.partLeakedAtSum[part] as number) + (requests.leasedAt[r] as number);
    return;
  }
  const now = world.clock[0] as number;
  pools.leaseSum[pool] = (pools.leaseSum[pool] as number) + now - (requests.leasedAt[r] as number);
  handOn(simulation, part);
}

/** A connection of a part is free: the first in line gets it, or the pool has it back. */
function handOn(simulation: Simulation, part: number): void {
  const { plan, world } = simulation;
  const { requests, pools } = world;
  const pool = plan.poolPartPool[part] as number;
  const now = world.clock[0] as number;
  const first = pools.partHead[part] as number;
  if (first >= 0 && (pools.partUsed[part] as number) <= (pools.size[pool] as number)) {
    leaveLine(simulation, part, first);
    requests.lease[first] = part;
    requests.leasedAt[first] = now;
    requests.timer[first] = schedule(world.events, now, EventType.leaseGranted, first);
    return;
  }
  touchPool(world, pool);
  pools.used[pool] = (pools.used[pool] as number) - 1;
  pools.partUsed[part] = (pools.partUsed[part] as number) - 1;
}

/** A request that holds a connection is lost with its process. */
export function loseLease({ plan, world }: Simulation, r: number): void {
  const { requests, pools, clock } = world;
  const pool = plan.poolPartPool[requests.lease[r] as number] as number;
  pools.leaseSum[pool] =
    (pools.leaseSum[pool] as number) + (clock[0] as number) - (requests.leasedAt[r] as number);
}

/** Empties the parts of an instance: its process is gone, and the connections with it. */
export function resetPools(simulation: Simulation, instance: number): void {
  const { pools } = simulation.world;
  for (const part of partsOf(simulation, instance)) {
    forgetLeaked(simulation, part);
    const pool = simulation.plan.poolPartPool[part] as number;
    touchPool(simulation.world, pool);
    pools.used[pool] = (pools.used[pool] as number) - (pools.partUsed[part] as number);
    pools.partUsed[part] = 0;
    pools.partWaiting[part] = 0;
    pools.partHead[part] = -1;
    pools.partTail[part] = -1;
  }
}

/** Gives back what has leaked of an instance's connections; those in use stay in use. */
export function recyclePools(simulation: Simulation, instance: number): void {
  for (const part of partsOf(simulation, instance)) {
    for (let n = forgetLeaked(simulation, part); n > 0; n--) handOn(simulation, part);
  }
}

/** Ends the leases of leaked connections, which still count as used; returns how many they were. */
function forgetLeaked({ plan, world }: Simulation, part: number): number {
  const { pools, clock } = world;
  const pool = plan.poolPartPool[part] as number;
  const leaked = pools.partLeaked[part] as number;
  pools.leaseSum[pool] =
    (pools.leaseSum[pool] as number) +
    leaked * (clock[0] as number) -
    (pools.partLeakedAtSum[part] as number);
  pools.partLeaked[part] = 0;
  pools.partLeakedAtSum[part] = 0;
  return leaked;
}

function partsOf({ plan }: Simulation, instance: number): number[] {
  const service = plan.instanceService[instance] as number;
  const ordinal = instance - (plan.instanceBase[service] as number);
  const parts: number[] = [];
  const end = plan.poolBase[service + 1] as number;
  for (let pool = plan.poolBase[service] as number; pool < end; pool++) {
    parts.push((plan.poolPartBase[pool] as number) + ordinal);
  }
  return parts;
}

/** A larger pool: those in line get what is new, as far as the database takes them, part by part. */
export function resizePool(simulation: Simulation, pool: number, size: number): void {
  const { plan, world } = simulation;
  const { pools } = world;
  pools.size[pool] = size;
  const end = plan.poolPartBase[pool + 1] as number;
  for (let part = plan.poolPartBase[pool] as number; part < end; part++) {
    while ((pools.partHead[part] as number) >= 0 && hasRoom(simulation, part)) {
      if (!acceptsConnection(simulation, pool)) return;
      touchPool(world, pool);
      pools.used[pool] = (pools.used[pool] as number) + 1;
      pools.partUsed[part] = (pools.partUsed[part] as number) + 1;
      handOn(simulation, part);
    }
  }
}

/** µs so far of the connections of a pool that are out, leaked ones too. */
export function openLeaseSum({ plan, world }: Simulation, pool: number): number {
  const { pools, requests, clock } = world;
  const now = clock[0] as number;
  const from = plan.poolPartBase[pool] as number;
  const to = plan.poolPartBase[pool + 1] as number;
  let sum = 0;
  for (let part = from; part < to; part++) {
    sum += (pools.partLeaked[part] as number) * now - (pools.partLeakedAtSum[part] as number);
  }
  requests.phase.forEach((phase, r) => {
    const lease = requests.lease[r] as number;
    if (phase === Phase.free || lease < from || lease >= to) return;
    sum += now - (requests.leasedAt[r] as number);
  });
  return sum;
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
