/**
 * What a recorded scenario may read besides its own folder: a scenario is a stranger's file, so a
 * person has named it, by importing it or with `--allow`. Imports are remembered at home: the file
 * of one that was a file, never the folder around it.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { reasonOf, WorkbenchError } from '../engine/errors.ts';
import { storageError } from '../engine/store/index.ts';
import { writeWhole } from './whole-file.ts';

/** Imports that are remembered; the oldest is forgotten first. */
const importsMax = 200;

/** Absolute paths, of folders with all below them and of files. @throws WorkbenchError FILE_UNREADABLE */
export function allowedPaths(asked: {
  readonly home: string;
  readonly scenarioFile: string;
  /** Of the command line, relative to `cwd`. */
  readonly allow: readonly string[];
  readonly cwd: string;
}): readonly string[] {
  return [
    dirname(asked.scenarioFile),
    ...asked.allow.map((folder) => resolve(asked.cwd, folder)),
    ...importedPaths(asked.home),
  ];
}

/** @throws WorkbenchError FILE_UNREADABLE, STORAGE_FAILED, STORAGE_FULL */
export function rememberPaths(home: string, paths: readonly string[]): void {
  const file = listFile(home);
  const all = [...new Set([...importedPaths(home), ...paths])].slice(-importsMax);
  try {
    mkdirSync(home, { recursive: true });
    writeWhole(file, `${JSON.stringify(all, null, 2)}\n`);
  } catch (error) {
    throw storageError(file, error, 'set WORKBENCH_HOME to a folder that can be written');
  }
}

function importedPaths(home: string): readonly string[] {
  const file = listFile(home);
  try {
    const list: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (Array.isArray(list) && list.every((entry) => typeof entry === 'string')) return list;
    throw new Error('it is no list of paths');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    const reason = `${reasonOf(error)}; remove it, and import again`;
    throw new WorkbenchError('FILE_UNREADABLE', { file, reason }, { cause: error });
  }
}

function listFile(home: string): string {
  return join(home, 'imported-paths.json');
}
