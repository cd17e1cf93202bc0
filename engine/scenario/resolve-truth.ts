/** Objectives and ground truth, from the file's words to the engine's. */
import type { Micros } from '../sdk/index.ts';
import type { Objective, Truth } from './model.ts';
import type { Names } from './names.ts';
import type { Report } from './report.ts';
import { resolveClue } from './resolve-clues.ts';
import type { ClueContext } from './resolve-clues.ts';
import { resolveMoment } from './resolve-moment.ts';
import type { ClaimFile, ObjectiveFile, TruthFile } from './schema-truth.ts';
import type { Path } from './yaml-tree.ts';

/** Names that objectives may refer to; null where they come with the records. */
export interface KnownNames {
  readonly services: Names;
  readonly endpoints: readonly Names[];
}

export function resolveObjectives(
  report: Report,
  objectives: readonly ObjectiveFile[],
  known: KnownNames | null,
): Objective[] {
  return objectives.map((objective, index) => {
    const at = ['objectives', index];
    const service = known?.services.find(report, objective.service, [...at, 'service']) ?? -1;
    if (objective.endpoint !== undefined) {
      known?.endpoints[service]?.find(report, objective.endpoint, [...at, 'endpoint']);
    }
    return {
      service: objective.service,
      endpoint: objective.endpoint ?? null,
      name: objective.name,
      target: report.unit('share', objective.target, [...at, 'target']),
      windowUs: report.positive(objective.window, [...at, 'window']),
      latencyUs: report.positiveOr(objective.latency, [...at, 'latency'], Infinity),
    };
  });
}

export interface TruthContext extends Omit<ClueContext, 'from'> {
  /** When the trouble begins; null: with the first window. */
  readonly from: Micros | null;
  readonly durationUs: Micros;
}

export function resolveTruth(
  report: Report,
  file: TruthFile | undefined,
  { from, durationUs, ...context }: TruthContext,
): Truth {
  const cause = file?.root_cause;
  const windows = resolveWindows(report, file?.windows ?? []);
  const clues = { ...context, from: from ?? windows[0]?.from ?? 0 };
  checkServices(report, file ?? {}, context.services);
  if (cause && file.category === 'none') {
    const message = 'a root cause of what is no incident';
    const hint = 'category none stands alone';
    report.add(['truth', 'root_cause'], { kind: 'forbidden', message, hint, part: 'key' });
  }
  return {
    rootCause: cause ? { service: cause.service, fault: cause.fault ?? null } : null,
    category: file?.category ?? null,
    alsoAccepted: [...(file?.also_accepted ?? [])],
    alsoAcceptedServices: [...(file?.also_accepted_services ?? [])],
    windows,
    trigger: file?.trigger ?? '',
    contributing: [...(file?.contributing ?? [])],
    latent: file?.latent ?? '',
    propagation: (file?.propagation ?? []).map((edge) => ({ from: edge.from, to: edge.to })),
    clues: (file?.clues ?? []).map((clue, c) =>
      resolveClue(report, clue, { ...clues, path: ['truth', 'clues', c] }),
    ),
    redHerrings: (file?.red_herrings ?? []).map(({ says, falsified_by: clue }, h) => {
      const path = ['truth', 'red_herrings', h, 'falsified_by'];
      return { says, falsifiedBy: resolveClue(report, clue, { ...clues, path }) };
    }),
    helpful: resolveClaims(report, file?.helpful ?? [], { path: ['truth', 'helpful'], durationUs }),
    harmful: resolveClaims(report, file?.harmful ?? [], { path: ['truth', 'harmful'], durationUs }),
  };
}

function checkServices(report: Report, file: TruthFile, services: Names | null): void {
  for (const [s, name] of (file.also_accepted_services ?? []).entries()) {
    services?.find(report, name, ['truth', 'also_accepted_services', s]);
  }
  for (const [e, edge] of (file.propagation ?? []).entries()) {
    const path = ['truth', 'propagation', e];
    services?.find(report, edge.from, [...path, 'from']);
    services?.find(report, edge.to, [...path, 'to']);
    if (edge.from !== edge.to) continue;
    report.add([...path, 'to'], { kind: 'cycle', message: 'the trouble stays where it is' });
  }
}

/** What is to be done is looked up once the whole scenario is known: `checkClaims`. */
function resolveClaims(
  report: Report,
  claims: readonly ClaimFile[],
  { path, durationUs }: { path: Path; durationUs: Micros },
): Truth['helpful'] {
  return claims.map((claim, c) => ({
    actions: [...claim.do],
    at: resolveMoment(report, {
      text: claim.at,
      path: [...path, c, 'at'],
      durationUs,
      what: 'action',
    }),
    says: claim.says,
  }));
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
