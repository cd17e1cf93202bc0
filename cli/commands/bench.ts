/** `workbench bench`: detectors on a suite of outages or series, against baselines, on a board. */
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { ExitCode } from '../../engine/errors.ts';
import { exitCodeOfSignal } from '../interrupt.ts';
import type { Io } from '../io.ts';
import type { BenchReport } from '../output/bench-report.ts';
import { refuseUnknownEnding } from '../output/board-files.ts';
import { packageVersion } from '../version.ts';
import { addBenchShow } from './bench-show.ts';
import { refuseUnknownCommand, type RegisterCommand } from './command.ts';
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
  readonly baseline?: string;
  readonly maxRegress?: string;
  readonly force?: boolean;
  readonly annotations?: 'github' | 'none';
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export const registerBench: RegisterCommand = (program, context) => {
  const { io, run } = context;
  const bench = program
    .command('bench')
    .description(
      'score detectors on a suite, with baselines and intervals; goes on where it was cut off',
    )
    .option(
      '--suite <name>',
      'quick, library, nab, nezha, petshop, or a folder of scenarios',
      'quick',
    )
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
    .allowExcessArguments();
  addReporting(bench).action(
    run((flags: BenchFlags, group: Command) => {
      refuseUnknownCommand(group);
      return benchCommand(io, flags);
    }),
  );
  addBenchShow(bench, context);
};

/** What to make of the scores. */
function addReporting(bench: Command): Command {
  return bench
    .addOption(
      new Option(
        '--report <file>',
        'write the board as .md, .csv, .json or .xml (JUnit); repeat for more',
      )
        .argParser(collect)
        .default([], 'none'),
    )
    .addOption(
      new Option(
        '--fail-under <figure=value>',
        'exit with 1 where the first detector asked for is worse, as f1=0.8 or recall=80%',
      )
        .argParser(collect)
        .default([], 'none'),
    )
    .option(
      '--baseline <file>',
      'an older board (.json of --report) or its results, to compare with',
    )
    .option(
      '--max-regress <share>',
      'exit with 1 where a figure is worse than there by more, as 2%',
    )
    .option('--force', 'compare with a baseline of other scenarios, seeds or versions all the same')
    .addOption(
      new Option(
        '--annotations <kind>',
        "on the pull request and the step's summary (default: github where GITHUB_ACTIONS is set)",
      ).choices(['github', 'none']),
    )
    .option('--json', 'the board as one JSON object on stdout')
    .option('-q, --quiet', 'no progress');
}

async function benchCommand(io: Io, flags: BenchFlags): Promise<number> {
  const { benchEntries, isRandomEntry, makeBoard, ResultsFile } =
    await import('../../engine/benchmark/index.ts');
  const { openSuite } = await import('../bench-suites.ts');
  const { chooseDetectors, playMissing } = await import('../bench-play.ts');
  const { defaultResultsFile } = await import('../bench-results.ts');
  const { boardToBe, readTerms, reportOf } = await import('../bench-terms.ts');
  const { makeFolder, tellReport } = await import('../bench-tell.ts');
  const suite = await openSuite(io, flags.suite, flags);
  const isSeries = suite.items[0]?.kind === 'series';
  const detectors = await chooseDetectors(io, flags, isSeries);
  const entries = benchEntries(detectors);
  flags.report.forEach(refuseUnknownEnding);
  const engineVersion = packageVersion();
  const terms = readTerms(io, flags, boardToBe(suite, engineVersion));
  const file =
    flags.db === undefined ? defaultResultsFile(io, suite.name) : resolve(io.cwd, flags.db);
  makeFolder(file, 'name another file with --db');
  const heading = { suite: suite.name, engineVersion, createdUnixMs: io.now() };
  const results = ResultsFile.resume(file, heading);
  try {
    const stopped = await playMissing(
      io,
      { ...suite, entries },
      {
        ...{ results, engineVersion, workers: flags.workers ?? io.cores },
        quiet: flags.quiet === true || flags.json === true,
      },
    );
    if (stopped !== null) return exitCodeOfSignal(stopped);
    const made = makeBoard(results, {
      items: suite.items.map(({ id }) => id),
      seeds: suite.seeds,
      entries: entries.map(({ name }) => name),
      notes: suite.notes,
      isRandom: isRandomEntry,
    });
    results.keepBoard(made);
    const asked = flags.detector.length > 0 ? detectors.asked.map(({ id }) => id) : [];
    const report = reportOf(io, { ...made, asked }, terms);
    tellReport(io, report, { file, ...flags });
    return exitCodeOf(report);
  } finally {
    results.close();
  }
}

function exitCodeOf({ board, gates }: BenchReport): number {
  if (gates.some(({ passed }) => !passed)) return ExitCode.assertionFailed;
  const hasFailed = board.rows.some(({ failures }) => failures.length > 0);
  return hasFailed ? ExitCode.detectorFailed : ExitCode.ok;
}
