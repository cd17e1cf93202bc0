/** What goes wrong: when, where, and under which condition. How is in `resolve-fault-kinds.ts`. */
import type { Micros } from '../sdk/index.ts';
import type { FaultModel, FaultScope } from './model.ts';
import { Names } from './names.ts';
import type { Report } from './report.ts';
import { resolveFaultKind } from './resolve-fault-kinds.ts';
import { warnNever, zonesOf } from './resolve-index.ts';
import type { ServiceIndex } from './resolve-index.ts';
import { resolveMoment, resolveUntil } from './resolve-moment.ts';
import type { SimulatedFile } from './schema.ts';
import type { FaultFile } from './schema-faults.ts';
import type { Path } from './yaml-tree.ts';

interface Context {
  readonly file: SimulatedFile;
  readonly durationUs: Micros;
}

export function nameFaults(report: Report, file: SimulatedFile): Names {
  return new Names(report, {
    what: 'fault',
    names: (file.faults ?? []).map((fault) => fault.id),
    pathOf: (f) => ['faults', f, 'id'],
    fold: true,
  });
}

export function resolveFaults(
  report: Report,
  index: ServiceIndex,
  { file, durationUs }: Context,
): FaultModel[] {
  const begun = new Set((file.actions?.add ?? []).flatMap((action) => action.begins ?? []));
  return (file.faults ?? []).map((fault, f) => {
    const path = ['faults', f];
    const service = index.services.find(report, fault.service, [...path, 'service']);
    return {
      id: fault.id,
      ...resolveTimes(report, { fault, durationUs, path, begun: begun.has(fault.id) }),
      service,
      scope: resolveScope(report, index, { file, fault, service, path }),
      pulse: fault.pulse
        ? {
            onUs: report.positive(fault.pulse.on, [...path, 'pulse', 'on']),
            offUs: report.positive(fault.pulse.off, [...path, 'pulse', 'off']),
          }
        : null,
      ...resolveFaultKind(report, index, { file, fault, service, path }),
    };
  });
}

/** A fault that only an action begins has no time of its own: it would come at the end of time. */
function resolveTimes(
  report: Report,
  {
    fault,
    durationUs,
    path,
    begun,
  }: { fault: FaultFile; durationUs: Micros; path: Path; begun: boolean },
): Pick<FaultModel, 'at' | 'until'> {
  if (fault.at === undefined && !begun) {
    report.add(path, {
      kind: 'missing-key',
      message: `missing key "at" in faults[${path.at(-1) ?? ''}]: when does it begin?`,
      hint: 'only a fault that an action begins does without',
      part: 'key',
    });
  }
  const what = 'fault';
  const at =
    fault.at === undefined
      ? Infinity
      : resolveMoment(report, { text: fault.at, path: [...path, 'at'], durationUs, what });
  const until =
    fault.until === undefined
      ? null
      : resolveUntil(report, {
          text: fault.until,
          path: [...path, 'until'],
          at: fault.at === undefined ? null : { us: at, text: fault.at },
          durationUs,
          what,
        });
  return { at, until };
}

function resolveScope(
  report: Report,
  index: ServiceIndex,
  {
    file,
    fault,
    service,
    path,
  }: { file: SimulatedFile; fault: FaultFile; service: number; path: Path },
): FaultScope {
  const known = index.files[service]?.instances ?? 1;
  if (service >= 0 && (fault.instances ?? 0) > known) {
    const message = `the fault is of ${fault.instances ?? 0} instances, but ${fault.service} has ${known}`;
    report.add([...path, 'instances'], { kind: 'bad-value', message });
  }
  const nodes = file.nodes ?? zonesOf(file).length;
  if (fault.node !== undefined && fault.node >= nodes) {
    report.add([...path, 'node'], {
      kind: 'reference',
      message: `no node ${fault.node}`,
      hint: nodes === 1 ? 'there is node 0 alone' : `known nodes: 0 to ${nodes - 1}`,
    });
  }
  for (const what of ['version', 'flag', 'config'] as const) {
    warnNever(report, index, { what, service, value: fault[what], path: [...path, what] });
  }
  return {
    instances: fault.instances ?? null,
    zone: fault.zone === undefined ? null : index.zones.find(report, fault.zone, [...path, 'zone']),
    node: fault.node ?? null,
    version: fault.version ?? null,
    flag: fault.flag ?? null,
    config: fault.config ?? null,
  };
}
