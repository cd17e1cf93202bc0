/** Endpoints and the calls that they make: names become indexes. */
import type {
  BreakerModel,
  CallModel,
  DurationDistribution,
  EndpointModel,
  RetryModel,
} from './model.ts';
import type { Report } from './report.ts';
import { endpointsOf, resolveEndpoint, warnNever } from './resolve-index.ts';
import type { ServiceIndex } from './resolve-index.ts';
import type { CallFile, EndpointFile } from './schema-calls.ts';
import type { ServiceTimeFile } from './schema-parts.ts';
import { clipped } from './suggestion.ts';
import type { Path } from './yaml-tree.ts';

export function resolveEndpoints(
  report: Report,
  index: ServiceIndex,
  service: number,
): EndpointModel[] {
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
      calls: resolveCalls(report, index, {
        caller: service,
        calls: endpoint.calls ?? [],
        path: [...at, 'calls'],
      }),
      ...resolveStorage(report, index, { service, endpoint, path: at }),
    };
  });
}

/** What an endpoint does with tables, tokens and partitions. */
function resolveStorage(
  report: Report,
  index: ServiceIndex,
  { service, endpoint, path }: { service: number; endpoint: EndpointFile; path: Path },
): Pick<EndpointModel, 'table' | 'writes' | 'lockTimeoutUs' | 'tokenLeewayUs' | 'partitions'> {
  const kind = index.files[service]?.kind ?? 'service';
  if (endpoint.partitions !== undefined && kind !== 'queue') {
    const message = `partitions are for queues, not for a ${kind}`;
    report.add([...path, 'partitions'], { kind: 'forbidden', message, part: 'key' });
  }
  if (endpoint.lock_timeout !== undefined && endpoint.table === undefined) {
    const message = 'lock_timeout without a table: locks of what?';
    report.add([...path, 'lock_timeout'], { kind: 'missing-key', message, part: 'key' });
  }
  return {
    table: endpoint.table ?? null,
    writes: endpoint.writes ?? false,
    lockTimeoutUs: report.positiveOr(endpoint.lock_timeout, [...path, 'lock_timeout'], Infinity),
    tokenLeewayUs: report.unitOr(
      'duration',
      endpoint.token_leeway,
      [...path, 'token_leeway'],
      Infinity,
    ),
    partitions: endpoint.partitions ?? 1,
  };
}

export function resolveCalls(
  report: Report,
  index: ServiceIndex,
  { caller, calls, path }: { caller: number; calls: readonly CallFile[]; path: Path },
): CallModel[] {
  checkGroups(report, calls, path);
  return calls.map((call, c) => resolveCall(report, index, { caller, call, path: [...path, c] }));
}

/** A group is made at the same time: a call in between would have to wait and not to wait. */
function checkGroups(report: Report, calls: readonly CallFile[], path: Path): void {
  const ended = new Set<string>();
  let open: string | undefined;
  for (const [c, { group }] of calls.entries()) {
    if (group === open) continue;
    if (open !== undefined) ended.add(open);
    open = group;
    if (group === undefined || !ended.has(group)) continue;
    report.add([...path, c, 'group'], {
      kind: 'bad-value',
      alone: true,
      message: `calls of group "${clipped(group)}" do not stand next to each other`,
      hint: 'move them together, or give them different groups',
    });
  }
}

function resolveCall(
  report: Report,
  index: ServiceIndex,
  { caller, call, path }: { caller: number; call: CallFile; path: Path },
): CallModel {
  const service = index.services.find(report, call.to, [...path, 'to']);
  const endpoint = resolveEndpoint(report, index, {
    service,
    endpoint: call.endpoint,
    path,
    key: 'to',
  });
  const own = (part: 'pools' | 'caches', name: string | undefined, key: string) =>
    name === undefined ? null : (index[part][caller]?.find(report, name, [...path, key]) ?? null);
  warnNever(report, index, {
    what: 'flag',
    service: caller,
    value: call.flag,
    path: [...path, 'flag'],
  });
  warnFresh(report, index, { call, service, path });
  return {
    service,
    endpoint,
    pool: own('pools', call.pool, 'pool'),
    timeoutUs: report.positiveOr(call.timeout, [...path, 'timeout'], Infinity),
    retries: resolveRetries(report, call.retries, [...path, 'retries']),
    probability: report.unitOr('share', call.probability, [...path, 'probability'], 1),
    times: call.times ?? 1,
    group: call.group ?? '',
    breaker: call.breaker ? resolveBreaker(report, call.breaker, [...path, 'breaker']) : null,
    concurrencyMax: call.concurrency ?? Infinity,
    optional: call.optional ?? false,
    cache: own('caches', call.cache, 'cache'),
    freshUs: call.fresh === undefined ? null : report.positive(call.fresh, [...path, 'fresh']),
    flag: call.flag ?? '',
    keepAliveUs: report.positiveOr(call.keep_alive, [...path, 'keep_alive'], Infinity),
  };
}

function resolveRetries(report: Report, file: CallFile['retries'], path: Path): RetryModel {
  return {
    max: file?.max ?? 0,
    backoffUs: report.unit('duration', file?.backoff ?? '100ms', [...path, 'backoff']),
    jitter: report.unitOr('share', file?.jitter, [...path, 'jitter'], 1),
    budget: report.unitOr('share', file?.budget, [...path, 'budget'], Infinity),
  };
}

function resolveBreaker(
  report: Report,
  file: NonNullable<CallFile['breaker']>,
  path: Path,
): BreakerModel {
  return {
    failureShare: report.positive(file.failures ?? '50%', [...path, 'failures'], 'share'),
    windowUs: report.positive(file.window ?? '10s', [...path, 'window']),
    callsMin: file.minimum ?? 20,
    openUs: report.positive(file.open ?? '30s', [...path, 'open']),
  };
}

/** Only what a copy answers can be old: a replica, or one made from what it consumes. */
function warnFresh(
  report: Report,
  index: ServiceIndex,
  { call, service, path }: { call: CallFile; service: number; path: Path },
): void {
  const callee = index.files[service];
  if (call.fresh === undefined || !callee) return;
  if (callee.replica_of !== undefined || (callee.consumes ?? []).length > 0) return;
  report.add([...path, 'fresh'], {
    kind: 'no-effect',
    severity: 'warning',
    message: `${callee.name} is no replica and consumes nothing: its data is never old`,
    part: 'key',
  });
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
