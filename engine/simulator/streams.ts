/**
 * Random streams by name. Names say what a stream is for in the scenario's own words, so that a
 * service, call or traffic entry keeps its stream wherever it stands in the file.
 */
import type { CallModel, SimulatedScenario } from '../scenario/model.ts';

export interface StreamPlan {
  /** Where each kind of stream begins in `streamNames`. */
  readonly streams: StreamBases;
  readonly streamNames: readonly string[];
}

export interface StreamBases {
  /** One per service. */
  readonly work: number;
  readonly outcome: number;
  readonly noise: number;
  readonly shed: number;
  readonly lifecycle: number;
  readonly health: number;
  /** One per pool. */
  readonly leak: number;
  /** One per cache. */
  readonly keys: number;
  /** One per call. */
  readonly backoff: number;
  readonly presence: number;
  readonly connection: number;
  readonly network: number;
  readonly freshness: number;
  /** One per traffic entry. */
  readonly arrivals: number;
  readonly reloads: number;
}

export function nameStreams(scenario: SimulatedScenario): StreamPlan {
  const { services, traffic } = scenario;
  const streamNames: string[] = [];
  const add = (kind: string, names: readonly string[]): number =>
    streamNames.push(...names.map((name) => `${kind} ${name}`)) - names.length;
  const serviceNames = services.map((s) => s.name);
  const callee = (call: CallModel): string => {
    const service = services[call.service];
    return `${service?.name}/${service?.endpoints[call.endpoint]?.name}`;
  };
  const callers = services.flatMap((service) =>
    service.endpoints.map(({ name, calls }) => ({ name: `${service.name}/${name}`, calls })),
  );
  // Calls of starts are numbered behind all others, as in the plan.
  const starts = services
    .filter(({ startup }) => startup.calls.length > 0)
    .map(({ name, startup }) => ({ name: `${name} start`, calls: startup.calls }));
  const edges = unique(
    [...callers, ...starts].flatMap(({ name, calls }) =>
      calls.map((call) => `${name}>${callee(call)}`),
    ),
  );
  const entries = unique(
    traffic.map((entry) => {
      const service = services[entry.service];
      const name = `${service?.name}/${service?.endpoints[entry.endpoint]?.name}`;
      return entry.kind === 'users' ? name : `${entry.kind} ${name}`;
    }),
  );
  const pools = services.flatMap((s) => s.pools.map((pool) => `${s.name}/${pool.name}`));
  const caches = services.flatMap((s) => s.caches.map((cache) => `${s.name}/${cache.name}`));
  const streams: StreamBases = {
    work: add('work', serviceNames),
    outcome: add('outcome', serviceNames),
    noise: add('noise', serviceNames),
    shed: add('shed', serviceNames),
    lifecycle: add('lifecycle', serviceNames),
    health: add('health', serviceNames),
    leak: add('leak', pools),
    keys: add('keys', caches),
    backoff: add('backoff', edges),
    presence: add('presence', edges),
    connection: add('connection', edges),
    network: add('network', edges),
    freshness: add('freshness', edges),
    arrivals: add('arrivals', entries),
    reloads: add('reloads', entries),
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
