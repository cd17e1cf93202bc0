/** `workbench serve`: the page over run files, running ones included. It shows and does not steer. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { ExitCode, WorkbenchError } from '../../engine/errors.ts';
import { similarFile } from '../../engine/similar.ts';
import { homeFolders } from '../home.ts';
import type { Io } from '../io.ts';
import { runFileOf } from '../run-argument.ts';
import type { RegisterCommand } from './command.ts';
import { parsePort } from './options.ts';

interface ServeFlags {
  readonly port?: number;
  readonly runs?: string;
  readonly open?: boolean;
}

export const registerServe: RegisterCommand = (program, { io, run }) => {
  program
    .command('serve')
    .description('serve the page over finished and running runs, on this machine only')
    .argument('[run...]', 'runs to show first: ids, or run files from elsewhere')
    .option('--port <n>', 'port of the page (default: a free one)', parsePort)
    .option('--runs <folder>', 'folder of run files (default: .workbench/runs)')
    .option('--open', 'open the page in the browser')
    .action(
      run((runs: readonly string[], flags: ServeFlags, _: Command) => serveRuns(io, runs, flags)),
    );
};

async function serveRuns(io: Io, runs: readonly string[], flags: ServeFlags): Promise<number> {
  const { openRun } = await import('../../engine/query/index.ts');
  const { serveUi } = await import('../ui-server.ts');
  const folder = runsFolder(io, flags.runs);
  const extraRuns = await Promise.all(runs.map((typed) => runFileOf(io, folder, typed)));
  const ids = extraRuns.map((file) => {
    // Opened once here, so that a wrong file is an error of the command and not an empty list.
    const reader = openRun(file);
    try {
      return reader.run().id;
    } finally {
      reader.close();
    }
  });
  const ui = await serveUi(io, {
    runsFolder: folder,
    extraRuns,
    port: flags.port ?? null,
    print: (url) => io.stdout.write(`${url}\n`),
    log: (line) => io.stderr.write(`${line}\n`),
  });
  await ui.announce({
    ...(ids.length === 1 ? { path: `/runs/${ids[0]}` } : {}),
    open: flags.open === true,
  });
  io.stderr.write('Ctrl+C ends the server\n');
  await ui.untilSignal();
  await ui.close();
  return ExitCode.ok;
}

function runsFolder(io: Io, asked: string | undefined): string {
  if (asked === undefined) return homeFolders(io).runs;
  const folder = resolve(io.cwd, asked);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
  throw new WorkbenchError('FILE_NOT_FOUND', { file: folder, suggestion: similarFile(folder) });
}
