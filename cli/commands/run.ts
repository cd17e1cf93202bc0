/** `workbench run <scenario>`: the main job. Replays a scenario through detectors into a run file. */
import { Option, type Command } from 'commander';
import type { LoadedDetector } from '../../engine/detect/index.ts';
import { WorkbenchError } from '../../engine/errors.ts';
import type { Run, SourcePlan, Speed } from '../../engine/replay/index.ts';
import type { Scenario } from '../../engine/scenario/index.ts';
import type { Micros } from '../../engine/sdk/index.ts';
import { sealClosedRun } from '../../engine/store/index.ts';
import { loadChosen } from '../chosen-detectors.ts';
import { homeFolders } from '../home.ts';
import type { Io } from '../io.ts';
import { endOfLiveRun, startLiveRun, tellEnd, type LiveRunOptions } from '../live-run.ts';
import { serveLine } from '../output/next.ts';
import { RunReport } from '../output/run-report.ts';
import { painter } from '../output/style.ts';
import { dropReserved, newRunFile } from '../run-files.ts';
import { detectorCheck } from '../scenario-detectors.ts';
import { scenarioFile } from '../scenario-file.ts';
import { allowedPaths } from '../source-paths.ts';
import type { UiServer } from '../ui-server.ts';
import type { RegisterCommand } from './command.ts';
import {
  collect,
  collectDetector,
  parseAt,
  parsePort,
  parseSpeed,
  parseWhole,
  parseWorkers,
  trustOption,
  type DetectorFlag,
} from './options.ts';

export interface RunFlags {
  readonly speed?: Speed;
  readonly seed?: number;
  readonly workers?: number;
  readonly detector: readonly DetectorFlag[];
  readonly trust: readonly string[];
  readonly db?: string;
  readonly allow: readonly string[];
  readonly open?: boolean;
  readonly at?: Micros;
  readonly paused?: boolean;
  readonly port?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export const registerRun: RegisterCommand = (program, { io, run }) => {
  program
    .command('run')
    .description('replay a scenario through detectors into a run file')
    .argument('<scenario>', 'a scenario file, or a folder with a scenario.yaml')
    .addOption(
      new Option(
        '--speed <speed>',
        'times real time, 0.25 to 1000, or max (default: max, or 10 with --open and no --at)',
      ).argParser(parseSpeed),
    )
    .option('--seed <n>', "instead of the scenario's seed", parseWhole)
    .option('--workers <n>', 'threads that detectors run on; never changes a result', parseWorkers)
    .addOption(
      new Option(
        '--detector <id or file>',
        'use this detector, with options as zscore:limit=8,memory=300; repeat for more',
      )
        .argParser(collectDetector)
        .default([], 'those of the scenario'),
    )
    .addOption(trustOption())
    .option('--db <file>', 'the run file to create (default: .workbench/runs/<scenario>-<n>.db)')
    .addOption(
      new Option('--allow <folder>', 'let a recorded scenario read from there too; repeat for more')
        .argParser(collect)
        .default([], 'none'),
    )
    .option('--open', 'serve the page and open it in the browser')
    .option('--at <moment>', 'open the page at this moment, as 12:30, once it has come', parseAt)
    .option('--port <n>', 'port of the page (default: a free one)', parsePort)
    .option('--paused', 'start paused, to step from the page')
    .option('--json', 'one JSON object a line on stdout; the last one says what came of it')
    .option('-q, --quiet', 'no progress and no timeline; with --json the last object only')
    .action(
      run((file: string, flags: RunFlags, _command: Command) => runScenario(io, file, flags)),
    );
};

async function runScenario(io: Io, typed: string, flags: RunFlags): Promise<number> {
  refuseIdleFlags(flags);
  const { loadScenario } = await import('../../engine/scenario/index.ts');
  const { path, shownAs } = scenarioFile(io, typed);
  const scenario = loadScenario(path, { shownAs, checkDetector: await detectorCheck(io) });
  const seed = flags.seed ?? scenario.seed;
  const report = new RunReport(io, {
    json: flags.json === true,
    quiet: flags.quiet === true,
  });
  const speed = flags.speed ?? (flags.open && flags.at === undefined ? 10 : 'max');
  report.begin(scenario, seed, speed);
  const plan = await planSource(io, { scenario, seed, allow: flags.allow }, report);
  const detectors = await chooseDetectors(io, scenario, flags);
  const runsFolder = homeFolders(io).runs;
  const target = newRunFile(scenario.name, runsFolder, flags.db, io.cwd);
  const starting: LiveRunOptions = {
    ...{ target, scenario, plan, seed, detectors, speed, workers: flags.workers },
    watched: flags.open === true || speed !== 'max',
    paused: flags.paused === true,
  };
  if (flags.open) {
    const page = { runsFolder, port: flags.port ?? null, at: flags.at ?? null };
    return runWithPage(io, starting, page, report);
  }
  const live = await startLiveRun(io, starting);
  report.follow(live);
  const code = await finish(io, live, report);
  if (!flags.json) io.stdout.write(`\n${serveLine(io, live.file, painter(io, io.stdout))}\n`);
  return code;
}

/** What only the page could make use of would wait for ever, or mean nothing. */
function refuseIdleFlags({ open, paused, port, at }: RunFlags): void {
  if (paused && at !== undefined) {
    throw new WorkbenchError('USAGE', { reason: 'a run that starts --paused never gets to --at' });
  }
  const given = { '--paused': paused, '--port': port, '--at': at };
  const idle = Object.entries(given).find(([, value]) => value !== undefined);
  if (open || idle === undefined) return;
  throw new WorkbenchError('USAGE', { reason: `${idle[0]} is for the page: add --open` });
}

/** The page first: where it cannot be served there is no run that nobody sees. */
async function runWithPage(
  io: Io,
  starting: LiveRunOptions,
  page: { readonly runsFolder: string; readonly port: number | null; readonly at: Micros | null },
  report: RunReport,
): Promise<number> {
  const { serveUi } = await import('../ui-server.ts');
  const { file } = starting.target;
  const hosted: Run[] = [];
  const ui = await serveUi(io, {
    runsFolder: page.runsFolder,
    port: page.port,
    extraRuns: [file],
    controls: () => hosted,
  }).catch((error: unknown) => {
    dropReserved(starting.target);
    throw error;
  });
  try {
    const live = await startLiveRun(io, starting);
    hosted.push(live);
    report.follow(live);
    // A browser takes a while to come up; Ctrl+C is heard from the first moment on.
    const announced = announceAt(ui, live, page.at);
    const code = await finish(io, live, report);
    await announced;
    if (live.status().state === 'interrupted') return code;
    // Heard before it is offered.
    const signalled = ui.untilSignal();
    report.say('the page stays up; Ctrl+C ends it');
    await signalled;
    return code;
  } finally {
    await ui.close();
    // The page's readers kept the file from being sealed; now nobody reads.
    if (hosted.length > 0) sealClosedRun(file);
  }
}

/** A page of a moment that has not come yet would show the live edge instead. */
async function announceAt(
  ui: Pick<UiServer, 'announce'>,
  live: Run,
  at: Micros | null,
): Promise<void> {
  const path = `/runs/${encodeURIComponent(live.runId)}`;
  if (at === null) return ui.announce({ path, open: true });
  await hasReached(live, at);
  if (live.status().state === 'interrupted') return;
  await ui.announce({ path: `${path}?t=${at / 1e6}`, open: true });
}

/** Resolves once the run has got there, or has ended before. */
function hasReached(live: Run, at: Micros): Promise<void> {
  return new Promise((resolve) => {
    const stop = live.watch(({ throughUs }) => throughUs >= at && end());
    const end = (): void => {
      stop();
      resolve();
    };
    live.done.then(end, end);
  });
}

interface PlanOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly allow: readonly string[];
}

async function planSource(
  io: Io,
  { scenario, seed, allow }: PlanOptions,
  report: RunReport,
): Promise<SourcePlan> {
  if (scenario.kind === 'simulated') return { kind: 'simulated', scenario, seed, inputs: [] };
  const { prepareRecording } = await import('../../engine/recording/index.ts');
  const { home, cache } = homeFolders(io);
  const recording = await prepareRecording(scenario, {
    cacheFolder: cache,
    within: allowedPaths({ home, scenarioFile: scenario.file, allow, cwd: io.cwd }),
    onProgress: (progress) => report.reading(progress),
  });
  report.wasRead(recording.report);
  const { objectives } = scenario;
  return { kind: 'recorded', cacheFile: recording.cacheFile, objectives };
}

async function chooseDetectors(
  io: Io,
  scenario: Scenario,
  { detector: wanted, trust }: Pick<RunFlags, 'detector' | 'trust'>,
): Promise<readonly LoadedDetector[]> {
  const { loadDetectors } = await import('../../engine/detect/index.ts');
  const { builtIns, defaultDetectors } = await import('../../plugins/index.ts');
  const options = { builtIns, cwd: io.cwd };
  if (wanted.length > 0) {
    return loadChosen(
      io,
      wanted.map((flag) => ({ ...flag, typed: true })),
      trust,
    );
  }
  const choices =
    scenario.detectors === 'default'
      ? defaultDetectors.map((id) => ({ id, config: {} }))
      : scenario.detectors;
  return loadDetectors(choices, options);
}

async function finish(io: Io, live: Run, report: RunReport): Promise<number> {
  const end = await endOfLiveRun(io, live, report);
  tellEnd(io, live, end, report);
  return end.exitCode;
}
