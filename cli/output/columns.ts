import type { Io } from '../io.ts';

/** Columns that a table on stdout may take: nothing is cut in a file or a pipe, unless COLUMNS asks for it. */
export function tableColumns({ stdout, env }: Pick<Io, 'stdout' | 'env'>): number {
  if (stdout.isTty) return stdout.columns;
  const asked = Number(env['COLUMNS']);
  return Number.isInteger(asked) && asked > 0 ? asked : Infinity;
}
