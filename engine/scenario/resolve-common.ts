/** What both kinds of scenario have in common, from the file's words to the engine's. */
import type { Micros } from '../sdk/index.ts';
import type { DetectorChoice, Objective, Truth } from './model.ts';
import type { Names } from './names.ts';
import type { Report } from './report.ts';
import type { DetectorsFile, ObjectiveFile, TruthFile } from './schema-parts.ts';

export function resolveObjectives(
  report: Report,
  objectives: readonly ObjectiveFile[],
  services: Names | null,
): Objective[] {
  return objectives.map((objective, index) => {
    const at = ['objectives', index];
    services?.find(report, objective.service, [...at, 'service']);
    return {
      service: objective.service,
      endpoint: null,
      name: objective.name,
      target: report.unit('share', objective.target, [...at, 'target']),
      windowUs: report.positive(objective.window, [...at, 'window']),
      latencyUs: Infinity,
    };
  });
}

export function resolveTruth(report: Report, truth: TruthFile | undefined): Truth {
  const cause = truth?.root_cause;
  return {
    rootCause: cause ? { service: cause.service, fault: cause.fault ?? null } : null,
    category: truth?.category ?? null,
    alsoAccepted: truth?.also_accepted ?? [],
    alsoAcceptedServices: [],
    windows: resolveWindows(report, truth?.windows ?? []),
    trigger: '',
    contributing: [],
    latent: '',
    propagation: [],
    clues: [],
    redHerrings: [],
    helpful: [],
    harmful: [],
  };
}

function resolveWindows(
  report: Report,
  windows: readonly { from: string; to: string }[],
): Truth['windows'] {
  let last: Micros = -1;
  return windows.map((window, index) => {
    const at = ['truth', 'windows', index];
    const from = report.unit('duration', window.from, [...at, 'from']);
    const to = report.unit('duration', window.to, [...at, 'to']);
    if (to <= from) {
      report.add([...at, 'to'], {
        kind: 'bad-value',
        message: `the window ends (${window.to}) before it begins (${window.from})`,
      });
    } else if (from < last) {
      report.add([...at, 'from'], {
        kind: 'bad-value',
        message: 'windows overlap, or are not in order',
      });
    }
    last = Math.max(last, to);
    return { from, to };
  });
}

export function resolveDetectors(
  report: Report,
  detectors: DetectorsFile | undefined,
): readonly DetectorChoice[] | 'default' {
  if (detectors === undefined || detectors === 'default') return 'default';
  if (detectors.length === 0) {
    report.add(['detectors'], {
      kind: 'no-effect',
      severity: 'warning',
      message: 'no detectors: nothing will be found',
      hint: 'leave the key out for those that come with the workbench',
      part: 'key',
    });
  }
  const seen = new Set<string>();
  return detectors.map((choice, index) => {
    const { id, config = {} } = typeof choice === 'string' ? { id: choice } : choice;
    if (seen.has(id)) {
      const path = typeof choice === 'string' ? [index] : [index, 'id'];
      report.add(['detectors', ...path], {
        kind: 'duplicate',
        message: `detector "${id}" for the second time`,
      });
    }
    seen.add(id);
    return { id, config: { ...config } };
  });
}
