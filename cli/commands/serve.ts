/** `workbench serve`: the page over run files, running ones included. It shows and does not steer. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ExitCode, WorkbenchError } from '../../engine/errors.ts';
import { homeFolders } from '../home.ts';
import type { Io } from '../io.ts';
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
    .argument('[file...]', 'run files outside of the folder of runs')
    .option('--port <n>', 'port of the page (default: a free one)', parsePort)
    .option('--runs <folder>', 'folder of run files (default: .workbench/runs)')
    .option('--open', 'open the page in the browser')
    .action(run((files: readonly string[], flags: ServeFlags) => serveRuns(io, files, flags)));
};

async function serveRuns(io: Io, files: readonly string[], flags: ServeFlags): Promise<number> {
  const { openRun } = await import('../../engine/query/index.ts');
  const { serveUi } = await import('../ui-server.ts');
  const extraRuns = files.map((file) => resolve(io.cwd, file));
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
    runsFolder: runsFolder(io, flags.runs),
    extraRuns,
    controls: [],
    port: flags.port ?? null,
    ...(ids.length === 1 ? { openPath: `/runs/${ids[0]}` } : {}),
    open: flags.open === true,
    print: (url) => io.stdout.write(`${url}\n`),
    log: (line) => io.stderr.write(`${line}\n`),
  });
  io.stderr.write('the address is good once and for 30 seconds; Ctrl+C ends the server\n');
  await ui.untilSignal();
  await ui.close();
  return ExitCode.ok;
}

function runsFolder(io: Io, asked: string | undefined): string {
  if (asked === undefined) return homeFolders(io).runs;
  const folder = resolve(io.cwd, asked);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
  throw new WorkbenchError('FILE_NOT_FOUND', { file: folder });
}
