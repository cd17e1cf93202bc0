/** How things go wrong: what each kind of fault wants to know, and what its service must have for it. */
import type { FaultModel } from './model.ts';
import type { Report } from './report.ts';
import { tablesOf } from './resolve-data.ts';
import { endpointsOf, resolveEndpoint } from './resolve-index.ts';
import type { ServiceIndex } from './resolve-index.ts';
import type { SimulatedFile } from './schema.ts';
import type { FaultFile } from './schema-faults.ts';
import { suggestion } from './suggestion.ts';
import type { Path } from './yaml-tree.ts';

/** `Omit` that keeps the members of a union apart. */
type Parameters = FaultModel extends infer F
  ? F extends FaultModel
    ? Omit<F, 'id' | 'at' | 'until' | 'service' | 'scope' | 'pulse'>
    : never
  : never;

interface Context<F extends FaultFile = FaultFile> {
  readonly file: SimulatedFile;
  readonly fault: F;
  readonly service: number;
  readonly path: Path;
}

type FaultOf<K extends FaultFile['kind']> = Context<Extract<FaultFile, { kind: K }>>;

export function resolveFaultKind(
  report: Report,
  index: ServiceIndex,
  context: Context,
): Parameters {
  const { fault, service, path } = context;
  const { kind } = fault;
  switch (kind) {
    case 'latency':
      return latency(report, index, { ...context, fault });
    case 'errors': {
      const share = report.unit('share', fault.rate, [...path, 'rate']);
      const endpoint = onlyEndpoint(report, index, { fault, service, path });
      return { kind, endpoint, share, message: fault.message ?? '' };
    }
    case 'crash': {
      const at = [...path, 'restart_after'];
      const given = fault.restart_after;
      return { kind, restartAfterUs: given === undefined ? null : report.positive(given, at) };
    }
    case 'pool-leak':
      return {
        kind,
        pool: index.pools[service]?.find(report, fault.pool, [...path, 'pool']) ?? -1,
        share: report.unit('share', fault.rate, [...path, 'rate']),
      };
    case 'traffic-spike':
      warnNoTraffic(report, { ...context, fault });
      return { kind, factor: fault.factor };
    case 'memory-leak':
      requireKey(report, index, context, 'memory');
      return {
        kind,
        endpoint: onlyEndpoint(report, index, { fault, service, path }),
        bytesPerRequest: report.positive(fault.per_request, [...path, 'per_request'], 'bytes'),
      };
    case 'cpu-steal':
      requireKey(report, index, context, 'cpus');
      return { kind, share: report.positive(fault.share, [...path, 'share'], 'share') };
    case 'lock-queue':
      return lockQueue(report, index, { ...context, fault });
    case 'cache-flush': {
      const at = [...path, 'cache'];
      return { kind, cache: index.caches[service]?.find(report, fault.cache, at) ?? -1 };
    }
    case 'certificate-expiry':
      return { kind };
    case 'dns':
      return { kind, answer: fault.answer };
    case 'network':
      requireOneOf(report, context, ['loss', 'delay'], 'what happens to the packets?');
      return {
        kind,
        loss: report.unitOr('share', fault.loss, [...path, 'loss'], 0),
        delayUs: report.unitOr('duration', fault.delay, [...path, 'delay'], 0),
      };
    case 'disk-fill':
      requireKey(report, index, context, 'disk');
      return {
        kind,
        bytesPerSecond: report.positive(fault.rate, [...path, 'rate'], 'bytes-rate'),
      };
    default:
      return laterKind(report, index, { ...context, fault });
  }
}

/** The other half of the list. */
function laterKind(
  report: Report,
  index: ServiceIndex,
  context: FaultOf<
    'write-burst' | 'poison-message' | 'exhaustion' | 'clock-skew' | 'telemetry-loss'
  >,
): Parameters {
  const { fault, service, path } = context;
  const { kind } = fault;
  switch (kind) {
    case 'write-burst':
      requireReplica(report, index, context);
      return { kind, workUsPerSecond: report.positive(fault.work, [...path, 'work']) };
    case 'poison-message':
      return poisonMessage(report, index, { ...context, fault });
    case 'exhaustion':
      if (fault.left > fault.max) {
        const message = `left (${fault.left}) is more than max (${fault.max})`;
        report.add([...path, 'left'], { kind: 'bad-value', message });
      }
      return {
        kind,
        endpoint: onlyEndpoint(report, index, { fault, service, path }),
        counter: fault.counter,
        max: fault.max,
        left: fault.left,
      };
    case 'clock-skew':
      requireOneOf(report, context, ['offset', 'drift'], 'how far off?');
      return {
        kind,
        offsetUs: report.unitOr('signed-duration', fault.offset, [...path, 'offset'], 0),
        driftUsPerSecond: report.unitOr('signed-duration', fault.drift, [...path, 'drift'], 0),
      };
    case 'telemetry-loss':
      return {
        kind,
        stream: fault.stream,
        share: report.unitOr('share', fault.share, [...path, 'share'], 1),
      };
    default:
      return kind satisfies never;
  }
}

function latency(
  report: Report,
  index: ServiceIndex,
  { fault, service, path }: FaultOf<'latency'>,
): Parameters {
  if (fault.factor === undefined && fault.add === undefined) {
    const message = 'missing key "factor" or "add": how much longer?';
    report.add(path, { kind: 'missing-key', message, hint: 'for example: add: 200ms' });
  }
  return {
    kind: fault.kind,
    endpoint: onlyEndpoint(report, index, { fault, service, path }),
    factor: fault.factor ?? 1,
    addUs: report.unit('duration', fault.add ?? '0s', [...path, 'add']),
  };
}

function lockQueue(
  report: Report,
  index: ServiceIndex,
  { fault, service, path }: FaultOf<'lock-queue'>,
): Parameters {
  const file = index.files[service];
  const tables = file ? tablesOf(file) : [];
  if (file && !tables.includes(fault.table)) {
    report.add([...path, 'table'], {
      kind: 'reference',
      message: `no endpoint of ${file.name} works on table "${fault.table}"`,
      hint: suggestion(fault.table, tables, 'known tables'),
    });
  }
  return { kind: fault.kind, table: fault.table, statement: fault.statement };
}

function poisonMessage(
  report: Report,
  index: ServiceIndex,
  { file, fault, service, path }: FaultOf<'poison-message'>,
): Parameters {
  const queue = index.files[service];
  if (queue && queue.kind !== 'queue') {
    const message = `${queue.name} is a ${queue.kind ?? 'service'}, not a queue`;
    report.add([...path, 'service'], { kind: 'bad-value', alone: true, message });
  }
  const wanted = { service, endpoint: fault.topic, path, key: 'service', endpointKey: 'topic' };
  const topic = resolveEndpoint(report, index, wanted);
  const { partition = 0 } = fault;
  const known = queue ? endpointsOf(queue)[topic] : undefined;
  const partitions = known?.partitions ?? 1;
  if (known && partition >= partitions) {
    const message = `no partition ${partition} of ${known.name}`;
    const hint = partitions === 1 ? 'it has one, number 0' : `it has 0 to ${partitions - 1}`;
    report.add([...path, 'partition'], { kind: 'reference', message, hint });
  }
  const consumed = file.services.some((one) =>
    one.consumes?.some(
      (consumer) =>
        consumer.queue === fault.service && (consumer.topic ?? known?.name) === known?.name,
    ),
  );
  if (known && !consumed) {
    const message = `nobody consumes ${known.name} of ${fault.service}`;
    report.add([...path, 'service'], { kind: 'no-effect', severity: 'warning', message });
  }
  return { kind: fault.kind, topic, partition };
}

function onlyEndpoint(
  report: Report,
  index: ServiceIndex,
  at: { fault: { endpoint?: string }; service: number; path: Path },
): number | null {
  if (at.fault.endpoint === undefined) return null;
  return (
    index.endpoints[at.service]?.find(report, at.fault.endpoint, [...at.path, 'endpoint']) ?? -1
  );
}

/** What the fault takes away the service must have. A fault of a node takes it from those that do. */
function requireKey(
  report: Report,
  index: ServiceIndex,
  { fault, service, path }: Context,
  key: 'memory' | 'cpus' | 'disk',
): void {
  const file = index.files[service];
  if (!file || file[key] !== undefined || fault.node !== undefined) return;
  report.add([...path, 'service'], {
    kind: 'no-effect',
    message: `${file.name} has no ${key}, so ${fault.kind} does nothing to it`,
    hint: `add ${key} to the service`,
  });
}

function requireOneOf(
  report: Report,
  { fault, path }: Context,
  keys: readonly [string, string],
  question: string,
): void {
  if (keys.some((key) => key in fault)) return;
  const message = `missing key "${keys[0]}" or "${keys[1]}": ${question}`;
  report.add(path, { kind: 'missing-key', message });
}

function requireReplica(report: Report, index: ServiceIndex, { fault, path }: Context): void {
  const found = index.files.some(
    ({ name, replica_of: primary }) =>
      primary !== undefined && (name === fault.service || primary === fault.service),
  );
  if (found) return;
  report.add([...path, 'service'], {
    kind: 'no-effect',
    message: `${fault.service} has no replica, so there is nothing to apply`,
    hint: `give a database replica_of: ${fault.service}`,
  });
}

function warnNoTraffic(report: Report, { file, fault, path }: FaultOf<'traffic-spike'>): void {
  if (file.traffic.some((traffic) => traffic.entry === fault.service)) return;
  report.add([...path, 'service'], {
    kind: 'no-effect',
    severity: 'warning',
    message: `no traffic enters at ${fault.service}`,
  });
}
