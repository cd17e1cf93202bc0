/** Parts of the plan that take more than a column: where instances stand, locks, cursors, flags, traffic. */
import type {
  CallModel,
  EndpointModel,
  FaultModel,
  ServiceModel,
  SimulatedScenario,
} from '../scenario/model.ts';
import type { CursorPlan, Plan } from './plan.ts';
import { at, owners } from './plan-ranges.ts';
import { peakOf, shapes, surgeSteps } from './shapes.ts';

/** An endpoint, and the service that it belongs to. */
export interface PlacedEndpoint {
  readonly endpoint: EndpointModel;
  readonly s: number;
}

/** A call, the endpoint that makes it, and the service of that. */
export interface PlacedCall {
  readonly call: CallModel;
  readonly s: number;
  readonly e: number;
}

/** Calls of one group stand next to each other at one endpoint. */
export function groupEnds(calls: readonly PlacedCall[]): Int32Array {
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
export function startOf({ startup }: ServiceModel): EndpointModel {
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

export function planServices(scenario: SimulatedScenario, instanceBase: Int32Array) {
  const { services } = scenario;
  const steals = scenario.faults.some(({ kind }) => kind === 'cpu-steal');
  const leaks = scenario.faults.some(({ kind }) => kind === 'memory-leak');
  return {
    leastRequests: Uint8Array.from(services, ({ balancer }) =>
      balancer.policy === 'least-requests' ? 1 : 0,
    ),
    cores: Int32Array.from(services, ({ cpus }) => cpus ?? 0),
    slowable: Uint8Array.from(services, ({ memory, startup }) =>
      memory?.collected === true || startup.warmupUs > 0 || steals ? 1 : 0,
    ),
    heaped: Uint8Array.from(services, (service) =>
      (leaks && service.memory) || mayOverflow(service) ? 1 : 0,
    ),
    instanceService: owners(instanceBase),
    ...placeInstances(scenario, instanceBase),
    replicas: services.map((_, s) =>
      [...services.keys()].filter((other) => services[other]?.replicaOf === s),
    ),
    networked: scenario.faults.some(({ kind }) => kind === 'network'),
  } satisfies Partial<Plan>;
}

function mayOverflow({ memory, workers, queue }: ServiceModel): boolean {
  if (!memory) return false;
  return memory.baseBytes + memory.perRequestBytes * (workers + queue) >= memory.limitBytes;
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

/** Services that a fault of one of some kinds is about. */
export function servicesWith(
  { faults }: SimulatedScenario,
  ...kinds: readonly FaultModel['kind'][]
): ReadonlySet<number> {
  return new Set(faults.filter(({ kind }) => kinds.includes(kind)).map(({ service }) => service));
}

export function flagsOf({ services, changes, faults }: SimulatedScenario): Plan['flags'] {
  const names = services.map(
    (service, s) =>
      new Set([
        ...service.flags,
        ...service.endpoints.flatMap(({ calls }) => calls.map((call) => call.flag)),
        ...service.startup.calls.map((call) => call.flag),
        ...changes.filter((c) => c.service === s).map(({ flag }) => flag?.name ?? ''),
        ...faults.filter((f) => f.service === s).map(({ scope }) => scope.flag ?? ''),
      ]),
  );
  return names.flatMap((set, service) =>
    [...set].filter((name) => name !== '').map((name) => ({ service, name })),
  );
}

export function planLocks(
  endpoints: readonly PlacedEndpoint[],
): Pick<Plan, 'endpointLock' | 'lockService' | 'lockTables'> {
  const keys: { s: number; table: string }[] = [];
  const lockOf = ({ endpoint: { table }, s }: PlacedEndpoint): number => {
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

export function planCursors(
  services: readonly ServiceModel[],
  endpointBase: Int32Array,
): Pick<Plan, 'cursors' | 'topicCursors' | 'consumerCursors'> {
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
  const consumerCursors = services.map((_, s) =>
    [...cursors.keys()].filter((c) => cursors[c]?.service === s),
  );
  return { cursors, topicCursors, consumerCursors };
}

export function planTraffic(scenario: SimulatedScenario, endpointBase: Int32Array) {
  const { traffic } = scenario;
  return {
    trafficEndpoint: trafficEndpoints(scenario, endpointBase),
    trafficShape: Uint8Array.from(traffic, ({ shape }) => shapes.indexOf(shape)),
    trafficUsers: Uint8Array.from(traffic, ({ kind }) => (kind === 'users' ? 1 : 0)),
    trafficPeak: Float64Array.from(traffic, ({ shape }) => peakOf(shape)),
    patienceUs: Float64Array.from(traffic, (t) => t.patienceUs),
    reloads: Uint8Array.from(traffic, (t) => (t.reloadShare > 0 && t.reloadsMax > 0 ? 1 : 0)),
    surgeSteps: surgeSteps(traffic),
  } satisfies Partial<Plan>;
}

export function trafficEndpoints(
  { traffic }: SimulatedScenario,
  endpointBase: Int32Array,
): Int32Array {
  return Int32Array.from(traffic, (t) => at(endpointBase, t.service) + t.endpoint);
}
