/** `workbench runs diff <a> <b>`: what came earlier, later, is missing or extra, and what it saved. */
import type { Command } from 'commander';
import { ExitCode } from '../../engine/errors.ts';
import type { Io } from '../io.ts';
import { tableColumns } from '../output/columns.ts';
import { diffLines } from '../output/diff.ts';
import { emit } from '../output/json.ts';
import { painter } from '../output/style.ts';
import { runFileOf, runsFolderOf, type RunsFlags } from '../run-argument.ts';
import type { CommandContext } from './command.ts';

interface DiffFlags extends RunsFlags {
  readonly force?: boolean;
}

export function addRunsDiff(runs: Command, { io, run }: CommandContext): void {
  runs
    .command('diff')
    .description('hold one run against another: incidents, findings, health, error budget')
    .argument('<a>', 'a run: its id, the start of its id, or its file')
    .argument('<b>', 'the run that is held against it')
    .option('--force', 'also where they are of different scenarios')
    .action(
      run((a: string, b: string, _flags: unknown, command: Command) =>
        diffCommand(io, [a, b], command.optsWithGlobals()),
      ),
    );
}

async function diffCommand(
  io: Io,
  [typedA, typedB]: readonly [string, string],
  flags: DiffFlags,
): Promise<number> {
  const { diffRuns, openRun } = await import('../../engine/query/index.ts');
  const folder = runsFolderOf(io, flags);
  const fileA = await runFileOf(io, folder, typedA);
  const fileB = await runFileOf(io, folder, typedB);
  const a = openRun(fileA, io);
  try {
    const b = openRun(fileB, io);
    try {
      const diff = diffRuns(a, b, { force: flags.force === true });
      if (flags.json) emit(io, { type: 'diff', ...diff });
      else {
        const frame = { columns: tableColumns(io), paint: painter(io, io.stdout) };
        io.stdout.write(`${diffLines(diff, frame).join('\n')}\n`);
      }
      return ExitCode.ok;
    } finally {
      b.close();
    }
  } finally {
    a.close();
  }
}
