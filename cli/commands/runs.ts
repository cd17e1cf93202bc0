/** `workbench runs`: what was run before, and what came of it. */
import type { Command } from 'commander';
import { ExitCode } from '../../engine/errors.ts';
import type { Io } from '../io.ts';
import { tableColumns } from '../output/columns.ts';
import { shown } from '../output/commands.ts';
import { emit } from '../output/json.ts';
import { serveLine } from '../output/next.ts';
import { runDetailLines, runTableLines, type RunDetail } from '../output/runs.ts';
import { painter } from '../output/style.ts';
import { runFileOf, runsFolderOf, type RunsFlags } from '../run-argument.ts';
import { refuseUnknownCommand, type RegisterCommand } from './command.ts';
import { addRunsDiff } from './runs-diff.ts';
import { addRunsExport } from './runs-export.ts';
import { addRunsRemove } from './runs-rm.ts';

export const registerRuns: RegisterCommand = (program, context) => {
  const { io, run } = context;
  const runs = program
    .command('runs')
    .description('list, show, compare, remove and export the runs there are')
    .option('--runs <folder>', 'where the run files are (default: .workbench/runs)')
    .option('--json', 'one JSON object on stdout')
    .allowExcessArguments()
    .action(
      run((flags: RunsFlags, group: Command) => {
        refuseUnknownCommand(group);
        return listCommand(io, flags);
      }),
    );
  runs
    .command('list')
    .description('list the runs, newest first')
    .action(run((_flags: unknown, command: Command) => listCommand(io, command.optsWithGlobals())));
  runs
    .command('show')
    .description('what came of one run: incidents, detectors, digest')
    .argument('<run>', 'its id, the start of its id, or its file')
    .action(
      run((typed: string, _flags: unknown, command: Command) =>
        showCommand(io, typed, command.optsWithGlobals()),
      ),
    );
  addRunsDiff(runs, context);
  addRunsRemove(runs, context);
  addRunsExport(runs, context);
};

async function listCommand(io: Io, flags: RunsFlags): Promise<number> {
  const { listRuns } = await import('../../engine/query/index.ts');
  const folder = runsFolderOf(io, flags);
  const list = listRuns(folder, [], io);
  if (flags.json) {
    emit(io, { type: 'runs', folder, ...list });
    return ExitCode.ok;
  }
  for (const { reason } of list.skipped) io.stderr.write(`left out: ${shown(io, reason)}\n`);
  if (list.runs.length === 0) {
    const make = `make one: ${io.program} run <scenario>`;
    io.stderr.write(`no runs in ${shown(io, folder)} yet; ${make}\n`);
    return ExitCode.ok;
  }
  const columns = tableColumns(io);
  const lines = runTableLines(list.runs, { now: io.now(), columns }, painter(io, io.stdout));
  io.stdout.write(`${lines.join('\n')}\n`);
  return ExitCode.ok;
}

async function showCommand(io: Io, typed: string, flags: RunsFlags): Promise<number> {
  const { inputsOf, openRun, questions } = await import('../../engine/query/index.ts');
  const file = await runFileOf(io, runsFolderOf(io, flags), typed);
  const reader = openRun(file, io);
  try {
    const overview = questions.overview.answer(reader, {});
    const t = Math.max(overview.throughUs, overview.durationUs);
    const { incidents } = questions.state.answer(reader, { t });
    const detail: RunDetail = { file, overview, incidents, inputs: inputsOf(reader) };
    if (flags.json) {
      emit(io, { type: 'run-detail', ...detail });
    } else {
      const paint = painter(io, io.stdout);
      const lines = [...runDetailLines(detail, io.cwd, paint), serveLine(io, file, paint)];
      io.stdout.write(`${lines.join('\n')}\n`);
    }
    return ExitCode.ok;
  } finally {
    reader.close();
  }
}
