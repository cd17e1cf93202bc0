/** What a person may type for a run: its id, the start of its id, or its file. */
import { lstatSync } from 'node:fs';
import { resolve } from 'node:path';
import { WorkbenchError } from '../engine/errors.ts';
import { similarFile, similarName } from '../engine/similar.ts';
import { homeFolders } from './home.ts';
import type { Io } from './io.ts';

/**
 * The file of a run. Whether it is a run file is for whoever opens it to say.
 * @throws WorkbenchError USAGE, FILE_NOT_FOUND, RUN_NOT_FOUND
 */
export async function runFileOf(
  io: Pick<Io, 'cwd' | 'whereabouts'>,
  folder: string,
  typed: string,
): Promise<string> {
  if (typed === '') throw new WorkbenchError('USAGE', { reason: 'the run has an empty name' });
  const path = resolve(io.cwd, typed);
  const found = lstatSync(path, { throwIfNoEntry: false });
  const isPath = /[\\/]|\.db$/.test(typed);
  // A folder that happens to have the name of a run is not what is meant.
  if (found && (isPath || !found.isDirectory())) return path;
  if (isPath) {
    throw new WorkbenchError('FILE_NOT_FOUND', { file: path, suggestion: similarFile(path) });
  }
  const { listRuns } = await import('../engine/query/index.ts');
  const { runs } = listRuns(folder, [], io);
  const starting = runs.filter(({ id }) => id.startsWith(typed));
  const run = runs.find(({ id }) => id === typed) ?? (starting.length === 1 ? starting[0] : null);
  if (run) return run.file;
  const ids = runs.map(({ id }) => id);
  const suggestion = starting.length > 1 ? several(starting) : similarId(typed, ids);
  throw new WorkbenchError('RUN_NOT_FOUND', { run: typed, folder, suggestion });
}

const startCharactersMin = 4;

/** A slip may be in the part that was typed. */
function similarId(typed: string, ids: readonly string[]): string | null {
  // Some id begins nearly like any two letters.
  if (typed.length < startCharactersMin) return null;
  const whole = similarName(typed, ids);
  if (whole !== null) return whole;
  const start = similarName(
    typed,
    ids.map((id) => id.slice(0, typed.length)),
  );
  return ids.find((id) => start !== null && id.startsWith(start)) ?? null;
}

function several(runs: readonly { readonly id: string }[]): string {
  const shown = runs.slice(0, 3).map(({ id }) => id);
  return `one of ${shown.join(', ')}${runs.length > shown.length ? ', …' : ''}`;
}

/** Flags that every `runs` command has. */
export interface RunsFlags {
  readonly json?: boolean;
  readonly runs?: string;
}

export function runsFolderOf(io: Pick<Io, 'cwd' | 'env'>, flags: RunsFlags): string {
  return flags.runs === undefined ? homeFolders(io).runs : resolve(io.cwd, flags.runs);
}
