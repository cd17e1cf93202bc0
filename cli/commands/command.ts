/** What every command module exports: it adds itself to the program, its action answers with an exit code. */
import type { Command } from 'commander';
import type { Io } from '../io.ts';

export interface CommandContext {
  readonly io: Io;
  /** Wraps an action: its exit code becomes the process's, its WorkbenchError is printed. */
  readonly run: <A extends unknown[]>(
    action: (...args: A) => Promise<number> | number,
  ) => (...args: A) => Promise<void>;
}

export type RegisterCommand = (program: Command, context: CommandContext) => void;
