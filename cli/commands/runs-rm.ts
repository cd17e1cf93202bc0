/** `workbench runs rm <run…>`: takes run files away, after asking. */
import { basename } from 'node:path';
import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { ExitCode, WorkbenchError } from '../../engine/errors.ts';
import type { RunReader } from '../../engine/query/index.ts';
import { printable } from '../../engine/terminal-text.ts';
import type { Io } from '../io.ts';
import { bytes, plural } from '../output/format.ts';
import { emit } from '../output/json.ts';
import { nearPath } from '../output/next.ts';
import { runFileOf, runsFolderOf, type RunsFlags } from '../run-argument.ts';
import type { CommandContext } from './command.ts';

interface RemoveFlags extends RunsFlags {
  readonly yes?: boolean;
}

interface Doomed {
  readonly file: string;
  readonly id: string;
  readonly bytes: number;
}

export function addRunsRemove(runs: Command, { io, run }: CommandContext): void {
  runs
    .command('rm')
    .description('remove runs; asks first, and leaves those that are still being written')
    .argument('<run...>', 'ids, starts of ids, or files')
    .option('-y, --yes', 'remove without asking')
    .action(
      run((typed: readonly string[], _flags: unknown, command: Command) =>
        removeCommand(io, typed, command.optsWithGlobals()),
      ),
    );
}

/** All or none: every run is found and looked at before the first one goes. */
async function removeCommand(
  io: Io,
  typed: readonly string[],
  flags: RemoveFlags,
): Promise<number> {
  const folder = runsFolderOf(io, flags);
  const files = new Set<string>();
  for (const word of typed) files.add(await runFileOf(io, folder, word));
  const doomed: Doomed[] = [];
  for (const file of files) doomed.push(await examine(io, file));
  if (!flags.yes && !(await confirmed(io, doomed))) {
    io.stderr.write('nothing was removed\n');
    return ExitCode.assertionFailed;
  }
  const { removeRunFile } = await import('../../engine/store/index.ts');
  for (const { file, bytes: size } of doomed) {
    removeRunFile(file);
    if (flags.json) continue;
    io.stdout.write(`removed ${printable(nearPath(io.cwd, file))} (${bytes(size)})\n`);
  }
  if (flags.json) {
    emit(io, { type: 'runs-removed', runs: doomed });
  }
  return ExitCode.ok;
}

/** @throws WorkbenchError RUN_FILE_FOREIGN, RUN_FILE_BUSY: then nothing is removed */
async function examine(io: Io, file: string): Promise<Doomed> {
  const { openRun } = await import('../../engine/query/index.ts');
  let reader: RunReader;
  try {
    reader = openRun(file, io);
  } catch (error) {
    if (!(error instanceof WorkbenchError) || !removableUnread.has(error.code)) throw error;
    const { refuseForeign } = await import('../../engine/store/index.ts');
    refuseForeign(file);
    return { file, id: basename(file), bytes: statSync(file).size };
  }
  try {
    const { id, pid } = reader.run();
    const writer = reader.writer();
    if (writer !== 'gone') throw new WorkbenchError('RUN_FILE_BUSY', { file, pid, writer });
    return { file, id, bytes: statSync(file).size };
  } finally {
    reader.close();
  }
}

/** Reasons why a run file cannot be opened that are a reason to remove it. */
const removableUnread: ReadonlySet<string> = new Set(['RUN_FILE_DAMAGED', 'RUN_FILE_NEWER']);

async function confirmed(io: Io, doomed: readonly Doomed[]): Promise<boolean> {
  const names = doomed.map(({ id }) => printable(id)).join(', ');
  if (!io.stdin.isTty) {
    const reason = `nobody can be asked whether to remove ${names}; nothing was removed`;
    throw new WorkbenchError('USAGE', { reason, next: 'add --yes to remove without asking' });
  }
  const size = bytes(doomed.reduce((sum, run) => sum + run.bytes, 0));
  const answer = await io.stdin.ask(
    `remove ${plural(doomed.length, 'run')} (${names}; ${size}) for good? [y/N] `,
  );
  return /^y(es)?$/i.test(answer?.trim() ?? '');
}
