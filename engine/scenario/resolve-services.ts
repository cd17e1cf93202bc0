/** Services, endpoints, pools and calls: names become indexes. */
import type { CallModel, DurationDistribution, EndpointModel, ServiceModel } from './model.ts';
import { Names } from './names.ts';
import type { Report } from './report.ts';
import type { ServiceTimeFile } from './schema-parts.ts';
import type { CallFile, EndpointFile, SimulatedServiceFile } from './schema.ts';
import type { Path } from './yaml-tree.ts';

/** The services of a file, and how to find them and their parts by name. */
export interface ServiceIndex {
  readonly files: readonly SimulatedServiceFile[];
  readonly services: Names;
  readonly endpoints: readonly Names[];
  readonly pools: readonly Names[];
}

/** A service without `endpoints` answers everything in one way. */
const anyEndpoint = '*';

export function indexServices(
  report: Report,
  files: readonly SimulatedServiceFile[],
): ServiceIndex {
  return {
    files,
    services: new Names(report, {
      what: 'service',
      names: files.map((file) => file.name),
      pathOf: (index) => ['services', index, 'name'],
      fold: true,
    }),
    endpoints: files.map((file, service) => {
      const endpoints = endpointsOf(file);
      return new Names(report, {
        what: `endpoint of ${file.name}`,
        names: endpoints.map((endpoint) => endpoint.name),
        pathOf: (index) => ['services', service, 'endpoints', index, 'name'],
        // Paths of URLs tell upper from lower case.
        fold: false,
      });
    }),
    pools: files.map(
      (file, service) =>
        new Names(report, {
          what: `pool of ${file.name}`,
          names: (file.pools ?? []).map((pool) => pool.name),
          pathOf: (index) => ['services', service, 'pools', index, 'name'],
          fold: true,
        }),
    ),
  };
}

export function resolveServices(report: Report, index: ServiceIndex): ServiceModel[] {
  return index.files.map((file, service) => {
    const at = ['services', service];
    return {
      name: file.name,
      kind: file.kind ?? 'service',
      runtime: null,
      version: file.version ?? '1.0.0',
      config: '',
      flags: [],
      instances: file.instances ?? 1,
      instancesMax: (file.instances ?? 1) * 2,
      workers: file.workers ?? 64,
      queue: file.queue ?? 256,
      cpus: null,
      memory: null,
      disk: null,
      startup: {
        us: 0,
        warmupUs: 0,
        warmupFactor: 1,
        calls: [],
        retryUs: 5_000_000,
        jitter: 1,
      },
      balancer: { policy: 'round-robin', healthCheck: null, panicShare: 0 },
      autoscale: null,
      pools: (file.pools ?? []).map((pool, poolIndex) => ({
        name: pool.name,
        size: pool.size,
        timeoutUs: report.positive(pool.timeout ?? '30s', [...at, 'pools', poolIndex, 'timeout']),
      })),
      caches: [],
      endpoints: resolveEndpoints(report, index, service),
      consumes: [],
      connectionsMax: Infinity,
      replicaOf: null,
      applyUs: 0,
    };
  });
}

/** Index of the endpoint that is meant: the named one, or the only one. −1 and a problem where unclear. */
export function resolveEndpoint(
  report: Report,
  index: ServiceIndex,
  wanted: { service: number; endpoint: string | undefined; path: Path; key: string },
): number {
  const { service, endpoint, path, key } = wanted;
  const names = index.endpoints[service];
  if (!names) return -1;
  if (endpoint !== undefined) return names.find(report, endpoint, [...path, 'endpoint']);
  const known = index.files[service]?.endpoints ?? [];
  if (known.length <= 1) return 0;
  report.add([...path, key], {
    kind: 'missing-key',
    message: `${index.files[service]?.name ?? ''} has several endpoints: which one?`,
    hint: `add endpoint: ${known.map((one) => one.name).join(' | ')}`,
  });
  return -1;
}

function endpointsOf(file: SimulatedServiceFile): readonly EndpointFile[] {
  return file.endpoints ?? [{ name: anyEndpoint }];
}

function resolveEndpoints(report: Report, index: ServiceIndex, service: number): EndpointModel[] {
  const file = index.files[service];
  if (!file) return [];
  const serviceAt = ['services', service];
  const shared = file.service_time
    ? resolveServiceTime(report, file.service_time, [...serviceAt, 'service_time'])
    : null;
  return endpointsOf(file).map((endpoint, endpointIndex) => {
    const at = file.endpoints ? [...serviceAt, 'endpoints', endpointIndex] : serviceAt;
    const own = endpoint.service_time
      ? resolveServiceTime(report, endpoint.service_time, [...at, 'service_time'])
      : shared;
    if (!own) {
      report.add([...at, 'name'], {
        kind: 'missing-key',
        message: `missing key "service_time" for ${file.endpoints ? 'endpoint' : 'service'} "${file.endpoints ? endpoint.name : file.name}"`,
        hint: 'for example: service_time: { p50: 4ms, p99: 20ms }',
      });
    }
    return {
      name: endpoint.name,
      serviceTime: own ?? { kind: 'constant', us: 0 },
      calls: (endpoint.calls ?? []).map((call, callIndex) =>
        resolveCall(report, index, { caller: service, call, path: [...at, 'calls', callIndex] }),
      ),
      table: null,
      writes: false,
      lockTimeoutUs: Infinity,
      tokenLeewayUs: Infinity,
      partitions: 1,
    };
  });
}

function resolveCall(
  report: Report,
  index: ServiceIndex,
  { caller, call, path }: { caller: number; call: CallFile; path: Path },
): CallModel {
  const service = index.services.find(report, call.to, [...path, 'to']);
  const pools = index.pools[caller];
  const wanted = { service, endpoint: call.endpoint, path, key: 'to' };
  return {
    service,
    endpoint: resolveEndpoint(report, index, wanted),
    pool:
      call.pool === undefined || !pools ? null : pools.find(report, call.pool, [...path, 'pool']),
    timeoutUs:
      call.timeout === undefined ? Infinity : report.positive(call.timeout, [...path, 'timeout']),
    retries: {
      max: call.retries?.max ?? 0,
      backoffUs: report.unit('duration', call.retries?.backoff ?? '100ms', [
        ...path,
        'retries',
        'backoff',
      ]),
      jitter: 1,
      budget: Infinity,
    },
    probability:
      call.probability === undefined
        ? 1
        : report.unit('share', call.probability, [...path, 'probability']),
    times: 1,
    group: '',
    breaker: null,
    concurrencyMax: Infinity,
    optional: false,
    cache: null,
    freshUs: null,
    flag: '',
    keepAliveUs: Infinity,
  };
}

function resolveServiceTime(
  report: Report,
  file: ServiceTimeFile,
  path: Path,
): DurationDistribution {
  if (file.distribution === 'exponential') {
    return { kind: 'exponential', meanUs: report.positive(file.mean, [...path, 'mean']) };
  }
  if (file.distribution === 'constant') {
    return { kind: 'constant', us: report.positive(file.value, [...path, 'value']) };
  }
  const p50Us = report.positive(file.p50, [...path, 'p50']);
  const p99Us = report.positive(file.p99, [...path, 'p99']);
  if (p99Us < p50Us) {
    report.add([...path, 'p99'], {
      kind: 'bad-value',
      message: `p99 (${file.p99}) is less than p50 (${file.p50})`,
    });
  }
  return { kind: 'lognormal', p50Us, p99Us };
}
