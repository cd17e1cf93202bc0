/**
 * The scenario with its names resolved to numbers: who belongs to whom, never what changes. A plan
 * follows from the scenario alone, so checkpoints and forks do not carry it.
 *
 * Endpoints, calls, pools, caches and instances are numbered across all services, in the order of the
 * file. An instance is numbered whether it runs or not: a service has `instancesMax` of them. What
 * belongs to one of several instances has a number of its own: `base[thing] + ordinal of the instance`.
 */
import type { CacheModel, CallModel, EndpointModel, SimulatedScenario } from '../scenario/model.ts';
import { at, bases, entryBases, indexIn, owners } from './plan-ranges.ts';
import {
  flagsOf,
  groupEnds,
  planCursors,
  planLocks,
  planServices,
  planTraffic,
  servicesWith,
  startOf,
  trafficEndpoints,
  type PlacedCall,
  type PlacedEndpoint,
} from './plan-topology.ts';
import { popularityOf } from './popularity.ts';
import { usualRates } from './rates.ts';
import type { SurgeStep } from './shapes.ts';
import { nameStreams, type StreamPlan } from './streams.ts';

export interface Plan extends StreamPlan {
  readonly scenario: SimulatedScenario;
  readonly serviceCount: number;
  /** First endpoint, pool, cache and instance of each service; one more entry closes the last range. */
  readonly endpointBase: Int32Array;
  readonly poolBase: Int32Array;
  readonly cacheBase: Int32Array;
  readonly instanceBase: Int32Array;
  /** All endpoints: those of the file, then one for each service that makes calls when it starts. */
  readonly endpoints: readonly EndpointModel[];
  readonly endpointService: Int32Array;
  /** The endpoint of a service's start, or -1. */
  readonly startupEndpoint: Int32Array;
  /** 1 where the balancer sends to the instance with the fewest requests. */
  readonly leastRequests: Uint8Array;
  /** Cores of an instance of each service; 0 where they never run short. */
  readonly cores: Int32Array;
  /** 1 where something may slow a service's cores down: a collector, a warm-up, others on the host. */
  readonly slowable: Uint8Array;
  /** 1 where memory may run out: requests leak, or so many may be in flight. */
  readonly heaped: Uint8Array;
  readonly instanceService: Int32Array;
  /** Indexes into the scenario's zones, and number of the host. */
  readonly instanceZone: Int32Array;
  readonly instanceNode: Int32Array;
  readonly poolService: Int32Array;
  /** Service that the connections of each pool lead to, or -1. */
  readonly poolCallee: Int32Array;
  /** First call of each endpoint, closed by one more entry. */
  readonly callBase: Int32Array;
  /** Endpoint that makes the call, and endpoint that is called. */
  readonly callFrom: Int32Array;
  readonly callTo: Int32Array;
  /** Pool and cache of the caller, or -1. */
  readonly callPool: Int32Array;
  readonly callCache: Int32Array;
  /** Flag of the caller that the call hangs on, or -1. */
  readonly callFlag: Int32Array;
  /** 1 where connections of the call may fail: its callee has a name or a certificate that may. */
  readonly callConnects: Uint8Array;
  /** First call behind those that are made at the same time as this one; the next call for one alone. */
  readonly callGroupEnd: Int32Array;
  readonly callTimes: Int32Array;
  /** 1 where the client keeps count: a breaker, a budget or a bulkhead. */
  readonly callGuarded: Uint8Array;
  readonly calls: readonly CallModel[];
  /** Whether packets may be lost or late anywhere. */
  readonly networked: boolean;
  /** 1 where own work may fail, where a fault may draw it out, and where success has an effect elsewhere. */
  readonly fallible: Uint8Array;
  readonly delayed: Uint8Array;
  readonly hasEffect: Uint8Array;
  /** A site is an endpoint at an instance, a link a call of an instance, a part a pool of an instance. */
  readonly siteBase: Int32Array;
  readonly siteEndpoint: Int32Array;
  readonly linkBase: Int32Array;
  readonly poolPartBase: Int32Array;
  readonly poolPartPool: Int32Array;
  readonly caches: readonly CacheModel[];
  readonly cacheService: Int32Array;
  /** How often each is usually asked, per µs; a cache in memory: at each instance. */
  readonly cacheRate: Float64Array;
  /** Endpoint of the store, or -1. */
  readonly cacheEndpoint: Int32Array;
  /** Cumulative popularity of the keys of each cache. */
  readonly popularity: readonly Float64Array[];
  /** First entry of each cache; a cache in memory has `keys` entries for each instance. */
  readonly cacheEntryBase: Float64Array;
  /** Table of a database that can be locked, or -1, and whose it is. */
  readonly endpointLock: Int32Array;
  readonly lockService: Int32Array;
  readonly lockTables: readonly string[];
  /** Databases that copy each service. */
  readonly replicas: readonly (readonly number[])[];
  /** A cursor is a consumer's place in one partition of a topic. */
  readonly cursors: readonly CursorPlan[];
  /** Cursors that a message of each endpoint, and a partition of it, goes to. */
  readonly topicCursors: readonly (readonly number[])[];
  /** Cursors of each service that consumes. */
  readonly consumerCursors: readonly (readonly number[])[];
  readonly flags: readonly { readonly service: number; readonly name: string }[];
  /** Every version and every revision of a configuration that may come up. */
  readonly versions: readonly string[];
  readonly configs: readonly string[];
  readonly trafficEndpoint: Int32Array;
  /** 0 steady, 1 daily, 2 weekly; its highest level; how long users wait, µs; 1 where some try again. */
  readonly trafficShape: Uint8Array;
  /** 1 where users come at random, and not by the clock. */
  readonly trafficUsers: Uint8Array;
  readonly trafficPeak: Float64Array;
  readonly patienceUs: Float64Array;
  readonly reloads: Uint8Array;
  readonly surgeSteps: readonly SurgeStep[];
}

export interface CursorPlan {
  readonly consumer: number;
  /** Endpoint of the queue, and endpoint that handles. */
  readonly topic: number;
  readonly handler: number;
  readonly service: number;
  readonly partition: number;
  readonly attemptsMax: number;
  readonly backoffUs: number;
}

export function makePlan(scenario: SimulatedScenario): Plan {
  const { services } = scenario;
  const endpoints = services.flatMap((service, s) =>
    service.endpoints.map((endpoint) => ({ endpoint, s })),
  );
  const endpointBase = bases(services.map((service) => service.endpoints.length));
  const startupEndpoint = new Int32Array(services.length).fill(-1);
  services.forEach((service, s) => {
    if (service.startup.calls.length === 0) return;
    startupEndpoint[s] = endpoints.push({ endpoint: startOf(service), s }) - 1;
  });
  const instanceBase = bases(services.map((service) => service.instancesMax));
  const siteBase = bases(endpoints.map(({ s }) => sizeOf(instanceBase, s)));
  const topics = planCursors(services, endpointBase);
  const numbering = { scenario, endpoints, endpointBase, instanceBase };
  return {
    scenario,
    serviceCount: services.length,
    endpointBase,
    instanceBase,
    endpoints: endpoints.map(({ endpoint }) => endpoint),
    endpointService: Int32Array.from(endpoints, ({ s }) => s),
    startupEndpoint,
    siteBase,
    siteEndpoint: owners(siteBase),
    ...planServices(scenario, instanceBase),
    ...planEndpoints(numbering, topics),
    ...planCalls(numbering),
    ...planLocks(endpoints),
    ...topics,
    flags: flagsOf(scenario),
    versions: distinct([
      ...services.map(({ version }) => version),
      ...scenario.changes.map(({ version }) => version),
    ]),
    configs: distinct([
      ...services.map(({ config }) => config),
      ...scenario.changes.map(({ config }) => config),
    ]),
    ...planTraffic(scenario, endpointBase),
    ...nameStreams(scenario),
  };
}

/** How the endpoints and the instances of all services are numbered. */
interface Numbering {
  readonly scenario: SimulatedScenario;
  readonly endpoints: readonly PlacedEndpoint[];
  readonly endpointBase: Int32Array;
  readonly instanceBase: Int32Array;
}

function planEndpoints(
  { scenario, endpoints }: Numbering,
  { topicCursors }: Pick<Plan, 'topicCursors'>,
) {
  const { services } = scenario;
  const failing = servicesWith(scenario, 'errors', 'exhaustion');
  const late = servicesWith(scenario, 'latency');
  return {
    fallible: Uint8Array.from(endpoints, ({ endpoint, s }) =>
      failing.has(s) ||
      (endpoint.writes && services[s]?.disk) ||
      endpoint.tokenLeewayUs < Infinity ||
      (services[s]?.consumes.length ?? 0) > 0
        ? 1
        : 0,
    ),
    delayed: Uint8Array.from(endpoints, ({ s }) => (late.has(s) ? 1 : 0)),
    hasEffect: Uint8Array.from(endpoints, ({ endpoint }, e) =>
      endpoint.writes || (topicCursors[e]?.length ?? 0) > 0 ? 1 : 0,
    ),
  } satisfies Partial<Plan>;
}

/** Calls, and what of their service they go through: pools, caches, flags. */
function planCalls(numbering: Numbering) {
  const { scenario, endpoints, endpointBase, instanceBase } = numbering;
  const { services } = scenario;
  const calls = endpoints.flatMap(({ endpoint, s }, e) =>
    endpoint.calls.map((call) => ({ call, s, e })),
  );
  const callBase = bases(endpoints.map(({ endpoint }) => endpoint.calls.length));
  const pools = services.flatMap((service, s) => service.pools.map(() => s));
  const poolBase = bases(services.map((service) => service.pools.length));
  const poolPartBase = bases(pools.map((s) => sizeOf(instanceBase, s)));
  const callPool = Int32Array.from(calls, ({ call, s }) => indexIn(poolBase, s, call.pool));
  const flags = flagsOf(scenario);
  const named = servicesWith(scenario, 'dns', 'certificate-expiry');
  return {
    poolBase,
    poolService: Int32Array.from(pools),
    poolCallee: Int32Array.from(pools, (_, p) => calls[callPool.indexOf(p)]?.call.service ?? -1),
    poolPartBase,
    poolPartPool: owners(poolPartBase),
    callBase,
    callFrom: Int32Array.from(calls, ({ e }) => e),
    callTo: Int32Array.from(calls, ({ call }) => at(endpointBase, call.service) + call.endpoint),
    callPool,
    callFlag: Int32Array.from(calls, ({ call, s }) =>
      flags.findIndex((flag) => flag.service === s && flag.name === call.flag),
    ),
    callConnects: Uint8Array.from(calls, ({ call }) => (named.has(call.service) ? 1 : 0)),
    callGroupEnd: groupEnds(calls),
    callTimes: Int32Array.from(calls, ({ call }) => call.times),
    callGuarded: Uint8Array.from(calls, ({ call }) =>
      call.breaker || call.retries.budget < Infinity || call.concurrencyMax < Infinity ? 1 : 0,
    ),
    calls: calls.map(({ call }) => call),
    linkBase: bases(calls.map(({ s }) => sizeOf(instanceBase, s))),
    ...planCaches(numbering, { callBase, calls }),
  } satisfies Partial<Plan>;
}

function planCaches(
  { scenario, endpointBase, instanceBase }: Numbering,
  { callBase, calls }: { readonly callBase: Int32Array; readonly calls: readonly PlacedCall[] },
) {
  const { services } = scenario;
  const caches = services.flatMap((service, s) => service.caches.map((cache) => ({ cache, s })));
  const cacheBase = bases(services.map((service) => service.caches.length));
  const callCache = Int32Array.from(calls, ({ call, s }) => indexIn(cacheBase, s, call.cache));
  const rates = usualRates(scenario, {
    endpointBase,
    callBase,
    calls: calls.map(({ call }) => call),
    trafficEndpoint: trafficEndpoints(scenario, endpointBase),
  });
  return {
    cacheBase,
    callCache,
    caches: caches.map(({ cache }) => cache),
    cacheService: Int32Array.from(caches, ({ s }) => s),
    cacheRate: Float64Array.from(caches, ({ cache, s }, c) => {
      const all = rates.calls.reduce((sum, rate, k) => sum + (callCache[k] === c ? rate : 0), 0);
      return cache.store ? all : all / (services[s]?.instances ?? 1);
    }),
    cacheEndpoint: Int32Array.from(caches, ({ cache: { store } }) =>
      store ? at(endpointBase, store.service) + store.endpoint : -1,
    ),
    popularity: caches.map(({ cache }) => popularityOf(cache.keys, cache.skew)),
    cacheEntryBase: entryBases(
      caches.map(({ cache, s }) => cache.keys * (cache.store ? 1 : sizeOf(instanceBase, s))),
    ),
  } satisfies Partial<Plan>;
}

function distinct(names: readonly (string | null)[]): string[] {
  return [...new Set(names.filter((name) => name !== null))];
}

/** How many members a group has. */
function sizeOf(base: Int32Array, group: number): number {
  return at(base, group + 1) - at(base, group);
}
