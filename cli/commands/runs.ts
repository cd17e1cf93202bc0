/** `workbench runs`: what was run before, and what came of it. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { ExitCode } from '../../engine/errors.ts';
import { homeFolders } from '../home.ts';
import type { Io } from '../io.ts';
import { runDetailLines, runTableLines, type RunDetail } from '../output/runs.ts';
import { painter } from '../output/style.ts';
import { printable } from '../../engine/terminal-text.ts';
import type { RegisterCommand } from './command.ts';

interface RunsFlags {
  readonly json?: boolean;
  readonly runs?: string;
}

export const registerRuns: RegisterCommand = (program, { io, run }) => {
  const runs = program
    .command('runs')
    .description('list the runs there are, or show one')
    .option('--runs <folder>', 'where the run files are (default: .workbench/runs)')
    .option('--json', 'one JSON object on stdout')
    .action(run((flags: RunsFlags) => listCommand(io, flags)));
  runs
    .command('list')
    .description('list the runs, newest first')
    .action(run((_flags: unknown, command: Command) => listCommand(io, command.optsWithGlobals())));
  runs
    .command('show')
    .description('what came of one run: incidents, detectors, digest')
    .argument('<run>', 'its id, the start of its id, or its file')
    .action(
      run((id: string, _flags: unknown, command: Command) =>
        showCommand(io, id, command.optsWithGlobals()),
      ),
    );
};

async function listCommand(io: Io, flags: RunsFlags): Promise<number> {
  const { listRuns } = await import('../../engine/query/index.ts');
  const folder = folderOf(io, flags);
  const list = listRuns(folder);
  if (flags.json) {
    io.stdout.write(`${JSON.stringify({ schema: 1, type: 'runs', folder, ...list })}\n`);
    return ExitCode.ok;
  }
  for (const { reason } of list.skipped) io.stderr.write(`left out: ${printable(reason)}\n`);
  if (list.runs.length === 0) {
    io.stderr.write(`no runs in ${printable(folder)} yet; make one: workbench run <scenario>\n`);
    return ExitCode.ok;
  }
  const { columns } = io.stdout;
  const lines = runTableLines(list.runs, { now: io.now(), columns }, painter(io, io.stdout));
  io.stdout.write(`${lines.join('\n')}\n`);
  return ExitCode.ok;
}

async function showCommand(io: Io, id: string, flags: RunsFlags): Promise<number> {
  const { findRun, openRun, questions } = await import('../../engine/query/index.ts');
  const path = resolve(io.cwd, id);
  const file = existsSync(path) ? path : findRun(folderOf(io, flags), id);
  const reader = openRun(file);
  try {
    const overview = questions.overview.answer(reader, {});
    const t = Math.max(overview.throughUs, overview.durationUs);
    const { incidents } = questions.state.answer(reader, { t });
    const detail: RunDetail = { file, overview, incidents };
    if (flags.json) {
      io.stdout.write(`${JSON.stringify({ schema: 1, type: 'run-detail', ...detail })}\n`);
    } else {
      const lines = runDetailLines(detail, io.cwd, painter(io, io.stdout));
      io.stdout.write(`${lines.join('\n')}\n`);
    }
    return ExitCode.ok;
  } finally {
    reader.close();
  }
}

function folderOf(io: Io, flags: RunsFlags): string {
  return flags.runs === undefined ? homeFolders(io).runs : resolve(io.cwd, flags.runs);
}
