/** The command line, put together. Commands load what they need when they run, so that help is instant. */
import { Command, CommanderError } from 'commander';
import { ExitCode } from '../engine/errors.ts';
import type { CommandContext } from './commands/command.ts';
import { registerDetectors } from './commands/detectors.ts';
import { registerImport } from './commands/import.ts';
import { registerNew } from './commands/new.ts';
import { registerRun } from './commands/run.ts';
import { registerRuns } from './commands/runs.ts';
import { registerServe } from './commands/serve.ts';
import { registerValidate } from './commands/validate.ts';
import type { Io } from './io.ts';
import { reportFailure } from './output/failure.ts';
import { packageVersion } from './version.ts';

const commands = [
  registerRun,
  registerServe,
  registerRuns,
  registerValidate,
  registerImport,
  registerNew,
  registerDetectors,
];

/** Runs one command line. Never throws; resolves with the exit code. */
export async function runCli(io: Io, args: readonly string[]): Promise<number> {
  let exitCode: number = ExitCode.ok;
  const json = args.includes('--json');
  const context: CommandContext = {
    io,
    run:
      (action) =>
      async (...given) => {
        exitCode = await action(...given);
      },
  };
  const program = new Command('workbench')
    .description('Simulate or replay an outage, run detectors over it, and play the timeline back.')
    .version(packageVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns,
      getErrHelpWidth: () => io.stderr.columns,
    })
    .showHelpAfterError('(workbench --help shows what there is)');
  for (const register of commands) register(program, context);
  for (const command of program.commands) inherit(command, program);
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? ExitCode.ok : ExitCode.badInput;
    }
    return reportFailure(io, error, { json });
  }
}

/** Subcommands made by `program.command()` inherit settings; groups of them need the same. */
function inherit(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inherit(child, command);
}
