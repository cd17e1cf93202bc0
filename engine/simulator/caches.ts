/**
 * What is remembered of others' answers: which keys, and until when. People ask for keys by Zipf's
 * law, so few keys make most hits; a cache that starts cold, or whose keys end together, sends the
 * load to its origin.
 */
import { uniform } from '../replay/random.ts';
import { EventType, schedule } from './events.ts';
import { InstanceState } from './instance-table.ts';
import type { Plan } from './plan.ts';
import { rankOf } from './popularity.ts';
import { Phase } from './requests.ts';
import type { Simulation } from './simulation.ts';

export interface CacheTable {
  /** Requests to the store, and what came of all lookups. */
  readonly lookups: Float64Array;
  readonly hits: Float64Array;
  readonly misses: Float64Array;
  /** Per entry: when it ends, µs; 0 where nothing is remembered. */
  readonly until: Float64Array;
  /** Per entry of a cache that coalesces: request that asks for it, and last one that waits, or -1. */
  readonly filler: Int32Array;
  readonly waiters: Int32Array;
}

export function makeCaches(plan: Plan): CacheTable {
  const { caches, cacheEntryBase } = plan;
  const entries = cacheEntryBase[caches.length] as number;
  const coalescing = caches.some(({ coalesce }) => coalesce) ? entries : 0;
  const until = new Float64Array(entries);
  caches.forEach(({ warm }, c) => {
    if (warm) warmUp(plan, c, until);
  });
  return {
    lookups: new Float64Array(caches.length),
    hits: new Float64Array(caches.length),
    misses: new Float64Array(caches.length),
    until,
    filler: new Int32Array(coalescing).fill(-1),
    waiters: new Int32Array(coalescing).fill(-1),
  };
}

/** Two irrational steps spread keys evenly over a unit square, without a draw (Roberts, 2018). */
const spreadStep = 0.7548776662466927;
const spreadStepOther = 0.5698402909980532;

/**
 * A cache that has run for long: a key that is asked for λ times a second and kept for T is remembered
 * for a share λT / (1 + λT) of the time, and then its end lies anywhere within T.
 */
function warmUp(plan: Plan, cache: number, until: Float64Array): void {
  const { ttlUs = Infinity, keys = 1 } = plan.caches[cache] ?? {};
  const rate = plan.cacheRate[cache] as number;
  const weights = plan.popularity[cache] ?? new Float64Array(keys);
  const from = plan.cacheEntryBase[cache] as number;
  const to = plan.cacheEntryBase[cache + 1] as number;
  for (let entry = from; entry < to; entry++) {
    const key = (entry - from) % keys;
    const share = (weights[key] as number) - (key > 0 ? (weights[key - 1] as number) : 0);
    const asked = rate * share * ttlUs;
    const isThere = ttlUs === Infinity || (entry * spreadStep) % 1 < asked / (1 + asked);
    if (isThere)
      until[entry] = ttlUs === Infinity ? Infinity : ttlUs * ((entry * spreadStepOther) % 1);
  }
}

/** The entry that a request asks a cache for: a key by popularity, in memory or in the store. */
export function drawEntry({ plan, world }: Simulation, cache: number, instance: number): number {
  const model = plan.caches[cache];
  const weights = plan.popularity[cache];
  if (!model || !weights) return -1;
  const key = rankOf(weights, uniform(world.streams, plan.streams.keys + cache));
  const service = plan.cacheService[cache] as number;
  const ordinal = model.store ? 0 : instance - (plan.instanceBase[service] as number);
  return (plan.cacheEntryBase[cache] as number) + ordinal * model.keys + key;
}

/** Whether an entry is remembered; counts it. */
export function lookUp({ world }: Simulation, cache: number, entry: number): boolean {
  const { caches, clock } = world;
  const hit = (caches.until[entry] as number) > (clock[0] as number);
  const counter = hit ? caches.hits : caches.misses;
  counter[cache] = (counter[cache] as number) + 1;
  return hit;
}

/** Remembers an answer, unless the instance of the store that would hold it is gone. */
export function fill(simulation: Simulation, cache: number, entry: number): void {
  const { plan, world } = simulation;
  const { ttlUs = Infinity, jitter = 0 } = plan.caches[cache] ?? {};
  const share = jitter > 0 ? uniform(world.streams, plan.streams.keys + cache) : 0;
  const shard = shardOf(simulation, cache, entry);
  if (shard >= 0 && world.instances.state[shard] !== InstanceState.up) return;
  world.caches.until[entry] = (world.clock[0] as number) + ttlUs * (1 - jitter * share);
}

/** The instance of a store that holds an entry: keys are spread over all that could run. */
export function shardOf({ plan }: Simulation, cache: number, entry: number): number {
  const store = plan.caches[cache]?.store;
  if (!store) return -1;
  const shards = plan.scenario.services[store.service]?.instances ?? 1;
  const key = entry - (plan.cacheEntryBase[cache] as number);
  return (plan.instanceBase[store.service] as number) + (key % shards);
}

/** Joins those that wait for another request to bring the same entry; false for the first one. */
export function joinFiller({ plan, world }: Simulation, cache: number, r: number): boolean {
  if (!plan.caches[cache]?.coalesce) return false;
  const { caches, requests } = world;
  const entry = requests.cacheEntry[r] as number;
  if ((caches.filler[entry] as number) < 0) {
    caches.filler[entry] = r;
    return false;
  }
  const last = caches.waiters[entry] as number;
  requests.phase[r] = Phase.coalescing;
  requests.timer[r] = 0;
  requests.next[r] = last;
  requests.previous[r] = -1;
  if (last >= 0) requests.previous[last] = r;
  caches.waiters[entry] = r;
  return true;
}

/** The one that asked is back: those that wait go on, by events of this moment. */
export function releaseWaiters(simulation: Simulation, r: number, ok: boolean): void {
  const { caches, requests, clock, events } = simulation.world;
  const entry = requests.cacheEntry[r] as number;
  if (entry < 0 || caches.filler[entry] !== r) return;
  caches.filler[entry] = -1;
  const type = ok ? EventType.coalesced : EventType.uncoalesced;
  for (let w = caches.waiters[entry] as number; w >= 0; w = requests.next[w] as number) {
    requests.timer[w] = schedule(events, clock[0] as number, type, w);
  }
  caches.waiters[entry] = -1;
}

/** A request is lost while it waits for another one's answer, or while others wait for it: they fail. */
export function leaveEntry(simulation: Simulation, r: number): void {
  const { caches, requests } = simulation.world;
  if (requests.phase[r] !== Phase.coalescing) return releaseWaiters(simulation, r, false);
  // Called already: the line it stood in is gone.
  if (requests.timer[r] !== 0) return;
  const previous = requests.previous[r] as number;
  const next = requests.next[r] as number;
  if (previous < 0) caches.waiters[requests.cacheEntry[r] as number] = next;
  else requests.next[previous] = next;
  if (next >= 0) requests.previous[next] = previous;
}

/** Forgets all of a cache. */
export function flush({ plan, world }: Simulation, cache: number): void {
  const from = plan.cacheEntryBase[cache] as number;
  world.caches.until.fill(0, from, plan.cacheEntryBase[cache + 1] as number);
}

/** Remembers all of a cache, as after a warm-up run. */
export function warm(simulation: Simulation, cache: number): void {
  const { plan } = simulation;
  const to = plan.cacheEntryBase[cache + 1] as number;
  for (let entry = plan.cacheEntryBase[cache] as number; entry < to; entry++) {
    fill(simulation, cache, entry);
  }
}

/** A process starts: what it had in memory is gone. */
export function forgetLocal({ plan, world }: Simulation, service: number, instance: number): void {
  const ordinal = instance - (plan.instanceBase[service] as number);
  const end = plan.cacheBase[service + 1] as number;
  for (let cache = plan.cacheBase[service] as number; cache < end; cache++) {
    const { store, keys = 0 } = plan.caches[cache] ?? {};
    if (store) continue;
    const from = (plan.cacheEntryBase[cache] as number) + ordinal * keys;
    world.caches.until.fill(0, from, from + keys);
  }
}

/** An instance of a store is gone, and with it the keys that it held for others. */
export function forgetShard(simulation: Simulation, service: number, instance: number): void {
  const { plan, world } = simulation;
  plan.caches.forEach(({ store }, cache) => {
    if (store?.service !== service) return;
    const end = plan.cacheEntryBase[cache + 1] as number;
    for (let entry = plan.cacheEntryBase[cache] as number; entry < end; entry++) {
      if (shardOf(simulation, cache, entry) === instance) world.caches.until[entry] = 0;
    }
  });
}
