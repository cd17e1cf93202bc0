/** The command line, put together. Commands load what they need when they run, so that help is instant. */
import { Command, CommanderError } from 'commander';
import { ExitCode, WorkbenchError } from '../engine/errors.ts';
import { printable } from '../engine/terminal-text.ts';
import { registerAudit } from './commands/audit.ts';
import type { CommandContext } from './commands/command.ts';
import { registerBench } from './commands/bench.ts';
import { registerDetectors } from './commands/detectors.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerEval } from './commands/eval.ts';
import { registerFork } from './commands/fork.ts';
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
  registerBench,
  registerFork,
  registerServe,
  registerRuns,
  registerValidate,
  registerAudit,
  registerImport,
  registerNew,
  registerDetectors,
  registerEval,
  registerDoctor,
];

/** Runs one command line. Never throws; resolves with the exit code. */
export async function runCli(given: Io, args: readonly string[]): Promise<number> {
  let exitCode: number = ExitCode.ok;
  // Looked at before the command is known: even a mistake in the command is told this way.
  const flags = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  const json = flags.includes('--json');
  const coloured = flags.includes('--no-color') ? withoutColour(given) : given;
  const io = flags.includes('--no-input') ? withoutInput(coloured) : coloured;
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
    .option('--no-input', 'never ask; what would have to be asked is refused')
    .option('--no-color', 'no colours (NO_COLOR, FORCE_COLOR and TERM=dumb count too)')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text.split('\n').map(printable).join('\n')),
      // Said below, like every other error.
      outputError: () => undefined,
      getOutHelpWidth: () => io.stdout.columns,
      getErrHelpWidth: () => io.stderr.columns,
    });
  for (const register of commands) register(program, context);
  try {
    await program.parseAsync(withTrustValues(args), { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return ExitCode.ok;
      // A command without its subcommand has shown its help instead.
      if (error.code === 'commander.help') return ExitCode.badInput;
      return reportFailure(io, usageError(error), { json });
    }
    return reportFailure(io, error, { json });
  }
}

/** Commander's complaint as one of ours. */
function usageError({ message }: CommanderError): WorkbenchError {
  const reason = message.replace(/^error: /, '').replaceAll('\n', ' ');
  return new WorkbenchError('USAGE', { reason });
}

function withoutInput(io: Io): Io {
  return {
    ...io,
    stdin: { ...io.stdin, isTty: false },
    env: { ...io.env, WORKBENCH_NO_INPUT: '1' },
  };
}

/** A bare `--trust` must not take the next word for its hash. */
function withTrustValues(args: readonly string[]): string[] {
  return args.map((word, i) =>
    word === '--trust' && !args[i + 1]?.startsWith('sha256:') ? '--trust=all' : word,
  );
}

function withoutColour(io: Io): Io {
  return { ...io, env: { ...io.env, NO_COLOR: '1', FORCE_COLOR: undefined } };
}
