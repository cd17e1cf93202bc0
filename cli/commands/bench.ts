/** `workbench bench`: detectors on a suite of outages or series, against baselines, on a board. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Option } from 'commander';
import type {
  BenchEntry,
  BenchItem,
  Board,
  Column,
  ResultsFile,
} from '../../engine/benchmark/index.ts';
import type { LoadedDetector } from '../../engine/detect/index.ts';
import { ExitCode, WorkbenchError } from '../../engine/errors.ts';
import { storageError } from '../../engine/store/index.ts';
import { loadChosen } from '../chosen-detectors.ts';
import { homeFolders } from '../home.ts';
import { exitCodeOfSignal } from '../interrupt.ts';
import type { Io, StopSignal } from '../io.ts';
import { BenchTalk } from '../output/bench-progress.ts';
import { boardLines } from '../output/board.ts';
import { boardText, refuseUnknownEnding } from '../output/board-files.ts';
import { emit } from '../output/json.ts';
import { nearPath } from '../output/next.ts';
import { painter } from '../output/style.ts';
import { packageVersion } from '../version.ts';
import { writeWhole } from '../whole-file.ts';
import type { RegisterCommand } from './command.ts';
import {
  collect,
  collectDetector,
  parseWhole,
  parseWorkers,
  trustOption,
  type DetectorFlag,
} from './options.ts';

interface BenchFlags {
  readonly suite: string;
  readonly dir?: string;
  readonly detector: readonly DetectorFlag[];
  readonly trust: readonly string[];
  readonly seeds?: number;
  readonly workers?: number;
  readonly db?: string;
  readonly report: readonly string[];
  readonly failUnder: readonly string[];
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export const registerBench: RegisterCommand = (program, { io, run }) => {
  program
    .command('bench')
    .description(
      'score detectors on a suite, with baselines and intervals; goes on where it was cut off',
    )
    .option('--suite <name>', 'quick, library, nab, or a folder of scenarios', 'quick')
    .option('--dir <folder>', 'the published data of the suite')
    .addOption(
      new Option(
        '--detector <id or file>',
        'score this one, with options as zscore:limit=8; repeat for more',
      )
        .argParser(collectDetector)
        .default([], 'all bundled ones'),
    )
    .addOption(trustOption())
    .option('--seeds <n>', 'plays of each scenario, with seeds 1 to n', parseWhole)
    .option('--workers <n>', 'plays at the same time; never changes a result', parseWorkers)
    .option('--db <file>', 'the results (default: .workbench/bench/<suite>.db)')
    .addOption(
      new Option('--report <file>', 'write the board as .md, .csv or .json; repeat for more')
        .argParser(collect)
        .default([], 'none'),
    )
    .addOption(
      new Option(
        '--fail-under <figure=value>',
        'exit with 1 where the first detector asked for is worse, as f1=0.8',
      )
        .argParser(collect)
        .default([], 'none'),
    )
    .option('--json', 'the board as one JSON object on stdout')
    .option('-q, --quiet', 'no progress')
    .action(run((flags: BenchFlags) => benchCommand(io, flags)));
};

async function benchCommand(io: Io, flags: BenchFlags): Promise<number> {
  const {
    benchEntries,
    boardColumns,
    isRandomEntry,
    makeBoard,
    ResultsFile: Results,
  } = await import('../../engine/benchmark/index.ts');
  const { openSuite } = await import('../bench-suites.ts');
  const suite = await openSuite(io, flags.suite, flags);
  const isSeries = suite.items[0]?.kind === 'series';
  const detectors = await chooseDetectors(io, flags, isSeries);
  const entries = benchEntries(detectors);
  const columns = boardColumns(isSeries ? 'series' : 'outage');
  flags.report.forEach(refuseUnknownEnding);
  const limits = flags.failUnder.map((text) => parseLimit(text, columns));
  const engineVersion = packageVersion();
  const file = resultsPath(io, flags, suite.name);
  makeFolder(file, 'name another file with --db');
  const heading = { suite: suite.name, engineVersion, createdUnixMs: io.now() };
  const results = Results.resume(file, heading);
  try {
    const stopped = await play(io, { ...suite, entries }, { results, flags, engineVersion });
    if (stopped !== null) return exitCodeOfSignal(stopped);
    const board = makeBoard(results, {
      items: suite.items.map(({ id }) => id),
      seeds: suite.seeds,
      entries: entries.map(({ name }) => name),
      isRandom: isRandomEntry,
    });
    tell(io, board, { file, flags });
    const failed = entries.filter(({ name }) =>
      board.rows.some((row) => row.entry === name && row.failures.length > 0),
    );
    const asked = detectors.asked[0]?.id;
    if (asked !== undefined && !meets(io, board, asked, limits)) return ExitCode.assertionFailed;
    return failed.length > 0 ? ExitCode.detectorFailed : ExitCode.ok;
  } finally {
    results.close();
  }
}

/** @throws WorkbenchError STORAGE_FAILED */
function makeFolder(file: string, next: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch (error) {
    throw storageError(file, error, next);
  }
}

async function chooseDetectors(
  io: Io,
  { detector: wanted, trust }: Pick<BenchFlags, 'detector' | 'trust'>,
  isSeries: boolean,
) {
  const { loadDetectors } = await import('../../engine/detect/index.ts');
  const { baselineIds } = await import('../../engine/benchmark/index.ts');
  const { builtIns, defaultDetectors } = await import('../../plugins/index.ts');
  const load = (choices: Parameters<typeof loadDetectors>[0]): Promise<LoadedDetector[]> =>
    loadDetectors(choices, { builtIns, cwd: io.cwd });
  const bundled = (ids: readonly string[]) =>
    load(builtIns.filter(({ id }) => ids.includes(id)).map(({ id }) => ({ id, config: {} })));
  const all = await bundled(builtIns.map(({ id }) => id).filter((id) => id !== 'skeleton'));
  const asked =
    wanted.length > 0
      ? await loadChosen(
          io,
          wanted.map((flag) => ({ ...flag, typed: true })),
          trust,
        )
      : all;
  return {
    // A detector that reads no metric has nothing to say of a series.
    asked: isSeries ? asked.filter(({ metadata }) => metadata.hooks.includes('metric')) : asked,
    together: isSeries ? [] : await bundled(defaultDetectors),
    baselines: await bundled(baselineIds),
  };
}

function resultsPath(io: Io, { db }: BenchFlags, suite: string): string {
  if (db !== undefined) return resolve(io.cwd, db);
  const folder = join(homeFolders(io).home, 'bench');
  return join(folder, `${suite.replaceAll(/[^a-z0-9-]+/gi, '-').replace(/^-+/, '')}.db`);
}

/** Plays what is missing; the signal that stopped it, or null. */
async function play(
  io: Io,
  benchmark: {
    readonly items: readonly BenchItem[];
    readonly seeds: readonly number[];
    readonly entries: readonly BenchEntry[];
  },
  {
    results,
    flags,
    engineVersion,
  }: {
    readonly results: ResultsFile;
    readonly flags: BenchFlags;
    readonly engineVersion: string;
  },
): Promise<StopSignal | null> {
  const { labelsOf, runBenchmark } = await import('../../engine/benchmark/index.ts');
  results.setUp(
    benchmark.items.map((item) => ({
      id: item.id,
      kind: item.kind,
      hash: item.hash,
      title: item.kind === 'outage' ? item.scenario.title : item.id,
      labels: item.kind === 'series' ? labelsOf(item.series) : null,
    })),
    benchmark.entries.map(({ name, role, hash, detectors }) => ({
      ...{ name, role, hash },
      detectors: detectors.map(detectorText).join(', '),
    })),
  );
  const talk = new BenchTalk(io, { quiet: flags.quiet === true || flags.json === true });
  const stop = new AbortController();
  let signal: StopSignal | null = null;
  const stopListening = io.onSignal((one) => {
    signal = one;
    stop.abort();
  });
  try {
    await runBenchmark(benchmark, results, {
      engineVersion,
      workers: flags.workers ?? io.cores,
      onProgress: (progress) => talk.show(progress),
      signal: stop.signal,
    });
    return null;
  } catch (error) {
    if (signal === null) throw error;
    talk.say('stopped; the same command goes on from here');
    return signal;
  } finally {
    stopListening();
    talk.end();
  }
}

function detectorText({ id, config }: LoadedDetector): string {
  const options = Object.entries(config).map(([name, value]) => `${name}=${value}`);
  return options.length === 0 ? id : `${id}:${options.join(',')}`;
}

function tell(
  io: Io,
  board: Board,
  { file, flags }: { readonly file: string; readonly flags: BenchFlags },
): void {
  for (const path of flags.report) {
    const target = resolve(io.cwd, path);
    const next = 'name another file with --report';
    makeFolder(target, next);
    try {
      writeWhole(target, boardText(board, path));
    } catch (error) {
      throw storageError(target, error, next);
    }
    io.stderr.write(`wrote ${nearPath(io.cwd, target)}\n`);
  }
  if (flags.json) {
    emit(io, { type: 'board', file, ...board });
    return;
  }
  // What reads a pipe has no edge at which to stop.
  const columns = io.stdout.isTty ? io.stdout.columns : Infinity;
  io.stdout.write(`${boardLines(board, { columns, paint: painter(io, io.stdout) }).join('\n')}\n`);
  if (existsSync(file)) io.stderr.write(`results: ${nearPath(io.cwd, file)}\n`);
}

interface Limit {
  readonly column: Column;
  readonly value: number;
}

function parseLimit(text: string, columns: readonly Column[]): Limit {
  const [, figure = '', number = ''] = /^([a-z0-9_]+)=(-?[\d.]+)(%?)$/.exec(text) ?? [];
  const value = text.endsWith('%') ? Number(number) / 100 : Number(number);
  if (figure === '' || !Number.isFinite(value)) {
    throw new WorkbenchError('USAGE', { reason: `--fail-under ${text}: write it as f1=0.8` });
  }
  const column = columns.find(({ id }) => id === figure);
  if (!column) {
    const known = columns.map(({ id }) => id).join(', ');
    throw new WorkbenchError('USAGE', { reason: `no figure ${figure}`, next: `figures: ${known}` });
  }
  return { column, value };
}

/** Whether the entry reaches all limits; says where it does not. */
function meets(io: Io, board: Board, entry: string, limits: readonly Limit[]): boolean {
  const row = board.rows.find((one) => one.entry === entry);
  const missed = limits.flatMap(({ column: { id, better }, value }) => {
    const found = row?.figures[id]?.value ?? null;
    const holds = found !== null && (better === 'high' ? found >= value : found <= value);
    return holds ? [] : [`${entry}: ${id} is ${found ?? 'unknown'}, the limit ${value}\n`];
  });
  for (const line of missed) io.stderr.write(line);
  return missed.length === 0;
}
