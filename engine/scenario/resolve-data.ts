/** Where a service's data comes from: caches, queues, and the database that it copies. */
import type { CacheModel, ConsumerModel, ServiceModel } from './model.ts';
import type { Report } from './report.ts';
import { endpointsOf, resolveEndpoint } from './resolve-index.ts';
import type { ServiceIndex } from './resolve-index.ts';
import type { SimulatedServiceFile } from './schema-services.ts';
import type { Path } from './yaml-tree.ts';

export function resolveCaches(report: Report, index: ServiceIndex, service: number): CacheModel[] {
  const file = index.files[service];
  const used = new Set(callsOf(file).map((call) => call.cache));
  return (file?.caches ?? []).map((cache, c) => {
    const path = ['services', service, 'caches', c];
    if (!used.has(cache.name)) {
      report.add([...path, 'name'], {
        kind: 'no-effect',
        severity: 'warning',
        message: `no call of ${file?.name ?? ''} uses the cache`,
        hint: `add to a call: cache: ${cache.name}`,
      });
    }
    if (cache.jitter !== undefined && cache.ttl === undefined) {
      const message = 'jitter without ttl: of what?';
      report.add([...path, 'jitter'], { kind: 'missing-key', message, part: 'key' });
    }
    return {
      name: cache.name,
      store: resolveStore(report, index, { service, cache, path }),
      keys: cache.keys,
      skew: cache.skew ?? 1,
      ttlUs: report.positiveOr(cache.ttl, [...path, 'ttl'], Infinity),
      jitter: report.unitOr('share', cache.jitter, [...path, 'jitter'], 0),
      warm: cache.warm ?? false,
      coalesce: cache.coalesce ?? false,
    };
  });
}

function callsOf(file: SimulatedServiceFile | undefined) {
  return [
    ...(file?.startup?.calls ?? []),
    ...(file?.endpoints ?? []).flatMap((endpoint) => endpoint.calls ?? []),
  ];
}

function resolveStore(
  report: Report,
  index: ServiceIndex,
  {
    service,
    cache,
    path,
  }: { service: number; cache: NonNullable<SimulatedServiceFile['caches']>[number]; path: Path },
): CacheModel['store'] {
  if (cache.store === undefined) {
    if (cache.store_endpoint !== undefined) {
      const message = 'store_endpoint without store: an endpoint of which service?';
      report.add([...path, 'store_endpoint'], { kind: 'missing-key', message, part: 'key' });
    }
    return null;
  }
  const store = index.services.find(report, cache.store, [...path, 'store']);
  if (store === service) {
    report.add([...path, 'store'], {
      kind: 'cycle',
      message: `${cache.store} would ask itself`,
      hint: 'leave the key out for memory of each instance',
    });
  }
  const endpoint = resolveEndpoint(report, index, {
    service: store,
    endpoint: cache.store_endpoint,
    path,
    key: 'store',
    endpointKey: 'store_endpoint',
  });
  return { service: store, endpoint };
}

export function resolveConsumers(
  report: Report,
  index: ServiceIndex,
  service: number,
): ConsumerModel[] {
  const seen = new Set<string>();
  return (index.files[service]?.consumes ?? []).map((consumer, c) => {
    const path = ['services', service, 'consumes', c];
    const queue = index.services.find(report, consumer.queue, [...path, 'queue']);
    requireKind(report, index, { service: queue, kind: 'queue', path: [...path, 'queue'] });
    const topic = resolveEndpoint(report, index, {
      service: queue,
      endpoint: consumer.topic,
      path,
      key: 'queue',
      endpointKey: 'topic',
    });
    const key = `${queue} ${topic}`;
    if (queue >= 0 && topic >= 0 && seen.has(key)) {
      const message = `this topic of ${consumer.queue} for the second time`;
      report.add([...path, 'queue'], { kind: 'duplicate', message });
    }
    seen.add(key);
    const endpoint = resolveEndpoint(report, index, {
      service,
      endpoint: consumer.endpoint,
      path,
      key: 'queue',
    });
    return {
      service: queue,
      topic,
      endpoint,
      attemptsMax: consumer.max_attempts ?? Infinity,
      backoffUs: report.positive(consumer.backoff ?? '1s', [...path, 'backoff']),
    };
  });
}

export function resolveReplica(
  report: Report,
  index: ServiceIndex,
  service: number,
): Pick<ServiceModel, 'replicaOf' | 'applyUs'> {
  const file = index.files[service];
  const path = ['services', service];
  if (file?.replica_of === undefined) {
    if (file?.apply !== undefined) {
      const message = 'apply without replica_of: writes of which database?';
      report.add([...path, 'apply'], { kind: 'missing-key', message, part: 'key' });
    }
    return { replicaOf: null, applyUs: 0 };
  }
  const at = [...path, 'replica_of'];
  const replicaOf = index.services.find(report, file.replica_of, at);
  requireKind(report, index, { service: replicaOf, kind: 'database', path: at });
  if (replicaOf === service) {
    report.add(at, { kind: 'cycle', message: `${file.name} copies itself` });
  } else if (index.files[replicaOf]?.replica_of !== undefined) {
    const message = `${file.replica_of} is a replica, too`;
    report.add(at, { kind: 'bad-value', message, hint: 'name the database that is written to' });
  }
  return { replicaOf, applyUs: report.unitOr('duration', file.apply, [...path, 'apply'], 0) };
}

function requireKind(
  report: Report,
  index: ServiceIndex,
  { service, kind, path }: { service: number; kind: string; path: Path },
): void {
  const file = index.files[service];
  if (!file || (file.kind ?? 'service') === kind) return;
  report.add(path, {
    kind: 'bad-value',
    alone: true,
    message: `${file.name} is a ${file.kind ?? 'service'}, not a ${kind}`,
    hint: `give it kind: ${kind}`,
  });
}

/** Whether some endpoint of the service works on the table. */
export function tablesOf(file: SimulatedServiceFile): string[] {
  return [...new Set(endpointsOf(file).flatMap((endpoint) => endpoint.table ?? []))];
}
