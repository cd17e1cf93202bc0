/** What an instance is made of, how it starts, and how requests find it. */
import type {
  AutoscaleModel,
  BalancerModel,
  DiskModel,
  HealthCheckModel,
  MemoryModel,
  StartupModel,
} from './model.ts';
import type { Report } from './report.ts';
import { resolveCalls } from './resolve-calls.ts';
import type { ServiceIndex } from './resolve-index.ts';
import type { SimulatedServiceFile } from './schema-services.ts';
import type { Path } from './yaml-tree.ts';

export function resolveMemory(
  report: Report,
  file: SimulatedServiceFile['memory'],
  path: Path,
): MemoryModel | null {
  if (!file) return null;
  const limitBytes = report.positive(file.limit, [...path, 'limit'], 'bytes');
  const baseBytes = report.unit('bytes', file.base, [...path, 'base']);
  if (baseBytes >= limitBytes) {
    const message = `base (${file.base}) leaves nothing of the limit (${file.limit})`;
    report.add([...path, 'base'], { kind: 'bad-value', message });
  }
  return {
    limitBytes,
    baseBytes,
    perRequestBytes: report.unitOr('bytes', file.per_request, [...path, 'per_request'], 0),
    collected: file.collected ?? true,
  };
}

export function resolveDisk(
  report: Report,
  file: SimulatedServiceFile['disk'],
  path: Path,
): DiskModel | null {
  if (!file) return null;
  const sizeBytes = report.positive(file.size, [...path, 'size'], 'bytes');
  const usedBytes = report.unitOr('bytes', file.used, [...path, 'used'], 0);
  if (usedBytes >= sizeBytes) {
    const message = `used (${file.used ?? ''}) leaves nothing of the size (${file.size})`;
    report.add([...path, 'used'], { kind: 'bad-value', message });
  }
  return { sizeBytes, usedBytes };
}

export function resolveStartup(
  report: Report,
  index: ServiceIndex,
  { service, path }: { service: number; path: Path },
): StartupModel {
  const file = index.files[service]?.startup ?? {};
  if (file.warmup_factor !== undefined && file.warmup === undefined) {
    const message = 'warmup_factor without warmup: for how long?';
    report.add([...path, 'warmup_factor'], { kind: 'missing-key', message, part: 'key' });
  }
  return {
    us: report.unitOr('duration', file.time, [...path, 'time'], 0),
    warmupUs: report.unitOr('duration', file.warmup, [...path, 'warmup'], 0),
    warmupFactor: file.warmup_factor ?? 1,
    calls: resolveCalls(report, index, {
      caller: service,
      calls: file.calls ?? [],
      path: [...path, 'calls'],
    }),
    retryUs: report.positive(file.retry ?? '5s', [...path, 'retry']),
    jitter: report.unitOr('share', file.jitter, [...path, 'jitter'], 1),
  };
}

export function resolveBalancer(
  report: Report,
  file: NonNullable<SimulatedServiceFile['balancer']>,
  path: Path,
): BalancerModel {
  const check = file.health_check;
  if (file.panic !== undefined && !check) {
    const message = 'panic without health_check: all instances count as healthy';
    report.add([...path, 'panic'], {
      kind: 'no-effect',
      severity: 'warning',
      message,
      part: 'key',
    });
  }
  return {
    policy: file.policy ?? 'round-robin',
    healthCheck: check ? resolveHealthCheck(report, check, [...path, 'health_check']) : null,
    panicShare: report.unitOr('share', file.panic, [...path, 'panic'], 0),
  };
}

function resolveHealthCheck(
  report: Report,
  file: NonNullable<NonNullable<SimulatedServiceFile['balancer']>['health_check']>,
  path: Path,
): HealthCheckModel {
  const { interval = '5s', timeout = '1s' } = file;
  const intervalUs = report.positive(interval, [...path, 'interval']);
  const timeoutUs = report.positive(timeout, [...path, 'timeout']);
  if (timeoutUs > intervalUs) {
    const message = `timeout (${timeout}) is longer than interval (${interval})`;
    const key = file.timeout === undefined ? 'interval' : 'timeout';
    report.add([...path, key], { kind: 'bad-value', message });
  }
  return {
    intervalUs,
    timeoutUs,
    unhealthyAfter: file.unhealthy_after ?? 3,
    healthyAfter: file.healthy_after ?? 2,
    deep: file.deep ?? false,
  };
}

export function resolveAutoscale(
  report: Report,
  service: SimulatedServiceFile,
  path: Path,
): AutoscaleModel | null {
  const { autoscale: file, instances = 1 } = service;
  if (!file) return null;
  const { min, max } = file;
  const complain = (key: string, message: string) =>
    report.add([...path, key], { kind: 'bad-value', message });
  if (max < min) complain('max', `max (${max}) is less than min (${min})`);
  else if (instances < min) complain('min', `min (${min}) is more than instances (${instances})`);
  else if (instances > max) complain('max', `max (${max}) is less than instances (${instances})`);
  return {
    min,
    max,
    target: report.positive(file.target, [...path, 'target'], 'share'),
    everyUs: report.positive(file.every ?? '30s', [...path, 'every']),
    lagUs: report.unit('duration', file.lag ?? '60s', [...path, 'lag']),
  };
}
