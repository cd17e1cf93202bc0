/**
 * The scenario with its names resolved to numbers: who belongs to whom, never what changes. A plan
 * follows from the scenario alone, so checkpoints and forks do not carry it.
 *
 * Endpoints, calls, pools, caches and instances are numbered across all services, in the order of the
 * file. An instance is numbered whether it runs or not: a service has `instancesMax` of them. What
 * belongs to one of several instances has a number of its own: `base[thing] + ordinal of the instance`.
 */
import type {
  CacheModel,
  CallModel,
  EndpointModel,
  ServiceModel,
  SimulatedScenario,
} from '../scenario/model.ts';
import { popularityOf } from './popularity.ts';
import { usualRates } from './rates.ts';
import { peakOf, shapes, surgeSteps, type SurgeStep } from './shapes.ts';
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
  /** 1 where requests fail for special reasons (tokens, disks, messages), and where success has an effect elsewhere. */
  readonly fallible: Uint8Array;
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
  readonly flags: readonly { readonly service: number; readonly name: string }[];
  /** Every version and every revision of a configuration that may come up. */
  readonly versions: readonly string[];
  readonly configs: readonly string[];
  readonly trafficEndpoint: Int32Array;
  /** 0 steady, 1 daily, 2 weekly; its highest level; how long users wait, µs; 1 where some try again. */
  readonly trafficShape: Uint8Array;
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
  const { services, traffic } = scenario;
  const endpoints = services.flatMap((service, s) =>
    service.endpoints.map((endpoint) => ({ endpoint, s })),
  );
  const endpointBase = bases(services.map((service) => service.endpoints.length));
  const startupEndpoint = new Int32Array(services.length).fill(-1);
  services.forEach((service, s) => {
    if (service.startup.calls.length === 0) return;
    startupEndpoint[s] = endpoints.push({ endpoint: startOf(service), s }) - 1;
  });
  const pools = services.flatMap((service, s) => service.pools.map((pool) => ({ pool, s })));
  const caches = services.flatMap((service, s) => service.caches.map((cache) => ({ cache, s })));
  const calls = endpoints.flatMap(({ endpoint, s }, e) =>
    endpoint.calls.map((call) => ({ call, s, e })),
  );
  const poolBase = bases(services.map((service) => service.pools.length));
  const cacheBase = bases(services.map((service) => service.caches.length));
  const instanceBase = bases(services.map((service) => service.instancesMax));
  const instancesOf = (s: number): number => at(instanceBase, s + 1) - at(instanceBase, s);
  const poolPartBase = bases(pools.map(({ s }) => instancesOf(s)));
  const siteBase = bases(endpoints.map(({ s }) => instancesOf(s)));
  const flags = flagsOf(scenario);
  const topics = planCursors(services, endpointBase);
  const named = namedServices(scenario);
  const steals = scenario.faults.some(({ kind }) => kind === 'cpu-steal');
  const trafficEndpoint = Int32Array.from(traffic, (t) => at(endpointBase, t.service) + t.endpoint);
  const callBase = bases(endpoints.map(({ endpoint }) => endpoint.calls.length));
  const rates = usualRates(scenario, {
    endpointBase,
    callBase,
    calls: calls.map(({ call }) => call),
    trafficEndpoint,
  });
  const callCache = Int32Array.from(calls, ({ call, s }) => indexIn(cacheBase, s, call.cache));
  return {
    scenario,
    serviceCount: services.length,
    endpointBase,
    poolBase,
    cacheBase,
    instanceBase,
    endpoints: endpoints.map(({ endpoint }) => endpoint),
    endpointService: Int32Array.from(endpoints, ({ s }) => s),
    startupEndpoint,
    leastRequests: Uint8Array.from(services, ({ balancer }) =>
      balancer.policy === 'least-requests' ? 1 : 0,
    ),
    cores: Int32Array.from(services, ({ cpus }) => cpus ?? 0),
    slowable: Uint8Array.from(services, ({ memory, startup }) =>
      memory?.collected === true || startup.warmupUs > 0 || steals ? 1 : 0,
    ),
    instanceService: owners(instanceBase),
    ...placeInstances(scenario, instanceBase),
    poolService: Int32Array.from(pools, ({ s }) => s),
    poolCallee: Int32Array.from(
      pools.keys(),
      (p) => calls.find(({ call, s }) => indexIn(poolBase, s, call.pool) === p)?.call.service ?? -1,
    ),
    callBase,
    callFrom: Int32Array.from(calls, ({ e }) => e),
    callTo: Int32Array.from(calls, ({ call }) => at(endpointBase, call.service) + call.endpoint),
    callPool: Int32Array.from(calls, ({ call, s }) => indexIn(poolBase, s, call.pool)),
    callCache,
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
    networked: scenario.faults.some(({ kind }) => kind === 'network'),
    fallible: Uint8Array.from(endpoints, ({ endpoint, s }) =>
      (endpoint.writes && services[s]?.disk) ||
      endpoint.tokenLeewayUs < Infinity ||
      (services[s]?.consumes.length ?? 0) > 0
        ? 1
        : 0,
    ),
    hasEffect: Uint8Array.from(endpoints, ({ endpoint }, e) =>
      endpoint.writes || (topics.topicCursors[e]?.length ?? 0) > 0 ? 1 : 0,
    ),
    siteBase,
    siteEndpoint: owners(siteBase),
    linkBase: bases(calls.map(({ s }) => instancesOf(s))),
    poolPartBase,
    poolPartPool: owners(poolPartBase),
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
      caches.map(({ cache, s }) => cache.keys * (cache.store ? 1 : instancesOf(s))),
    ),
    ...planLocks(endpoints),
    replicas: services.map((_, s) =>
      [...services.keys()].filter((other) => services[other]?.replicaOf === s),
    ),
    ...topics,
    flags,
    versions: distinct([
      ...services.map(({ version }) => version),
      ...scenario.changes.map(({ version }) => version),
    ]),
    configs: distinct([
      ...services.map(({ config }) => config),
      ...scenario.changes.map(({ config }) => config),
    ]),
    trafficEndpoint,
    trafficShape: Uint8Array.from(traffic, ({ shape }) => shapes.indexOf(shape)),
    trafficPeak: Float64Array.from(traffic, ({ shape }) => peakOf(shape)),
    patienceUs: Float64Array.from(traffic, (t) => t.patienceUs),
    reloads: Uint8Array.from(traffic, (t) => (t.reloadShare > 0 && t.reloadsMax > 0 ? 1 : 0)),
    surgeSteps: surgeSteps(traffic),
    ...nameStreams(scenario),
  };
}

/** Calls of one group stand next to each other at one endpoint. */
function groupEnds(calls: readonly { readonly call: CallModel; readonly e: number }[]): Int32Array {
  const ends = new Int32Array(calls.length);
  for (let c = calls.length - 1; c >= 0; c--) {
    const [own, next] = [calls[c], calls[c + 1]];
    const together =
      own &&
      next &&
      own.call.group !== '' &&
      own.e === next.e &&
      own.call.group === next.call.group;
    ends[c] = together ? (ends[c + 1] as number) : c + 1;
  }
  return ends;
}

/** What an instance does before it is ready, as an endpoint that nobody calls. */
function startOf({ startup }: ServiceModel): EndpointModel {
  return {
    name: 'start',
    serviceTime: { kind: 'constant', us: 0 },
    calls: startup.calls,
    table: null,
    writes: false,
    lockTimeoutUs: Infinity,
    tokenLeewayUs: Infinity,
    partitions: 1,
  };
}

/** Zones in turn; in a zone its hosts in turn, from one that the name of the service picks. */
function placeInstances(
  { services, zones, nodes }: SimulatedScenario,
  instanceBase: Int32Array,
): Pick<Plan, 'instanceZone' | 'instanceNode'> {
  const total = at(instanceBase, services.length);
  const instanceZone = new Int32Array(total);
  const instanceNode = new Int32Array(total);
  services.forEach(({ name, instancesMax }, s) => {
    const first = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7);
    for (let k = 0; k < instancesMax; k++) {
      const zone = (first + k) % zones.length;
      const there = Math.max(1, Math.floor((nodes - zone + zones.length - 1) / zones.length));
      instanceZone[at(instanceBase, s) + k] = zone;
      instanceNode[at(instanceBase, s) + k] =
        zone + zones.length * ((first + Math.floor(k / zones.length)) % there);
    }
  });
  return { instanceZone, instanceNode };
}

/** Services whose name or certificate may fail: only then are connections worth counting. */
function namedServices({ faults }: SimulatedScenario): ReadonlySet<number> {
  return new Set(
    faults
      .filter(({ kind }) => kind === 'dns' || kind === 'certificate-expiry')
      .map(({ service }) => service),
  );
}

function flagsOf({ services, changes, faults }: SimulatedScenario): Plan['flags'] {
  const names = services.map(
    (service, s) =>
      new Set([
        ...service.flags,
        ...service.endpoints.flatMap(({ calls }) => calls.map((call) => call.flag)),
        ...changes.filter((c) => c.service === s).map(({ flag }) => flag?.name ?? ''),
        ...faults.filter((f) => f.service === s).map(({ scope }) => scope.flag ?? ''),
      ]),
  );
  return names.flatMap((set, service) =>
    [...set].filter((name) => name !== '').map((name) => ({ service, name })),
  );
}

function distinct(names: readonly (string | null)[]): string[] {
  return [...new Set(names.filter((name) => name !== null))];
}

function planLocks(
  endpoints: readonly { readonly endpoint: EndpointModel; readonly s: number }[],
): Pick<Plan, 'endpointLock' | 'lockService' | 'lockTables'> {
  const keys: { s: number; table: string }[] = [];
  const lockOf = ({ endpoint: { table }, s }: (typeof endpoints)[number]): number => {
    if (table === null) return -1;
    const known = keys.findIndex((key) => key.s === s && key.table === table);
    return known >= 0 ? known : keys.push({ s, table }) - 1;
  };
  return {
    endpointLock: Int32Array.from(endpoints, lockOf),
    lockService: Int32Array.from(keys, ({ s }) => s),
    lockTables: keys.map(({ table }) => table),
  };
}

function planCursors(
  services: readonly ServiceModel[],
  endpointBase: Int32Array,
): Pick<Plan, 'cursors' | 'topicCursors'> {
  const cursors: CursorPlan[] = [];
  const topicCursors: number[][] = services.flatMap((s) => s.endpoints.map(() => []));
  services.forEach(({ consumes }, service) =>
    consumes.forEach(({ service: queue, topic: t, endpoint, attemptsMax, backoffUs }, consumer) => {
      const topic = at(endpointBase, queue) + t;
      const handler = at(endpointBase, service) + endpoint;
      const partitions = services[queue]?.endpoints[t]?.partitions ?? 1;
      for (let partition = 0; partition < partitions; partition++) {
        const place = { consumer, topic, handler, service, partition, attemptsMax, backoffUs };
        topicCursors[topic]?.push(cursors.push(place) - 1);
      }
    }),
  );
  return { cursors, topicCursors };
}

function indexIn(base: Int32Array, service: number, index: number | null): number {
  return index === null ? -1 : at(base, service) + index;
}

function entryBases(counts: readonly number[]): Float64Array {
  const result = new Float64Array(counts.length + 1);
  counts.forEach((count, i) => (result[i + 1] = (result[i] as number) + count));
  return result;
}

/** Running sums from 0: the first index of each group, and the end of the last. */
function bases(counts: readonly number[]): Int32Array {
  const result = new Int32Array(counts.length + 1);
  counts.forEach((count, i) => (result[i + 1] = at(result, i) + count));
  return result;
}

/** The group that each member belongs to. */
function owners(base: Int32Array): Int32Array {
  const result = new Int32Array(at(base, base.length - 1));
  for (let group = 0; group + 1 < base.length; group++) {
    result.fill(group, at(base, group), at(base, group + 1));
  }
  return result;
}

function at(array: Int32Array, i: number): number {
  return array[i] as number;
}
