/** `workbench bench show`: a stored board again, and what an entry got worst. `bench list`: which there are. */
import type { Command } from 'commander';
import type { Board, BoardRow } from '../../engine/benchmark/index.ts';
import { ExitCode, WorkbenchError } from '../../engine/errors.ts';
import { similarName } from '../../engine/similar.ts';
import type { Io } from '../io.ts';
import { mistakeLines, toldMistakes } from '../output/bench-mistakes.ts';
import { detailsOf, rowOf, type BenchReport } from '../output/bench-report.ts';
import { resultsTableLines } from '../output/bench-list.ts';
import { boardLines } from '../output/board.ts';
import { refuseUnknownEnding } from '../output/board-files.ts';
import { tableColumns } from '../output/columns.ts';
import { shown } from '../output/commands.ts';
import { plural } from '../output/format.ts';
import { emit } from '../output/json.ts';
import { nearPath, nextLine, quoted } from '../output/next.ts';
import { painter } from '../output/style.ts';
import type { CommandContext } from './command.ts';
import { parseWhole, type DetectorFlag } from './options.ts';

interface ShowFlags {
  readonly worst: number;
}

/** Flags of `bench` that mean something here; commander hands all that it knows to the group. */
interface GroupFlags {
  readonly suite: string;
  readonly db?: string;
  readonly detector: readonly DetectorFlag[];
  readonly report: readonly string[];
  readonly json?: boolean;
}

export function addBenchShow(bench: Command, { io, run }: CommandContext): void {
  const help = { showGlobalOptions: false };
  bench
    .command('show')
    .configureHelp(help)
    .description('a stored board again, and the worst mistakes of an entry with their commands')
    .argument('[results]', 'a suite, or a file of results (default: the newest)')
    .option('--worst <n>', 'how many mistakes', parseWhole, 5)
    .option('--detector <entry>', 'whose mistakes (default: the first that was asked for)')
    .option('--report <file>', 'write the board as bench does; repeat for more')
    .option('--json', 'one JSON object on stdout')
    .action(
      run((typed: string | undefined, flags: ShowFlags, command: Command) => {
        const group = groupFlags(command, ['suite', 'db', 'detector', 'report', 'json']);
        return showCommand(io, typed ?? resultsTyped(command), { ...group, ...flags });
      }),
    );
  bench
    .command('list')
    .configureHelp(help)
    .description('the benchmarks there are, the newest first')
    .option('--json', 'one JSON object on stdout')
    .action(
      run((_flags: unknown, command: Command) => listCommand(io, groupFlags(command, ['json']))),
    );
}

/** @throws WorkbenchError USAGE for a flag that would be taken and not heeded */
function groupFlags(command: Command, known: readonly string[]): GroupFlags {
  const group = command.parent ?? command;
  const idle = group.options.find((option) => {
    const name = option.attributeName();
    return group.getOptionValueSource(name) === 'cli' && !known.includes(name);
  });
  if (idle) {
    const reason = `${idle.long} is for bench, not for bench ${command.name()}`;
    throw new WorkbenchError('USAGE', { reason });
  }
  return group.opts();
}

/** `bench show --suite quick` and `--db file` say it as `bench` does. */
function resultsTyped(command: Command): string | undefined {
  const group = command.parent ?? command;
  const { suite, db }: GroupFlags = group.opts();
  return db ?? (group.getOptionValueSource('suite') === 'cli' ? suite : undefined);
}

async function showCommand(
  io: Io,
  typed: string | undefined,
  flags: ShowFlags & GroupFlags,
): Promise<number> {
  const { ResultsFile } = await import('../../engine/benchmark/index.ts');
  const { resultsFileOf, storedBoard } = await import('../bench-results.ts');
  const { writeReport } = await import('../bench-tell.ts');
  flags.report.forEach(refuseUnknownEnding);
  const [wanted, another] = flags.detector;
  if (another) throw new WorkbenchError('USAGE', { reason: 'show is of one --detector' });
  const file = resultsFileOf(io, typed);
  const results = ResultsFile.read(file);
  try {
    const { order, ...stored } = storedBoard(results, file);
    const row = chosenRow(stored.board, wanted?.id ?? order[0] ?? '');
    const report: BenchReport = {
      ...stored,
      ...{ asked: wanted ? [row.entry] : [], gates: [], baseline: null, place: io },
    };
    const chosen = { file, row, worst: flags.worst };
    if (flags.json) emit(io, showObject(report, chosen));
    else print(io, report, chosen);
    for (const path of flags.report) writeReport(io, report, path);
    return ExitCode.ok;
  } finally {
    results.close();
  }
}

/** @throws WorkbenchError USAGE */
function chosenRow(board: Board, wanted: string): BoardRow {
  const row = rowOf(board, wanted);
  if (row) return row;
  const known = board.rows.map(({ entry }) => entry);
  const near = similarName(wanted, known);
  throw new WorkbenchError('USAGE', {
    reason: `no entry ${wanted} on this board`,
    next: near === null ? `entries: ${known.join(', ')}` : `did you mean ${near}?`,
  });
}

interface Chosen {
  readonly file: string;
  readonly row: BoardRow;
  readonly worst: number;
}

function showObject(report: BenchReport, { file, row, worst }: Chosen) {
  const { board, missing } = report;
  const {
    threshold = null,
    costColumn = null,
    mistakeCount = 0,
  } = detailsOf(report, row.entry) ?? {};
  const mistakes = toldMistakes(report, row, worst).map(({ mistake, command, source }) => ({
    ...mistake,
    ...{ command, source },
  }));
  const told = { entry: row.entry, threshold, costColumn, mistakeCount, mistakes };
  return { type: 'bench-show', file, missing, ...board, worst: told };
}

function print(io: Io, report: BenchReport, { file, row, worst }: Chosen): void {
  const paint = painter(io, io.stdout);
  const near = nearPath(io.cwd, file);
  const lines = [
    ...boardLines(report.board, { columns: tableColumns(io), paint }),
    '',
    ...mistakeLines(report, { row, most: worst, paint }),
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
  if (report.missing > 0) {
    const { missing, board } = report;
    const text = `cut off: ${plural(missing, 'score')} missing, so every figure is of what there is; the same command goes on`;
    io.stderr.write(`${text} (workbench bench --suite ${shown(io, quoted(board.suite))} …)\n`);
  }
  io.stderr.write(`results: ${shown(io, near)}\n`);
}

async function listCommand(io: Io, { json }: Pick<GroupFlags, 'json'>): Promise<number> {
  const { listResults, resultsFolder } = await import('../bench-results.ts');
  const { results, skipped } = listResults(io);
  if (json) {
    emit(io, { type: 'benchmarks', folder: resultsFolder(io), results, skipped });
    return ExitCode.ok;
  }
  for (const reason of skipped) io.stderr.write(`left out: ${shown(io, reason)}\n`);
  const paint = painter(io, io.stdout);
  if (results.length === 0) {
    io.stderr.write(`no benchmarks in ${shown(io, resultsFolder(io))} yet\n`);
    io.stderr.write(`${nextLine(io, 'bench --suite quick', paint)}\n`);
    return ExitCode.ok;
  }
  io.stdout.write(`${resultsTableLines(results, paint).join('\n')}\n`);
  return ExitCode.ok;
}
