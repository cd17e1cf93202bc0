/** What every command module exports: it adds itself to the program, its action answers with an exit code. */
import type { Command } from 'commander';
import { WorkbenchError } from '../../engine/errors.ts';
import { similarName } from '../../engine/similar.ts';
import type { Io } from '../io.ts';

export interface CommandContext {
  readonly io: Io;
  /** Wraps an action: its exit code becomes the process's, its WorkbenchError is printed. */
  readonly run: <A extends unknown[]>(
    action: (...args: A) => Promise<number> | number,
  ) => (...args: A) => Promise<void>;
}

export type RegisterCommand = (program: Command, context: CommandContext) => void;

/**
 * For the action of a group of commands, which runs where no command of the group was named: a word
 * that is none of them is a slip, and not for the action to swallow.
 * @throws WorkbenchError USAGE
 */
export function refuseUnknownCommand(group: Command): void {
  const [word] = group.args;
  if (word === undefined) return;
  const known = group.commands.map((command) => command.name());
  const near = similarName(word, known);
  throw new WorkbenchError('USAGE', {
    reason: `unknown command "${word}" of ${group.name()}`,
    next: near === null ? `commands: ${known.join(', ')}` : `did you mean ${near}?`,
  });
}
