/** The runs of a folder. */
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { WorkbenchError } from '../errors.ts';
import { limits } from '../limits.ts';
import { summaryOf } from './overview.ts';
import { openRun, type OpenOptions } from './reader.ts';
import type { RunSummary } from './types.ts';

export interface ListedRun extends RunSummary {
  readonly file: string;
}

export interface RunList {
  /** Newest first. */
  readonly runs: readonly ListedRun[];
  /** Databases that could not be read, and why. Files that are no databases are not runs and not named. */
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
}

/** Lists the run files of `folder`, which need not exist, and of `extra` paths. */
export function listRuns(
  folder: string,
  extra: readonly string[] = [],
  options: OpenOptions = {},
): RunList {
  const runs: ListedRun[] = [];
  const skipped: { file: string; reason: string }[] = [];
  const files = [...new Set([...databasesIn(folder), ...extra])];
  for (const file of files) {
    try {
      const run = openRun(file, options);
      try {
        runs.push({ ...run.snapshot(() => summaryOf(run)), file });
      } finally {
        run.close();
      }
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error;
      if (error.code === 'STORAGE_BINDING_MISSING') throw error;
      skipped.push({ file, reason: error.message });
    }
  }
  runs.sort((a, b) => b.createdUnixMs - a.createdUnixMs || (a.id < b.id ? 1 : -1));
  return { runs, skipped };
}

function databasesIn(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !/-(wal|shm|journal)$/.test(entry.name))
    .map((entry) => join(folder, entry.name))
    .filter(isDatabase)
    .slice(0, limits.runFilesMax);
}

/** Looks at the first bytes only: a folder of runs may hold notes and exports. */
function isDatabase(file: string): boolean {
  const magic = Buffer.from('SQLite format 3\0');
  const head = Buffer.alloc(magic.length);
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return true; // may be one: opening it as a run says why it cannot be read
  }
  try {
    readSync(descriptor, head, 0, head.length, 0);
  } finally {
    closeSync(descriptor);
  }
  return head.equals(magic);
}
