/** What people change while the system runs. */
import type { Micros } from '../sdk/index.ts';
import type { ChangeModel } from './model.ts';
import type { Report } from './report.ts';
import type { ServiceIndex } from './resolve-index.ts';
import { resolveMoment } from './resolve-moment.ts';
import type { SimulatedFile } from './schema.ts';
import type { ChangeFile } from './schema-traffic.ts';
import type { Path } from './yaml-tree.ts';

export function resolveChanges(
  report: Report,
  index: ServiceIndex,
  { file, durationUs }: { file: SimulatedFile; durationUs: Micros },
): ChangeModel[] {
  return (file.changes ?? []).map((change, c) => {
    const path = ['changes', c];
    const service = index.services.find(report, change.service, [...path, 'service']);
    return {
      at: resolveMoment(report, {
        text: change.at,
        path: [...path, 'at'],
        durationUs,
        what: 'change',
      }),
      kind: change.kind,
      service,
      version: change.kind === 'deploy' ? (change.version ?? null) : null,
      ...resolveCanary(report, index, { change, service, path }),
      config: change.kind === 'config' ? (change.config ?? null) : null,
      flag: resolveFlag(report, change, path),
      note: change.note ?? '',
    };
  });
}

function resolveCanary(
  report: Report,
  index: ServiceIndex,
  { change, service, path }: { change: ChangeFile; service: number; path: Path },
): Pick<ChangeModel, 'instances' | 'overUs'> {
  if (change.kind !== 'deploy') return { instances: null, overUs: 0 };
  const file = index.files[service];
  const known = file?.instances ?? 1;
  if (file && change.instances !== undefined && change.instances > known) {
    const message = `the change is of ${change.instances} instances, but ${file.name} has ${known}`;
    report.add([...path, 'instances'], { kind: 'bad-value', message });
  }
  for (const key of ['instances', 'over'] as const) {
    if (change[key] === undefined || change.version !== undefined) continue;
    const message = `${key} without version: of what?`;
    report.add([...path, key], { kind: 'missing-key', message, part: 'key' });
  }
  return {
    instances: change.instances ?? null,
    overUs: report.unitOr('duration', change.over, [...path, 'over'], 0),
  };
}

function resolveFlag(report: Report, change: ChangeFile, path: Path): ChangeModel['flag'] {
  if (change.kind !== 'flag') return null;
  if (change.flag !== undefined) return { name: change.flag, on: change.on ?? true };
  if (change.on !== undefined) {
    const message = 'on without flag: which one?';
    report.add([...path, 'on'], { kind: 'missing-key', message, part: 'key' });
  }
  return null;
}
