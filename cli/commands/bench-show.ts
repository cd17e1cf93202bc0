/** `workbench bench show`: a stored board again, and what an entry got worst. `bench list`: which there are. */
import type { Command } from 'commander';
import type { BoardRow } from '../../engine/benchmark/index.ts';
import { ExitCode, WorkbenchError } from '../../engine/errors.ts';
import { similarName } from '../../engine/similar.ts';
import type { Io } from '../io.ts';
import { mistakeLines, toldMistakes } from '../output/bench-mistakes.ts';
import { detailsOf, rowOf, type BenchReport } from '../output/bench-report.ts';
import { resultsTableLines } from '../output/bench-list.ts';
import { boardLines } from '../output/board.ts';
import { tableColumns } from '../output/columns.ts';
import { shown } from '../output/commands.ts';
import { plural } from '../output/format.ts';
import { emit } from '../output/json.ts';
import { nearPath, nextLine, quoted } from '../output/next.ts';
import { painter } from '../output/style.ts';
import type { CommandContext } from './command.ts';
import { parseWhole } from './options.ts';

interface ShowFlags {
  readonly worst: number;
  readonly detector?: string;
  readonly json?: boolean;
}

export function addBenchShow(bench: Command, { io, run }: CommandContext): void {
  bench
    .command('show')
    .description('a stored board again, and the worst mistakes of an entry with their commands')
    .argument('[results]', 'a suite, or a file of results (default: the newest)')
    .option('--worst <n>', 'how many mistakes', parseWhole, 5)
    .option('--detector <entry>', 'whose mistakes (default: the first that was asked for)')
    .option('--json', 'one JSON object on stdout')
    .action(
      run((typed: string | undefined, flags: ShowFlags, command: Command) =>
        showCommand(io, typed, withJson(flags, command)),
      ),
    );
  bench
    .command('list')
    .description('the benchmarks there are, the newest first')
    .option('--json', 'one JSON object on stdout')
    .action(
      run((flags: Pick<ShowFlags, 'json'>, command: Command) =>
        listCommand(io, withJson(flags, command)),
      ),
    );
}

/** `bench --json show` means the same. */
function withJson<Flags extends { readonly json?: boolean }>(flags: Flags, command: Command): Flags {
  return command.parent?.getOptionValue('json') === true ? { ...flags, json: true } : flags;
}

async function showCommand(io: Io, typed: string | undefined, flags: ShowFlags): Promise<number> {
  const { ResultsFile } = await import('../../engine/benchmark/index.ts');
  const { resultsFileOf, storedBoard } = await import('../bench-results.ts');
  const file = resultsFileOf(io, typed);
  const results = ResultsFile.read(file);
  try {
    const { order, ...stored } = storedBoard(results, file);
    const report: BenchReport = {
      ...stored,
      ...{ asked: [], gates: [], baseline: null, place: io },
    };
    const row = chosenRow(report, order, flags.detector);
    if (flags.json) emit(io, showObject(report, { file, row, worst: flags.worst }));
    else print(io, report, { file, row, worst: flags.worst });
    return ExitCode.ok;
  } finally {
    results.close();
  }
}

/** @throws WorkbenchError USAGE */
function chosenRow(
  { board }: BenchReport,
  order: readonly string[],
  wanted: string | undefined,
): BoardRow {
  const row = rowOf(board, wanted ?? order[0] ?? '');
  if (row) return row;
  const known = board.rows.map(({ entry }) => entry);
  const near = similarName(wanted ?? '', known);
  throw new WorkbenchError('USAGE', {
    reason: `no entry ${wanted ?? ''} on this board`,
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
  const { threshold = null, costColumn = null, mistakeCount = 0 } = detailsOf(report, row.entry) ?? {};
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

async function listCommand(io: Io, { json }: Pick<ShowFlags, 'json'>): Promise<number> {
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
