/** `workbench run <scenario>`: the main job. Replays a scenario through detectors into a run file. */
import { Option, type Command } from 'commander';
import { ExitCode, WorkbenchError } from '../../engine/errors.ts';
import type { LoadedDetector } from '../../engine/detect/index.ts';
import type { Run, RunOutcome, SourcePlan, Speed } from '../../engine/replay/index.ts';
import type { Scenario } from '../../engine/scenario/index.ts';
import { sealClosedRun } from '../../engine/store/index.ts';
import { homeFolders } from '../home.ts';
import { printable } from '../../engine/terminal-text.ts';
import type { Io } from '../io.ts';
import { RunReport } from '../output/run-report.ts';
import { newRunFile } from '../run-files.ts';
import { packageVersion } from '../version.ts';
import type { RegisterCommand } from './command.ts';
import { collect, parsePort, parseSpeed, parseWhole } from './options.ts';

export interface RunFlags {
  readonly speed?: Speed;
  readonly seed?: number;
  readonly workers?: number;
  readonly detector: readonly string[];
  readonly db?: string;
  readonly open?: boolean;
  readonly paused?: boolean;
  readonly port?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export const registerRun: RegisterCommand = (program, { io, run }) => {
  program
    .command('run')
    .description('replay a scenario through detectors into a run file')
    .argument('<scenario>', 'a scenario file')
    .addOption(
      new Option(
        '--speed <speed>',
        'times real time, 0.25 to 1000, or max (default: max, or 10 with --open)',
      ).argParser(parseSpeed),
    )
    .option('--seed <n>', "instead of the scenario's seed", parseWhole)
    .option('--workers <n>', 'threads that detectors run on; never changes a result', parseWhole)
    .option('--detector <id or file>', 'use this detector; repeat for more', collect, [])
    .option('--db <file>', 'the run file to create (default: .workbench/runs/<scenario>-<n>.db)')
    .option('--open', 'serve the page and open it in the browser')
    .option('--port <n>', 'port of the page (default: a free one)', parsePort)
    .option('--paused', 'start paused, to step from the page')
    .option('--json', 'one JSON object a line on stdout')
    .option('-q, --quiet', 'no progress, no timeline')
    .action(
      run((file: string, flags: RunFlags, _command: Command) => runScenario(io, file, flags)),
    );
};

async function runScenario(io: Io, file: string, flags: RunFlags): Promise<number> {
  const { loadScenario } = await import('../../engine/scenario/index.ts');
  const scenario = await loadScenario(resolvePath(io, file), { shownAs: file });
  const seed = flags.seed ?? scenario.seed;
  const report = new RunReport(io, {
    json: flags.json === true,
    quiet: flags.quiet === true,
  });
  const speed = flags.speed ?? (flags.open ? 10 : 'max');
  report.begin(scenario, seed, speed);
  const folders = homeFolders(io);
  const plan = await planSource(scenario, seed, folders.cache, report);
  const detectors = await chooseDetectors(io, scenario, flags.detector);
  const live = await start(io, {
    scenario,
    plan,
    seed,
    detectors,
    speed,
    flags,
    folder: folders.runs,
  });
  report.follow(live);
  if (!flags.open) return finish(io, live, report);
  const { serveUi } = await import('../ui-server.ts');
  const ui = await serveUi(io, {
    runsFolder: folders.runs,
    extraRuns: [live.file],
    controls: [live],
    port: flags.port ?? null,
    openPath: `/runs/${encodeURIComponent(live.runId)}`,
  });
  try {
    const code = await finish(io, live, report);
    if (code === ExitCode.interrupted) return code;
    report.say('the page stays up; Ctrl+C ends it');
    await ui.untilSignal();
    return code;
  } finally {
    await ui.close();
    // The page's readers kept the file from being sealed; now nobody reads.
    sealClosedRun(live.file);
  }
}

async function planSource(
  scenario: Scenario,
  seed: number,
  cacheFolder: string,
  report: RunReport,
): Promise<SourcePlan> {
  if (scenario.kind === 'simulated') return { kind: 'simulated', scenario, seed };
  const { prepareRecording } = await import('../../engine/recording/index.ts');
  const recording = await prepareRecording(scenario, {
    cacheFolder,
    onProgress: (progress) => report.reading(progress),
  });
  report.wasRead(recording.report);
  return { kind: 'recorded', cacheFile: recording.cacheFile };
}

async function chooseDetectors(
  io: Io,
  scenario: Scenario,
  wanted: readonly string[],
): Promise<readonly LoadedDetector[]> {
  const { loadDetectors } = await import('../../engine/detect/index.ts');
  const { builtIns, defaultDetectors } = await import('../../plugins/index.ts');
  const fromScenario =
    scenario.detectors === 'default'
      ? defaultDetectors.map((id) => ({ id, config: {} }))
      : scenario.detectors;
  const choices = wanted.length > 0 ? wanted.map((id) => ({ id, config: {} })) : fromScenario;
  return loadDetectors(choices, { builtIns, cwd: io.cwd });
}

interface StartWith {
  readonly scenario: Scenario;
  readonly plan: SourcePlan;
  readonly seed: number;
  readonly detectors: readonly LoadedDetector[];
  readonly speed: Speed;
  readonly flags: RunFlags;
  readonly folder: string;
}

async function start(io: Io, given: StartWith): Promise<Run> {
  const { startRun, systemClock } = await import('../../engine/replay/index.ts');
  const { runId, file } = newRunFile(given.scenario.name, given.folder, given.flags.db, io.cwd);
  return startRun({
    runId,
    file,
    scenario: given.scenario,
    plan: given.plan,
    seed: given.seed,
    detectors: given.detectors,
    workers: given.flags.workers ?? defaultWorkers(io),
    speed: given.speed,
    watched: given.flags.open === true || given.speed !== 'max',
    paused: given.flags.paused === true,
    engineVersion: packageVersion(),
    pid: io.pid,
    printed: (detector, line) =>
      void io.stderr.write(`${printable(detector)} | ${printable(line)}\n`),
    clock: systemClock,
    wallClock: () => io.now(),
  });
}

/** Source, writer and the main thread are busy too: leave them a core. */
function defaultWorkers(io: Io): number {
  return Math.max(1, Math.min(4, io.cores - 1));
}

async function finish(io: Io, live: Run, report: RunReport): Promise<number> {
  const stopListening = interruptOnSignal(io, live, report);
  try {
    const outcome = await live.done;
    report.end(live, outcome);
    return exitCodeOf(outcome);
  } finally {
    stopListening();
  }
}

function exitCodeOf({ state, error }: RunOutcome): number {
  switch (state) {
    case 'completed':
      return ExitCode.ok;
    case 'degraded':
      return ExitCode.detectorFailed;
    case 'interrupted':
      return ExitCode.interrupted;
    case 'failed':
      throw error ?? new WorkbenchError('INTERNAL', { reason: 'the run failed without a reason' });
    default:
      return state satisfies never;
  }
}

/** Milliseconds in which a second signal counts as the same: npm and npx send it twice. */
const sameSignalMs = 1_000;

function interruptOnSignal(io: Io, live: Run, report: RunReport): () => void {
  let firstAt: number | null = null;
  return io.onSignal((signal) => {
    const now = io.monotonic();
    if (firstAt === null) {
      firstAt = now;
      report.say('stopping, storing what is under way (Ctrl+C again to force)');
      live.interrupt(`stopped by ${signal}`);
    } else if (now - firstAt > sameSignalMs) {
      io.exitNow(ExitCode.interrupted);
    }
  });
}

function resolvePath(io: Io, file: string): string {
  return file.startsWith('/') ? file : `${io.cwd}/${file}`;
}
