/** Where the workbench keeps what it makes: `.workbench` of the current folder, or WORKBENCH_HOME. */
import { join, resolve } from 'node:path';
import type { Io } from './io.ts';

export interface HomeFolders {
  readonly home: string;
  /** Run files. */
  readonly runs: string;
  /** Recordings, sorted once. */
  readonly cache: string;
  /** Results of benchmarks. */
  readonly bench: string;
}

export function homeFolders(io: Pick<Io, 'cwd' | 'env'>): HomeFolders {
  const home = resolve(io.cwd, io.env['WORKBENCH_HOME'] || '.workbench');
  return { home, runs: join(home, 'runs'), cache: join(home, 'cache'), bench: join(home, 'bench') };
}
