/** A recorded scenario, from the file's words to the engine's. */
import { dirname, resolve } from 'node:path';
import type { RecordedScenario, SourceModel } from './model.ts';
import { pathComplaint } from './file-path.ts';
import { Names } from './names.ts';
import type { Report } from './report.ts';
import { resolveDetectors } from './resolve-detectors.ts';
import type { Resolved } from './resolve-simulated.ts';
import { resolveTags } from './resolve-tags.ts';
import { resolveObjectives, resolveTruth } from './resolve-truth.ts';
import type { RecordedFile } from './schema.ts';
import type { Path } from './yaml-tree.ts';

export function resolveRecorded(
  report: Report,
  file: RecordedFile,
  path: string,
): Resolved<RecordedScenario> {
  checkNames(report, file);
  checkNoActions(report, file);
  const durationUs =
    file.duration === undefined ? null : report.positive(file.duration, ['duration']);
  return {
    apiVersion: file.apiVersion,
    kind: 'recorded',
    name: file.name,
    title: file.title ?? file.name,
    description: file.description ?? '',
    tags: resolveTags(report, file.tags ?? []),
    difficulty: file.difficulty ?? null,
    seed: (file.seed ?? 1) + 0,
    startUnixUs: file.start === undefined ? null : report.unit('instant', file.start, ['start']),
    durationUs,
    services: (file.services ?? []).map((service) => ({
      name: service.name,
      kind: service.kind ?? 'service',
      entry: service.entry ?? false,
    })),
    dependencies: (file.dependencies ?? []).map(({ caller, callee }) => ({ caller, callee })),
    sources: file.sources.map((source, index) => {
      const { format, path: written, ...options } = source;
      const at = ['sources', index, 'path'];
      return { format, path: resolvePath(report, { written, at, file: path }), options };
    }) satisfies SourceModel[],
    // Services that the file does not name come with the records.
    objectives: resolveObjectives(report, file.objectives ?? [], null),
    truth: resolveTruth(report, file.truth, {
      services: null,
      from: null,
      to: durationUs ?? Infinity,
      durationUs: durationUs ?? Infinity,
    }),
    detectors: resolveDetectors(report, file.detectors),
    file: path,
  };
}

/** What was recorded goes on as it went. */
function checkNoActions(report: Report, file: RecordedFile): void {
  for (const key of ['helpful', 'harmful'] as const) {
    if (file.truth?.[key] === undefined) continue;
    report.add(['truth', key], {
      kind: 'forbidden',
      message: `${key} is for simulations: nothing changes what was recorded`,
      hint: 'remove the key',
      part: 'key',
    });
  }
}

function checkNames(report: Report, file: RecordedFile): void {
  new Names(report, {
    what: 'service',
    names: (file.services ?? []).map((service) => service.name),
    pathOf: (index) => ['services', index, 'name'],
    // Names of a recording are what they are: PetShop has two hosts that differ in case alone.
    fold: false,
  });
  const seen = new Set<string>();
  for (const [index, { caller, callee }] of (file.dependencies ?? []).entries()) {
    const path = ['dependencies', index, 'callee'];
    const key = JSON.stringify([caller, callee]);
    if (caller === callee) {
      report.add(path, { kind: 'cycle', message: `${caller} calls itself` });
    } else if (seen.has(key)) {
      const message = `dependency ${caller} → ${callee} for the second time`;
      report.add(path, { kind: 'duplicate', message });
    }
    seen.add(key);
  }
}

function resolvePath(
  report: Report,
  { written, at, file }: { written: string; at: Path; file: string },
): string {
  const complaint = pathComplaint(written);
  if (complaint) report.add(at, complaint);
  return resolve(dirname(file), written);
}
