/**
 * What a fork runs: the scenario, the seed and the detectors of its parent, and what people did there
 * with what they do now. A run file is a stranger's: its scenario and actions are read like any, and a
 * detector's file is only loaded where the person at the keyboard names it.
 */
import { resolve } from 'node:path';
import type { LoadedDetector } from '../engine/detect/index.ts';
import { WorkbenchError } from '../engine/errors.ts';
import { limits } from '../engine/limits.ts';
import type { RecipeDetector, RunRecipe } from '../engine/query/index.ts';
import type { ActionInput, SimulatedScenario } from '../engine/scenario/model.ts';
import type { Micros } from '../engine/sdk/index.ts';
import { lengthText, momentText } from '../engine/wording.ts';
import { loadChosen } from './chosen-detectors.ts';
import type { Io } from './io.ts';
import { nearPath, quoted } from './output/next.ts';
import type { TrustFlags } from './trust.ts';

export interface ForkRequest {
  readonly at: Micros;
  /** As typed; all are taken at `at`. */
  readonly actions: readonly string[];
  /** Files of detectors that the parent may bring. */
  readonly allowed: readonly string[];
}

export interface ForkPlan {
  readonly scenario: SimulatedScenario;
  /** Those of the parent, before and after the fork, and the new ones. */
  readonly inputs: readonly ActionInput[];
  /** The new ones. */
  readonly actions: readonly PlannedAction[];
}

export interface PlannedAction {
  readonly input: ActionInput;
  /** When it takes effect, which may be after the end. */
  readonly worksAt: Micros;
}

/** @throws WorkbenchError FORK_RECORDED, SCENARIO_INVALID, USAGE, RUN_FILE_DAMAGED */
export async function planFork(recipe: RunRecipe, asked: ForkRequest): Promise<ForkPlan> {
  const { formatAction, parseAction } = await import('../engine/scenario/index.ts');
  const { delayOf } = await import('../engine/simulator/index.ts');
  const scenario = await scenarioOf(recipe);
  const { at } = asked;
  refuseOutside(recipe, scenario, at);
  const actions = asked.actions.map((typed): PlannedAction => {
    const parsed = parseAction(scenario, typed);
    if ('action' in parsed) {
      const { action } = parsed;
      const input: ActionInput = { at, action, text: formatAction(scenario, action) };
      return { input, worksAt: at + delayOf(scenario, action) };
    }
    throw new WorkbenchError('USAGE', {
      reason: `action "${typed}": ${parsed.problem}`,
      ...(parsed.hint === undefined ? {} : { next: parsed.hint }),
    });
  });
  const before = recipe.inputs.map(({ t, text }): ActionInput => {
    const parsed = parseAction(scenario, text);
    if ('action' in parsed) return { at: t, action: parsed.action, text };
    const reason = `its action ${text}: ${parsed.problem}`;
    throw new WorkbenchError('RUN_FILE_DAMAGED', { file: recipe.runId, reason });
  });
  const inputs = [...before, ...actions.map(({ input }) => input)].sort(
    (one, other) => one.at - other.at,
  );
  if (inputs.length > limits.inputsMax) {
    const reason = `${inputs.length} actions in one run; the limit is ${limits.inputsMax}`;
    throw new WorkbenchError('USAGE', { reason });
  }
  return { scenario, inputs, actions };
}

async function scenarioOf({ kind, runId, scenario }: RunRecipe): Promise<SimulatedScenario> {
  if (kind === 'recorded') throw new WorkbenchError('FORK_RECORDED', { run: runId });
  const { formatProblems, parseScenario } = await import('../engine/scenario/index.ts');
  const result = parseScenario({ file: scenario.path, text: scenario.source });
  if (result.scenario?.kind === 'simulated') return result.scenario;
  if (result.scenario) throw new WorkbenchError('FORK_RECORDED', { run: runId });
  const file = `the scenario of ${runId}`;
  const { problems, omitted } = result;
  throw new WorkbenchError('SCENARIO_INVALID', {
    ...{ file, count: problems.length + omitted, problems, omitted },
    rendered: formatProblems(file, result).trimEnd(),
  });
}

function refuseOutside(
  { throughUs, state }: RunRecipe,
  scenario: SimulatedScenario,
  at: Micros,
): void {
  const end = Math.min(throughUs, scenario.durationUs);
  if (at < end) return;
  throw new WorkbenchError('USAGE', {
    reason: `${momentText(at)} is not in the run, which ${endText(state)} ${momentText(end)}`,
    next: 'a moment before that, with --at',
  });
}

function endText(state: RunRecipe['state']): string {
  switch (state) {
    case 'completed':
    case 'degraded':
      return 'goes up to';
    case 'interrupted':
    case 'failed':
      return `${state === 'failed' ? state : `was ${state}`} at`;
    case 'running':
    case 'paused':
      return `is ${state} and has got to`;
    default:
      return state satisfies never;
  }
}

/** What is done too late to do anything, a sentence for each. */
export function warningsOf({ scenario, actions }: ForkPlan): string[] {
  const end = scenario.durationUs;
  return actions
    .filter(({ worksAt }) => worksAt >= end)
    .map(({ input, worksAt }) => {
      const takes = lengthText(worksAt - input.at);
      return `${input.text} will not be done before the end at ${momentText(end)}: it takes ${takes}`;
    });
}

/**
 * The detectors of the parent with their options.
 * @throws WorkbenchError USAGE for a file that nobody named, and what `loadDetectors` throws
 */
export async function detectorsOfParent(
  io: Io,
  { runId, detectors }: RunRecipe,
  {
    detector: allowed,
    trust,
  }: { readonly detector: readonly string[]; readonly trust: TrustFlags },
): Promise<readonly LoadedDetector[]> {
  const files = new Set(allowed.map((file) => resolve(io.cwd, file)));
  for (const { name, origin } of detectors) {
    if (origin !== 'built-in' && !files.has(origin)) {
      throw new WorkbenchError('USAGE', {
        reason: `${runId} ran a detector of yours, ${name}, from ${origin}`,
        next: `if you trust that file: --detector ${quoted(nearPath(io.cwd, origin))}`,
      });
    }
  }
  const known = new Set(detectors.map(({ origin }) => origin));
  const idle = [...files].find((file) => !known.has(file));
  if (idle !== undefined) {
    const reason = `${runId} ran no detector from ${idle}; a fork has those of its parent`;
    throw new WorkbenchError('USAGE', { reason });
  }
  return loadChosen(io, detectors.map(choiceOf), trust);
}

function choiceOf({ name, config, origin }: RecipeDetector) {
  return { id: origin === 'built-in' ? name : origin, config };
}
