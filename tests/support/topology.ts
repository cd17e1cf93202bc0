/** Simulated scenarios from a terse description: what a test does not name is as harmless as can be. */
import type {
  ActionInput,
  ActionModel,
  CallModel,
  ChangeModel,
  EndpointModel,
  FaultModel,
  FaultScope,
  PoolModel,
  ServiceModel,
  SimulatedScenario,
  TrafficModel,
} from '../../engine/scenario/model.ts';
import { simulated } from './simulated.ts';

export const millisecond = 1_000;
export const second = 1_000_000;
export const minute = 60 * second;

const empty = simulated(
  'duration: 1m\nservices: [{ name: x, service_time: { p50: 1ms, p99: 2ms } }]\ntraffic: []\n',
);

/** A service that holds up to 64 requests; its endpoints answer in a millisecond. */
export function service(name: string, own: Partial<ServiceModel> = {}): ServiceModel {
  const instances = own.instances ?? 1;
  return {
    name,
    kind: 'service',
    runtime: null,
    instances,
    instancesMax: instances,
    workers: 64,
    queue: 64,
    cpus: null,
    memory: null,
    disk: null,
    startup: { us: 0, warmupUs: 0, warmupFactor: 1, calls: [], retryUs: second, jitter: 0 },
    balancer: { policy: 'round-robin', healthCheck: null, panicShare: 0 },
    autoscale: null,
    pools: [],
    caches: [],
    endpoints: [endpoint()],
    consumes: [],
    connectionsMax: Infinity,
    replicaOf: null,
    applyUs: 0,
    version: '1.0.0',
    config: '',
    flags: [],
    ...own,
  };
}

export function endpoint(own: Partial<EndpointModel> = {}): EndpointModel {
  return {
    name: '*',
    serviceTime: constant(1),
    calls: [],
    table: null,
    writes: false,
    lockTimeoutUs: Infinity,
    tokenLeewayUs: Infinity,
    partitions: 1,
    ...own,
  };
}

/** Own work of one endpoint, and its calls. */
export function answering(
  serviceTime: EndpointModel['serviceTime'],
  ...calls: readonly CallModel[]
): Pick<ServiceModel, 'endpoints'> {
  return { endpoints: [endpoint({ serviceTime, calls })] };
}

export function constant(ms: number): EndpointModel['serviceTime'] {
  return { kind: 'constant', us: ms * millisecond };
}

export function exponential(meanMs: number): EndpointModel['serviceTime'] {
  return { kind: 'exponential', meanUs: meanMs * millisecond };
}

/** A call of the first endpoint of a service, by its index. */
export function call(to: number, own: Partial<CallModel> = {}): CallModel {
  return {
    service: to,
    endpoint: 0,
    pool: null,
    timeoutUs: Infinity,
    retries: { max: 0, backoffUs: 100 * millisecond, jitter: 1, budget: Infinity },
    probability: 1,
    times: 1,
    group: '',
    breaker: null,
    concurrencyMax: Infinity,
    optional: false,
    cache: null,
    freshUs: null,
    flag: '',
    keepAliveUs: Infinity,
    ...own,
  };
}

export function retries(max: number, own: Partial<CallModel['retries']> = {}): Partial<CallModel> {
  return { retries: { max, backoffUs: 100 * millisecond, jitter: 1, budget: Infinity, ...own } };
}

export function pool(size: number, own: Partial<PoolModel> = {}): PoolModel {
  return { name: 'pool', size, timeoutUs: 30 * second, ...own };
}

/** Users of the first endpoint of the first service. */
export function users(rate: number, own: Partial<TrafficModel> = {}): TrafficModel {
  return {
    service: 0,
    endpoint: 0,
    kind: 'users',
    rate,
    shape: 'steady',
    surges: [],
    patienceUs: Infinity,
    reloadShare: 0,
    reloadAfterUs: 2 * second,
    reloadsMax: 0,
    everyUs: Infinity,
    burst: 0,
    spreadUs: 0,
    ...own,
  };
}

export function change(at: number, on: number, own: Partial<ChangeModel>): ChangeModel {
  return {
    at,
    kind: 'deploy',
    service: on,
    version: null,
    instances: null,
    overUs: 0,
    config: null,
    flag: null,
    note: '',
    ...own,
  };
}

/** What a fault of one kind has of its own: spares tests the rest. */
type Own = FaultModel extends infer F
  ? F extends FaultModel
    ? Omit<F, 'id' | 'at' | 'until' | 'service' | 'scope' | 'pulse'>
    : never
  : never;

export const everywhere: FaultScope = {
  instances: null,
  zone: null,
  node: null,
  version: null,
  flag: null,
  config: null,
};

export function fault(
  on: number,
  when: { readonly at: number; readonly until?: number; readonly pulse?: FaultModel['pulse'] },
  own: Own,
  scope: Partial<FaultScope> = {},
): FaultModel {
  const { at, until = null, pulse = null } = when;
  const id = `${own.kind}-${at}-${on}`;
  return { id, at, until, service: on, scope: { ...everywhere, ...scope }, pulse, ...own };
}

/** An action that is at work from `at` on: in the tests' scenarios actions take no time. */
export function act(at: number, action: ActionModel): ActionInput {
  return { at, action, text: action.kind };
}

export function scenarioOf(
  services: readonly ServiceModel[],
  own: Partial<SimulatedScenario> = {},
): SimulatedScenario {
  return { ...empty, traffic: [], actions: atOnce, services, ...own };
}

/** No action takes any time. */
const atOnce: SimulatedScenario['actions'] = {
  forbidden: [],
  delaysUs: {
    rollback: 0,
    'flag-off': 0,
    restart: 0,
    scale: 0,
    'shed-load': 0,
    'disable-retries': 0,
    'raise-pool': 0,
    'raise-timeout': 0,
    'open-breaker': 0,
    'fail-over': 0,
    drain: 0,
    'flush-cache': 0,
    'warm-cache': 0,
    'renew-certificate': 0,
    'kill-query': 0,
    'pause-consumer': 0,
    'skip-message': 0,
    'free-disk': 0,
  },
  custom: [],
};
