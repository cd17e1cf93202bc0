/** How a command says that it failed: what, why, and the next thing to type. */
import { reasonOf, WorkbenchError } from '../../engine/errors.ts';
import { printable } from '../../engine/terminal-text.ts';
import type { Io } from '../io.ts';
import { asTyped, shown } from './commands.ts';
import { emit } from './json.ts';
import { painter } from './style.ts';

/** Prints an error on stderr (and as the last JSON object on stdout where asked) and answers with its exit code. */
export function reportFailure(
  io: Io,
  thrown: unknown,
  options: { readonly json: boolean },
): number {
  const error = asWorkbenchError(thrown);
  sayFailure(io, error);
  if (error.code === 'INTERNAL' && io.env['WORKBENCH_DEBUG'] && thrown instanceof Error) {
    for (const line of (thrown.stack ?? '').split('\n')) io.stderr.write(`${printable(line)}\n`);
  }
  if (options.json) {
    emit(io, { type: 'error', ...failureFacts(error) });
  }
  return error.exitCode;
}

function asWorkbenchError(thrown: unknown): WorkbenchError {
  if (thrown instanceof WorkbenchError) return thrown;
  return new WorkbenchError('INTERNAL', { reason: reasonOf(thrown) }, { cause: thrown });
}

/** What went wrong and what to type next, on stderr. */
export function sayFailure(io: Io, error: WorkbenchError): void {
  const paint = painter(io, io.stderr);
  const rendered = error.details['rendered'];
  if (typeof rendered === 'string') {
    // The problems of a scenario, each with its line, made safe where they were made.
    io.stderr.write(`${rendered}\n`);
  } else {
    io.stderr.write(`${paint('critical', 'error')} ${shown(io, error.message)}\n`);
  }
  if (error.hint) {
    io.stderr.write(`${paint('dim', 'next ')} ${shown(io, asTyped(io, error.hint))}\n`);
  }
}

export interface FailureFacts {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly exitCode: number;
}

/** An error as a program reads it. */
export function failureFacts(error: WorkbenchError): FailureFacts {
  const { code, message, hint, exitCode } = error;
  return { code, message, hint: hint ?? null, exitCode };
}
