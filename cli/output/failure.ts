/** How a command says that it failed: what, why, and the next thing to type. */
import { reasonOf, WorkbenchError } from '../../engine/errors.ts';
import { printable } from '../../engine/terminal-text.ts';
import type { Io } from '../io.ts';
import { painter } from './style.ts';

/** Prints an error on stderr (and as JSON on stdout where asked) and answers with its exit code. */
export function reportFailure(
  io: Io,
  thrown: unknown,
  options: { readonly json: boolean },
): number {
  const error =
    thrown instanceof WorkbenchError
      ? thrown
      : new WorkbenchError('INTERNAL', { reason: reasonOf(thrown) }, { cause: thrown });
  const paint = painter(io, io.stderr);
  if (error.code !== 'SCENARIO_INVALID') {
    io.stderr.write(`${paint('critical', 'error')} ${printable(error.message)}\n`);
  }
  const rendered = error.details['rendered'];
  if (typeof rendered === 'string') io.stderr.write(`${rendered}\n`);
  if (error.hint) io.stderr.write(`${paint('dim', 'next ')} ${printable(error.hint)}\n`);
  if (error.code === 'INTERNAL' && io.env['WORKBENCH_DEBUG'] && thrown instanceof Error) {
    io.stderr.write(`${printable(thrown.stack ?? '').replaceAll('⏎', '\n')}\n`);
  }
  if (options.json) {
    const { code, message, hint, exitCode } = error;
    io.stdout.write(
      `${JSON.stringify({ schema: 1, type: 'error', code, message, hint, exitCode })}\n`,
    );
  }
  return error.exitCode;
}
