/** `workbench runs export <run>`: its rows for other programs, or one page for people. */
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { ExitCode, WorkbenchError } from '../../engine/errors.ts';
import type { ExportTableName, RunReader } from '../../engine/query/index.ts';
import { similarName } from '../../engine/similar.ts';
import { printable } from '../../engine/terminal-text.ts';
import { fileTarget, streamTarget } from '../export-target.ts';
import type { Io } from '../io.ts';
import { nearPath } from '../output/next.ts';
import { runFileOf, runsFolderOf, type RunsFlags } from '../run-argument.ts';
import type { CommandContext } from './command.ts';
import { collect } from './options.ts';

const formats = ['ndjson', 'csv', 'md'] as const;

interface ExportFlags extends RunsFlags {
  readonly format: (typeof formats)[number];
  readonly table: readonly string[];
  readonly out?: string;
  readonly force?: boolean;
  readonly raw?: boolean;
  readonly withTruth?: boolean;
}

export function addRunsExport(runs: Command, { io, run }: CommandContext): void {
  runs
    .command('export')
    .description('the rows of a run for other programs, or a page about it for people')
    .argument('<run>', 'its id, the start of its id, or its file')
    .addOption(
      new Option('--format <format>', 'ndjson: all tables; csv: one table; md: a summary')
        .choices(formats)
        .default('ndjson'),
    )
    .addOption(
      new Option('--table <name>', 'only this table; repeat for more with ndjson')
        .argParser(collect)
        .default([], 'all, or log with csv'),
    )
    .option('--out <file>', 'write here instead of stdout')
    .option('--force', 'overwrite the file if it exists')
    .option('--raw', 'csv: texts as they are, formulas of spreadsheets included')
    .option('--with-truth', 'ground truth too: faults, root cause, the text of the scenario')
    .action(
      run((typed: string, _flags: unknown, command: Command) =>
        exportCommand(io, typed, command.optsWithGlobals()),
      ),
    );
}

async function exportCommand(io: Io, typed: string, flags: ExportFlags): Promise<number> {
  const { onOneView, openRun } = await import('../../engine/query/index.ts');
  const tables = await tablesOf(flags);
  const file = await runFileOf(io, runsFolderOf(io, flags), typed);
  const reader = openRun(file, io);
  try {
    const pieces = await piecesOf(reader, flags, tables);
    const path = flags.out === undefined || flags.out === '-' ? null : resolve(io.cwd, flags.out);
    const target =
      path === null
        ? streamTarget(io.stdout)
        : fileTarget(path, { overwrite: flags.force === true, source: file });
    try {
      for (const piece of onOneView(reader, pieces)) await target.write(piece);
      await target.close();
    } catch (error) {
      target.abandon();
      throw error;
    }
    if (path !== null) io.stderr.write(`wrote ${printable(nearPath(io.cwd, path))}\n`);
    return ExitCode.ok;
  } finally {
    reader.close();
  }
}

async function piecesOf(
  reader: RunReader,
  flags: ExportFlags,
  tables: readonly ExportTableName[],
): Promise<Iterable<string>> {
  const { exportCsv, exportMarkdown, exportNdjson } = await import('../output/export.ts');
  const choice = { tables, withTruth: flags.withTruth === true };
  switch (flags.format) {
    case 'ndjson':
      return exportNdjson(reader, choice);
    case 'csv':
      return exportCsv(reader, tables[0] ?? 'log', { raw: flags.raw === true });
    case 'md':
      return exportMarkdown(reader, choice);
    default:
      return flags.format satisfies never;
  }
}

/** @throws WorkbenchError USAGE for a table that is unknown, is not for everybody, or is one too many */
async function tablesOf(flags: ExportFlags): Promise<readonly ExportTableName[]> {
  const { exportTableNames, isTruthTable } = await import('../../engine/query/index.ts');
  const tables = flags.table.map((asked) => {
    const known = exportTableNames.find((name) => name === asked);
    if (known !== undefined) return known;
    const near = similarName(asked, exportTableNames);
    throw new WorkbenchError('USAGE', {
      reason: `no table "${asked}"`,
      next: `${near === null ? '' : `did you mean ${near}? `}tables: ${exportTableNames.join(', ')}`,
    });
  });
  const hidden = tables.find((name) => isTruthTable(name));
  if (hidden !== undefined && !flags.withTruth) {
    const reason = `table ${hidden} holds ground truth`;
    throw new WorkbenchError('USAGE', { reason, next: 'add --with-truth to export it' });
  }
  if (flags.format === 'csv' && tables.length > 1) {
    const next = 'one call for each table, or --format ndjson';
    throw new WorkbenchError('USAGE', { reason: 'a CSV file holds one table', next });
  }
  if (flags.format === 'md' && tables.length > 0) {
    const next = 'leave --table out, or take --format ndjson';
    throw new WorkbenchError('USAGE', { reason: 'a summary has no tables to choose', next });
  }
  return tables;
}
