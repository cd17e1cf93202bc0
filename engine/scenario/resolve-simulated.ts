/** A simulated scenario, from the file's words to the engine's: names to indexes, units to numbers. */
import type { Micros } from '../sdk/index.ts';
import { checkCallGraph } from './call-graph.ts';
import type {
  ChangeModel,
  FaultModel,
  ScenarioCommon,
  SimulatedScenario,
  TelemetryModel,
  TrafficModel,
} from './model.ts';
import { Names } from './names.ts';
import { suggestion } from './suggestion.ts';
import type { Report } from './report.ts';
import { resolveDetectors, resolveObjectives, resolveTruth } from './resolve-common.ts';
import { indexServices, resolveEndpoint, resolveServices } from './resolve-services.ts';
import type { ServiceIndex } from './resolve-services.ts';
import type { FaultFile, SimulatedFile, TelemetryFile } from './schema.ts';
import type { Path } from './yaml-tree.ts';

/** Where the scenario came from. */
export type Origin = Pick<ScenarioCommon, 'file' | 'source' | 'hash'>;

const defaultStart = '2026-01-01T00:00:00Z';

export function resolveSimulated(
  report: Report,
  file: SimulatedFile,
  origin: Origin,
): SimulatedScenario {
  const index = indexServices(report, file.services);
  const services = resolveServices(report, index);
  const durationUs = report.positive(file.duration, ['duration']);
  const traffic = resolveTraffic(report, index, file);
  const faults = resolveFaults(report, index, { file, durationUs });
  const changes = resolveChanges(report, index, { file, durationUs });
  const startUnixUs = report.unit('instant', file.start ?? defaultStart, ['start']);
  const objectives = resolveObjectives(report, file.objectives ?? [], index.services);
  const truth = resolveTruth(report, file.truth);
  checkTruth(report, index, file);
  // Unknown names have no place in a graph.
  if (!report.failed) checkCallGraph(report, services, { traffic, durationUs });
  return {
    apiVersion: file.apiVersion,
    kind: 'simulated',
    name: file.name,
    title: file.title ?? file.name,
    description: file.description ?? '',
    tags: [],
    difficulty: null,
    // `-0` is a number that JSON and SQL do not keep.
    seed: (file.seed ?? 1) + 0,
    startUnixUs,
    durationUs,
    zones: ['a'],
    nodes: 1,
    services,
    traffic,
    changes,
    faults,
    actions: { forbidden: [], delaysUs: {}, custom: [] },
    telemetry: resolveTelemetry(report, file.telemetry ?? {}),
    objectives,
    truth,
    detectors: resolveDetectors(report, file.detectors),
    ...origin,
  };
}

function resolveTraffic(report: Report, index: ServiceIndex, file: SimulatedFile): TrafficModel[] {
  const seen = new Set<string>();
  return file.traffic.map((traffic, t) => {
    const path = ['traffic', t];
    const service = index.services.find(report, traffic.entry, [...path, 'entry']);
    const wanted = { service, endpoint: traffic.endpoint, path, key: 'entry' };
    const endpoint = resolveEndpoint(report, index, wanted);
    const shape = traffic.shape ?? 'steady';
    const key = `${service} ${endpoint} ${shape}`;
    if (service >= 0 && endpoint >= 0 && seen.has(key)) {
      const message = `${shape} traffic into this endpoint of ${traffic.entry} for the second time`;
      report.add([...path, 'entry'], { kind: 'duplicate', message, hint: 'add the rates up' });
    }
    seen.add(key);
    const rate = report.unit('rate', traffic.rate, [...path, 'rate']);
    return {
      service,
      endpoint,
      kind: 'users',
      rate,
      shape,
      surges: [],
      patienceUs: Infinity,
      reloadShare: 0,
      reloadAfterUs: 2_000_000,
      reloadsMax: 0,
      everyUs: Infinity,
      burst: 0,
      spreadUs: 0,
    };
  });
}

function resolveChanges(
  report: Report,
  index: ServiceIndex,
  { file, durationUs }: { file: SimulatedFile; durationUs: Micros },
): ChangeModel[] {
  return (file.changes ?? []).map((change, c) => {
    const path = ['changes', c];
    return {
      at: resolveMoment(report, {
        text: change.at,
        path: [...path, 'at'],
        durationUs,
        what: 'change',
      }),
      kind: change.kind,
      service: index.services.find(report, change.service, [...path, 'service']),
      version: change.version ?? null,
      instances: null,
      overUs: 0,
      config: null,
      flag: null,
      note: change.note ?? '',
    };
  });
}

/** A moment within the run. */
function resolveMoment(
  report: Report,
  moment: { text: string; path: Path; durationUs: Micros; what: string },
): Micros {
  const at = report.unit('duration', moment.text, moment.path);
  if (at >= moment.durationUs) {
    const message = `the ${moment.what} comes at ${moment.text}, after the end of the run`;
    report.add(moment.path, { kind: 'bad-value', message, hint: 'make the duration longer' });
  }
  return at;
}

function resolveFaults(
  report: Report,
  index: ServiceIndex,
  { file, durationUs }: { file: SimulatedFile; durationUs: Micros },
): FaultModel[] {
  const faults = file.faults ?? [];
  // Only for its problems: ids are looked up by the truth alone.
  new Names(report, {
    what: 'fault',
    names: faults.map((fault) => fault.id),
    pathOf: (f) => ['faults', f, 'id'],
    fold: true,
  });
  return faults.map((fault, f) => {
    const path = ['faults', f];
    const at = resolveMoment(report, {
      text: fault.at,
      path: [...path, 'at'],
      durationUs,
      what: 'fault',
    });
    const service = index.services.find(report, fault.service, [...path, 'service']);
    const until = resolveUntil(report, { fault, at, durationUs, path });
    return {
      id: fault.id,
      at,
      until,
      service,
      scope: {
        instances: fault.kind === 'crash' ? (fault.instances ?? null) : null,
        zone: null,
        node: null,
        version: null,
        flag: null,
        config: null,
      },
      pulse: null,
      ...parametersOf(report, index, { fault, service, path }),
    };
  });
}

function resolveUntil(
  report: Report,
  { fault, at, durationUs, path }: { fault: FaultFile; at: Micros; durationUs: Micros; path: Path },
): Micros | null {
  if (fault.until === undefined) return null;
  const until = report.unit('duration', fault.until, [...path, 'until']);
  if (until <= at) {
    report.add([...path, 'until'], {
      kind: 'bad-value',
      message: `the fault ends (${fault.until}) before it begins (${fault.at})`,
    });
  } else if (until > durationUs) {
    report.add([...path, 'until'], {
      kind: 'no-effect',
      severity: 'warning',
      message: `the fault ends (${fault.until}) after the end of the run`,
    });
  }
  return until;
}

/** `Omit` that keeps the members of a union apart. */
type Parameters = FaultModel extends infer F
  ? F extends FaultModel
    ? Omit<F, 'id' | 'at' | 'until' | 'service' | 'scope' | 'pulse'>
    : never
  : never;

function parametersOf(
  report: Report,
  index: ServiceIndex,
  { fault, service, path }: { fault: FaultFile; service: number; path: Path },
): Parameters {
  switch (fault.kind) {
    case 'latency': {
      if (fault.factor === undefined && fault.add === undefined) {
        const message = 'missing key "factor" or "add": how much longer?';
        report.add(path, { kind: 'missing-key', message, hint: 'for example: add: 200ms' });
      }
      const addUs = report.unit('duration', fault.add ?? '0s', [...path, 'add']);
      const endpoint = onlyEndpoint(report, index, { fault, service, path });
      return { kind: fault.kind, endpoint, factor: fault.factor ?? 1, addUs };
    }
    case 'errors': {
      const share = report.unit('share', fault.rate, [...path, 'rate']);
      return {
        kind: fault.kind,
        endpoint: onlyEndpoint(report, index, { fault, service, path }),
        share,
        message: '',
      };
    }
    case 'crash':
      checkInstances(report, index, { wanted: fault.instances, service, path });
      return {
        kind: fault.kind,
        restartAfterUs:
          fault.restart_after === undefined
            ? null
            : report.positive(fault.restart_after, [...path, 'restart_after']),
      };
    case 'pool-leak':
      return {
        kind: fault.kind,
        pool: index.pools[service]?.find(report, fault.pool, [...path, 'pool']) ?? -1,
        share: report.unit('share', fault.rate, [...path, 'rate']),
      };
    case 'traffic-spike':
      return { kind: fault.kind, factor: fault.factor };
    default:
      return fault satisfies never;
  }
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

function checkInstances(
  report: Report,
  index: ServiceIndex,
  { wanted = 0, service, path }: { wanted: number | undefined; service: number; path: Path },
): void {
  const instances = index.files[service]?.instances ?? 1;
  if (service < 0 || wanted <= instances) return;
  const message = `${wanted} instances crash, but the service has ${instances}`;
  report.add([...path, 'instances'], { kind: 'bad-value', message });
}

function resolveTelemetry(report: Report, file: TelemetryFile): TelemetryModel {
  const interval = file.metric_interval ?? '10s';
  const path = ['telemetry', 'metric_interval'];
  const metricIntervalUs = report.unit('interval', interval, path);
  if (metricIntervalUs < 100_000) {
    report.add(path, { kind: 'bad-value', message: 'metric_interval must be at least 100ms' });
  }
  return {
    logSample: report.unit('share', file.log_sample ?? '5%', ['telemetry', 'log_sample']),
    traceSample: report.unit('share', file.trace_sample ?? '1%', ['telemetry', 'trace_sample']),
    metricIntervalUs,
    metricLagUs: 0,
  };
}

function checkTruth(report: Report, index: ServiceIndex, file: SimulatedFile): void {
  const cause = file.truth?.root_cause;
  if (file.truth?.windows !== undefined) {
    report.add(['truth', 'windows'], {
      kind: 'forbidden',
      message: 'windows are for recordings: the engine measures those of a simulation',
      hint: 'remove the key',
      part: 'key',
    });
  }
  if (!cause) return;
  index.services.find(report, cause.service, ['truth', 'root_cause', 'service']);
  if (cause.fault === undefined) return;
  const faults = file.faults ?? [];
  const path = ['truth', 'root_cause', 'fault'];
  const fault = faults.find((one) => one.id === cause.fault);
  if (!fault) {
    report.add(path, {
      kind: 'reference',
      message: `no fault "${cause.fault}"`,
      hint: suggestion(
        cause.fault,
        faults.map((one) => one.id),
        'known faults',
      ),
    });
  } else if (fault.service !== cause.service) {
    report.add(path, {
      kind: 'bad-value',
      severity: 'warning',
      message: `fault "${fault.id}" acts on ${fault.service}, not on ${cause.service}`,
    });
  }
}
