/** Who calls the system: one model for each endpoint that is called. */
import type { Micros } from '../sdk/index.ts';
import type { SurgeModel, TrafficModel } from './model.ts';
import type { Report } from './report.ts';
import { resolveEndpoint } from './resolve-index.ts';
import type { ServiceIndex } from './resolve-index.ts';
import { resolveMoment, resolveUntil } from './resolve-moment.ts';
import type { SimulatedFile } from './schema.ts';
import type { TrafficFile, UsersFile } from './schema-traffic.ts';
import type { Path } from './yaml-tree.ts';

interface Entry<F> {
  readonly file: F;
  readonly path: Path;
  readonly durationUs: Micros;
}

export function resolveTraffic(
  report: Report,
  index: ServiceIndex,
  { file, durationUs }: { file: SimulatedFile; durationUs: Micros },
): TrafficModel[] {
  const seen = new Set<string>();
  return file.traffic.flatMap((traffic, t) => {
    const path = ['traffic', t];
    const models = resolveEntry(report, index, { file: traffic, path, durationUs });
    for (const { service, endpoint, kind, shape } of models) {
      const key = `${service} ${endpoint} ${kind} ${shape}`;
      if (service >= 0 && endpoint >= 0 && seen.has(key)) {
        const what = kind === 'users' ? `${shape} traffic` : `a ${kind}`;
        const message = `${what} into this endpoint of ${traffic.entry} for the second time`;
        const hint = kind === 'users' ? 'add the rates up' : undefined;
        report.add([...path, 'entry'], { kind: 'duplicate', message, hint, alone: false });
      }
      seen.add(key);
    }
    return models;
  });
}

/** What those who are no users do not do. */
const patient = {
  shape: 'steady',
  surges: [],
  patienceUs: Infinity,
  reloadShare: 0,
  reloadAfterUs: 2_000_000,
  reloadsMax: 0,
  everyUs: Infinity,
  burst: 0,
  spreadUs: 0,
} as const;

function resolveEntry(
  report: Report,
  index: ServiceIndex,
  { file, path, durationUs }: Entry<TrafficFile>,
): TrafficModel[] {
  const service = index.services.find(report, file.entry, [...path, 'entry']);
  if (file.kind !== 'probe' && file.kind !== 'batch') {
    return resolveUsers(report, index, { service, file, path, durationUs });
  }
  const endpoint = resolveEndpoint(report, index, {
    service,
    endpoint: file.endpoint,
    path,
    key: 'entry',
  });
  const everyUs = report.positive(file.every, [...path, 'every']);
  const common = { ...patient, service, endpoint, everyUs };
  if (file.kind === 'probe') {
    const patienceUs = report.positiveOr(file.timeout, [...path, 'timeout'], Infinity);
    return [{ ...common, kind: 'probe', rate: perSecond(1, everyUs), patienceUs }];
  }
  const spreadUs = report.unitOr('duration', file.spread, [...path, 'spread'], 0);
  if (everyUs > 0 && spreadUs > everyUs) {
    const message = `spread (${file.spread ?? ''}) is longer than every (${file.every})`;
    report.add([...path, 'spread'], { kind: 'bad-value', message });
  }
  const { burst } = file;
  return [{ ...common, kind: 'batch', rate: perSecond(burst, everyUs), burst, spreadUs }];
}

function perSecond(count: number, everyUs: Micros): number {
  return everyUs > 0 ? (count * 1e6) / everyUs : 0;
}

function resolveUsers(
  report: Report,
  index: ServiceIndex,
  { service, ...entry }: Entry<UsersFile> & { service: number },
): TrafficModel[] {
  const { file, path } = entry;
  const rate = report.unit('rate', file.rate, [...path, 'rate']);
  const common = {
    ...patient,
    service,
    kind: 'users',
    shape: file.shape ?? 'steady',
    surges: resolveSurges(report, entry),
    patienceUs: report.positiveOr(file.patience, [...path, 'patience'], Infinity),
    ...(file.reload && {
      reloadShare: report.unit('share', file.reload.share, [...path, 'reload', 'share']),
      reloadAfterUs: report.unit('duration', file.reload.after ?? '2s', [
        ...path,
        'reload',
        'after',
      ]),
      reloadsMax: file.reload.max ?? 1,
    }),
  } as const;
  if (file.mix !== undefined) {
    return resolveMix(report, index, { service, mix: file.mix, file, path }).map(
      ({ endpoint, share }) => ({ ...common, endpoint, rate: rate * share }),
    );
  }
  const wanted = { service, endpoint: file.endpoint, path, key: 'entry' };
  return [{ ...common, endpoint: resolveEndpoint(report, index, wanted), rate }];
}

/** Endpoints with their shares of the rate. */
function resolveMix(
  report: Report,
  index: ServiceIndex,
  {
    service,
    mix,
    file,
    path,
  }: { service: number; mix: NonNullable<UsersFile['mix']>; file: UsersFile; path: Path },
): { endpoint: number; share: number }[] {
  if (file.endpoint !== undefined) {
    const message = 'endpoint beside mix: which of them?';
    report.add([...path, 'endpoint'], { kind: 'forbidden', message, part: 'key' });
  }
  const parts = Object.entries(mix).map(([name, text]) => {
    const at = [...path, 'mix', name];
    const names = index.endpoints[service];
    return {
      endpoint: names ? names.find(report, name, at, 'key') : -1,
      share: report.unit('share', text, at),
    };
  });
  const sum = parts.reduce((total, { share }) => total + share, 0);
  // Shares have at most nine digits: anything further away than a tenth of the last one is no rounding.
  if (Math.abs(sum - 1) > 1e-10) {
    const message = `the shares of the mix add up to ${Number((sum * 100).toPrecision(9))}%, not 100%`;
    report.add([...path, 'mix'], { kind: 'bad-value', message, part: 'key' });
  }
  return parts;
}

function resolveSurges(report: Report, { file, path, durationUs }: Entry<UsersFile>): SurgeModel[] {
  return (file.surges ?? []).map((surge, s) => {
    const on = [...path, 'surges', s];
    const what = 'surge';
    const at = resolveMoment(report, { text: surge.at, path: [...on, 'at'], durationUs, what });
    const until = resolveUntil(report, {
      text: surge.until,
      path: [...on, 'until'],
      at: { us: at, text: surge.at },
      durationUs,
      what,
    });
    const rampUs = report.unitOr('duration', surge.ramp, [...on, 'ramp'], 0);
    if (until > at && rampUs * 2 > until - at) {
      const message = `ramp (${surge.ramp ?? ''}), there and back, is longer than the surge`;
      report.add([...on, 'ramp'], { kind: 'bad-value', message });
    }
    return { at, until, factor: surge.factor, rampUs };
  });
}
