/** `workbench eval templates <folder>`: how good a part of the engine is, on data that others published. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { SystemScore } from '../../engine/templates/index.ts';
import { ExitCode, WorkbenchError } from '../../engine/errors.ts';
import type { Io } from '../io.ts';
import { templateScoreLines } from '../output/template-scores.ts';
import { emit } from '../output/json.ts';
import { painter } from '../output/style.ts';
import { refuseUnknownCommand, type RegisterCommand } from './command.ts';

interface Flags {
  readonly json?: boolean;
}

export const registerEval: RegisterCommand = (program, { io, run }) => {
  const group = program
    .command('eval')
    .description('score parts of the engine on published data')
    .allowExcessArguments()
    .action(
      run((_flags: unknown, command: Command) => {
        refuseUnknownCommand(command);
        throw new WorkbenchError('USAGE', {
          reason: 'eval wants to know what to score',
          next: 'workbench eval templates <folder>',
        });
      }),
    );
  group
    .command('templates')
    .description('log templates: grouping accuracy and F1 on a folder of Loghub')
    .argument('<folder>', 'folder with one folder a system, as Loghub publishes them')
    .option('--json', 'one JSON object a system on stdout, and a last one with the averages')
    .action(run((folder: string, flags: Flags) => evalTemplates(io, folder, flags)));
};

async function evalTemplates(io: Io, folder: string, { json }: Flags): Promise<number> {
  const { averageOf, evaluateLoghub } = await import('../../engine/templates/index.ts');
  const scores: SystemScore[] = [];
  for await (const score of evaluateLoghub(resolve(io.cwd, folder))) {
    scores.push(score);
    if (json) emit(io, { type: 'template-score', ...score });
  }
  const average = averageOf(scores);
  if (json) emit(io, { type: 'template-scores', ...average });
  else {
    const lines = templateScoreLines(scores, average, painter(io, io.stdout));
    io.stdout.write(`${lines.join('\n')}\n`);
  }
  return ExitCode.ok;
}
