/**
 * The scenario with its names resolved to numbers: who belongs to whom, never what changes. A plan
 * follows from the scenario alone, so checkpoints and forks do not carry it.
 *
 * Endpoints, calls, pools and instances are numbered across all services, in the order of the file.
 */
import type { CallModel, SimulatedScenario } from '../scenario/model.ts';

export interface Plan {
  readonly scenario: SimulatedScenario;
  readonly serviceCount: number;
  /** First endpoint, pool and instance of each service; one more entry closes the last range. */
  readonly endpointBase: Int32Array;
  readonly poolBase: Int32Array;
  readonly instanceBase: Int32Array;
  readonly endpointService: Int32Array;
  readonly instanceService: Int32Array;
  readonly poolService: Int32Array;
  /** First call of each endpoint, closed by one more entry. */
  readonly callBase: Int32Array;
  /** Endpoint that makes the call, and endpoint that is called. */
  readonly callFrom: Int32Array;
  readonly callTo: Int32Array;
  /** Pool of the caller, or -1. */
  readonly callPool: Int32Array;
  readonly calls: readonly CallModel[];
  /** A pool has one part for each instance of its service: `poolPartBase[pool] + i`. */
  readonly poolPartBase: Int32Array;
  readonly poolPartPool: Int32Array;
  readonly trafficEndpoint: Int32Array;
  /** Where each kind of random stream begins in `streamNames`. */
  readonly streams: StreamPlan;
  readonly streamNames: readonly string[];
}

export interface StreamPlan {
  /** One per service. */
  readonly work: number;
  readonly outcome: number;
  readonly noise: number;
  /** One per pool. */
  readonly leak: number;
  /** One per call. */
  readonly backoff: number;
  readonly presence: number;
  /** One per traffic entry. */
  readonly arrivals: number;
}

export function makePlan(scenario: SimulatedScenario): Plan {
  const { services, traffic } = scenario;
  const endpoints = services.flatMap((service, s) =>
    service.endpoints.map((endpoint) => ({ endpoint, s })),
  );
  const pools = services.flatMap((service, s) => service.pools.map((pool) => ({ pool, s })));
  const calls = endpoints.flatMap(({ endpoint, s }, e) =>
    endpoint.calls.map((call, ordinal) => ({ call, s, e, ordinal })),
  );
  const endpointBase = bases(services.map((service) => service.endpoints.length));
  const poolBase = bases(services.map((service) => service.pools.length));
  const instanceBase = bases(services.map((service) => service.instances));
  const instancesOf = (s: number): number => at(instanceBase, s + 1) - at(instanceBase, s);
  const poolPartBase = bases(pools.map(({ s }) => instancesOf(s)));
  return {
    scenario,
    serviceCount: services.length,
    endpointBase,
    poolBase,
    instanceBase,
    endpointService: Int32Array.from(endpoints, ({ s }) => s),
    instanceService: owners(instanceBase),
    poolService: Int32Array.from(pools, ({ s }) => s),
    callBase: bases(endpoints.map(({ endpoint }) => endpoint.calls.length)),
    callFrom: Int32Array.from(calls, ({ e }) => e),
    callTo: Int32Array.from(calls, ({ call }) => at(endpointBase, call.service) + call.endpoint),
    callPool: Int32Array.from(calls, ({ call, s }) =>
      call.pool === null ? -1 : at(poolBase, s) + call.pool,
    ),
    calls: calls.map(({ call }) => call),
    poolPartBase,
    poolPartPool: owners(poolPartBase),
    trafficEndpoint: Int32Array.from(traffic, (t) => at(endpointBase, t.service) + t.endpoint),
    ...nameStreams(scenario),
  };
}

/**
 * Names say what a stream is for in the scenario's own words, so that a service, call or traffic
 * entry keeps its stream wherever it stands in the file.
 */
function nameStreams(scenario: SimulatedScenario): Pick<Plan, 'streams' | 'streamNames'> {
  const { services, traffic } = scenario;
  const streamNames: string[] = [];
  const add = (names: readonly string[]): number => streamNames.push(...names) - names.length;
  const edges = unique(
    services.flatMap((service) =>
      service.endpoints.flatMap((endpoint) =>
        endpoint.calls.map((call) => {
          const callee = services[call.service];
          return `${service.name}/${endpoint.name}>${callee?.name}/${callee?.endpoints[call.endpoint]?.name}`;
        }),
      ),
    ),
  );
  const entries = unique(
    traffic.map(
      (entry) =>
        `${services[entry.service]?.name}/${services[entry.service]?.endpoints[entry.endpoint]?.name}`,
    ),
  );
  const pools = services.flatMap((s) => s.pools.map((pool) => `leak ${s.name}/${pool.name}`));
  const streams: StreamPlan = {
    work: add(services.map((s) => `work ${s.name}`)),
    outcome: add(services.map((s) => `outcome ${s.name}`)),
    noise: add(services.map((s) => `noise ${s.name}`)),
    leak: add(pools),
    backoff: add(edges.map((edge) => `backoff ${edge}`)),
    presence: add(edges.map((edge) => `presence ${edge}`)),
    arrivals: add(entries.map((entry) => `arrivals ${entry}`)),
  };
  return { streams, streamNames };
}

/** Numbers repeated names: two equal calls of one endpoint draw from two streams. */
function unique(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return `${name} #${count}`;
  });
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
