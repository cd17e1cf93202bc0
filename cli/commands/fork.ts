/** `workbench fork <run> --at <moment>`: the same run again, with something done from that moment on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Option } from 'commander';
import { WorkbenchError } from '../../engine/errors.ts';
import type { RunDiff } from '../../engine/query/diff-types.ts';
import type { RunReader, RunRecipe } from '../../engine/query/index.ts';
import { removeRunFile } from '../../engine/store/index.ts';
import type { Micros } from '../../engine/sdk/index.ts';
import { printable } from '../../engine/terminal-text.ts';
import { momentText } from '../../engine/wording.ts';
import { detectorsOfParent, planFork, warningsOf, type ForkPlan } from '../fork-plan.ts';
import type { Io } from '../io.ts';
import { endOfLiveRun, startLiveRun, tellEnd, type LiveRunOptions } from '../live-run.ts';
import { tableColumns } from '../output/columns.ts';
import { outcomeLines } from '../output/diff.ts';
import { emit } from '../output/json.ts';
import { nearPath, nextLine, quoted, serveLine } from '../output/next.ts';
import { RunReport } from '../output/run-report.ts';
import { painter } from '../output/style.ts';
import { runFileOf, runsFolderOf, type RunsFlags } from '../run-argument.ts';
import { newRunFile, type NewRun } from '../run-files.ts';
import { packageVersion } from '../version.ts';
import type { RegisterCommand } from './command.ts';
import { collect, parseAt, parseWorkers, trustOption } from './options.ts';

interface ForkFlags extends RunsFlags {
  readonly at: Micros;
  readonly action: readonly string[];
  readonly detector: readonly string[];
  readonly trust: readonly string[];
  readonly workers?: number;
  readonly db?: string;
  readonly outcomeOnly?: boolean;
  readonly quiet?: boolean;
}

export const registerFork: RegisterCommand = (program, { io, run }) => {
  program
    .command('fork')
    .description(
      'branch off a simulated run, with or without an action, and tell what that changed',
    )
    .argument('<run>', 'its id, the start of its id, or its file')
    .addOption(
      new Option('--at <moment>', 'when, as T+12:30, 12:30 or 12m30s')
        .argParser(parseAt)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--action <action>', 'what is done then, as rollback:payments; repeat for more')
        .argParser(collect)
        .default([], 'nothing: the rest is the same'),
    )
    .addOption(
      new Option('--detector <file>', "a detector's file that the run may load again")
        .argParser(collect)
        .default([], 'bundled ones only'),
    )
    .addOption(trustOption())
    .option('--outcome-only', 'what it saves, without detectors and without a run file')
    .option('--workers <n>', 'threads that detectors run on; never changes a result', parseWorkers)
    .option('--db <file>', 'the run file to create (default: .workbench/runs/<scenario>-<n>.db)')
    .option('--runs <folder>', 'where the run files are (default: .workbench/runs)')
    .option('--json', 'one JSON object a line on stdout; the last one says what came of it')
    .option('-q, --quiet', 'no progress and no timeline; with --json the last object only')
    .action(run((typed: string, flags: ForkFlags) => forkCommand(io, typed, flags)));
};

async function forkCommand(io: Io, typed: string, flags: ForkFlags): Promise<number> {
  if (flags.outcomeOnly && flags.db !== undefined) {
    const reason = 'with --outcome-only there is no run file: leave --db out';
    throw new WorkbenchError('USAGE', { reason });
  }
  const { openRun, recipeOf } = await import('../../engine/query/index.ts');
  const file = await runFileOf(io, runsFolderOf(io, flags), typed);
  const reader = openRun(file, io);
  try {
    const recipe = recipeOf(reader);
    const { at, action: actions, detector: allowed } = flags;
    const plan = await planFork(recipe, { at, actions, allowed });
    const parent: Parent = { reader, recipe, file };
    for (const warning of warningsOf(plan)) sayWarning(io, warning);
    return flags.outcomeOnly
      ? await tellOutcome(io, parent, plan, flags)
      : await forkRun(io, parent, plan, flags);
  } finally {
    reader.close();
  }
}

interface Parent {
  readonly reader: RunReader;
  readonly recipe: RunRecipe;
  readonly file: string;
}

async function forkRun(io: Io, parent: Parent, plan: ForkPlan, flags: ForkFlags): Promise<number> {
  const { recipe } = parent;
  const detectors = await detectorsOfParent(io, recipe, flags);
  const report = reportOf(io, parent, plan, flags);
  const target = newRunFile(plan.scenario.name, runsFolderOf(io, flags), flags.db, io.cwd);
  const live = await startLiveRun(io, { ...startOf(parent, plan, flags), target, detectors });
  report.follow(live);
  const end = await endOfLiveRun(io, live, report);
  const { state } = end.outcome;
  if (state !== 'completed' && state !== 'degraded') {
    tellEnd(io, live, end, report);
    return end.exitCode;
  }
  const digests = recipe.reproducible && end.outcome.digest !== null;
  const diff = await diffWith(io, parent, live.file, { plan, at: flags.at, digests });
  // The run's own end is the last object.
  if (flags.json && !flags.quiet) emit(io, { type: 'diff', ...diff });
  tellEnd(io, live, end, report);
  if (!flags.json) sayDiff(io, diff, { incidents: true });
  if (!flags.json) sayNext(io, parent.file, live.file);
  return end.exitCode;
}

/** No detectors and no file that stays: only what the simulated users got. */
async function tellOutcome(
  io: Io,
  parent: Parent,
  plan: ForkPlan,
  flags: ForkFlags,
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'workbench-outcome-'));
  try {
    const target: NewRun = { runId: 'what-if', file: join(folder, 'what-if.db'), reserved: false };
    const quiet = flags.quiet === true || flags.json === true;
    const report = reportOf(io, parent, plan, { ...flags, quiet });
    const live = await startLiveRun(io, { ...startOf(parent, plan, flags), target, detectors: [] });
    report.followProgress(live);
    const { outcome, exitCode } = await endOfLiveRun(io, live, report);
    report.endProgress();
    if (outcome.error) throw outcome.error;
    const diff =
      outcome.state === 'completed'
        ? await diffWith(io, parent, live.file, { plan, at: flags.at, digests: false })
        : null;
    if (flags.json) {
      const about = { run: parent.recipe.runId, at: flags.at, actions: toldActions(plan) };
      const compared = diff && { untilUs: diff.untilUs, limitedBy: diff.limitedBy };
      const { budget, health } = diff ?? { budget: null, health: null };
      emit(io, { type: 'outcome', ...about, state: outcome.state, ...compared, budget, health });
    } else if (diff) {
      sayDiff(io, diff, { incidents: false });
    }
    return exitCode;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Started = Omit<LiveRunOptions, 'target' | 'detectors'>;

function startOf({ recipe }: Parent, { scenario, inputs }: ForkPlan, flags: ForkFlags): Started {
  const { seed, runId } = recipe;
  return {
    scenario,
    plan: { kind: 'simulated', scenario, seed, inputs },
    seed,
    speed: 'max',
    workers: flags.workers,
    watched: false,
    paused: false,
    parent: { runId, at: flags.at },
  };
}

function reportOf(io: Io, { recipe }: Parent, plan: ForkPlan, flags: ForkFlags): RunReport {
  const report = new RunReport(io, { json: flags.json === true, quiet: flags.quiet === true });
  const fork = { run: recipe.runId, at: flags.at, actions: toldActions(plan) };
  report.begin(plan.scenario, recipe.seed, 'max', fork);
  return report;
}

function toldActions({ actions }: ForkPlan) {
  return actions.map(({ input: { at: t, text }, worksAt }) => ({ t, text, worksAt }));
}

interface PastCheck {
  readonly plan: ForkPlan;
  readonly at: Micros;
  /** Whether both runs say what any other would: digests of keyframes compare. */
  readonly digests: boolean;
}

/**
 * Holds the new run against its parent; one that is no fork is removed.
 * @throws WorkbenchError FORK_DIVERGED
 */
async function diffWith(
  io: Io,
  { reader, recipe }: Parent,
  file: string,
  { plan, at, digests }: PastCheck,
): Promise<RunDiff> {
  const { diffRuns, openRun, partingOf } = await import('../../engine/query/index.ts');
  const fork = openRun(file, io);
  let diff: RunDiff | null = null;
  try {
    const { differBy } = partingOf(reader, fork, { detectors: digests });
    // Without an action all of it must be the same.
    const isFork = differBy === null || (differBy > at && plan.actions.length > 0);
    if (isFork) return (diff = diffRuns(reader, fork));
    throw new WorkbenchError('FORK_DIVERGED', {
      run: recipe.runId,
      at: momentText(differBy),
      parent: recipe.engineVersion,
      fork: packageVersion(),
    });
  } finally {
    fork.close();
    if (!diff) removeRunFile(file);
  }
}

function sayWarning(io: Io, warning: string): void {
  io.stderr.write(`${painter(io, io.stderr)('high', 'warning')} ${printable(warning)}\n`);
}

function sayDiff(io: Io, diff: RunDiff, what: { readonly incidents: boolean }): void {
  const frame = { columns: tableColumns(io), paint: painter(io, io.stdout) };
  io.stdout.write(`\n${outcomeLines(diff, what, frame).join('\n')}\n`);
}

function sayNext(io: Io, parentFile: string, file: string): void {
  const paint = painter(io, io.stdout);
  const [a, b] = [parentFile, file].map((path) => quoted(nearPath(io.cwd, path)));
  io.stdout.write(
    `\n${nextLine(io, `runs diff ${a} ${b}`, paint)}\n${serveLine(io, file, paint)}\n`,
  );
}
