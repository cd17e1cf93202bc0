/** Names of new runs: `<scenario>-<n>`, the next free number of the folder. */
import { closeSync, mkdirSync, openSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { WorkbenchError } from '../engine/errors.ts';
import { storageError } from '../engine/store/index.ts';

export interface NewRun {
  readonly runId: string;
  /** Absolute path. */
  readonly file: string;
  /** The name was ours to choose: an empty file holds it. */
  readonly reserved: boolean;
}

/** Takes a reserved name back when there is no run after all. */
export function dropReserved({ file, reserved }: NewRun): void {
  if (reserved && statSync(file, { throwIfNoEntry: false })?.size === 0) unlinkSync(file);
}

/** @throws WorkbenchError STORAGE_FAILED where the folder cannot be written */
export function newRunFile(
  scenarioName: string,
  folder: string,
  asked: string | undefined,
  cwd: string,
): NewRun {
  if (asked === '') throw new WorkbenchError('USAGE', { reason: '--db has an empty name' });
  if (asked !== undefined) {
    const file = resolve(cwd, asked);
    makeFolder(dirname(file));
    return { runId: idOf(file), file, reserved: false };
  }
  makeFolder(folder);
  // Two runs may start at once: whoever creates the file owns the number.
  for (let number = lastNumber(folder, scenarioName) + 1; ; number++) {
    const runId = `${scenarioName}-${number}`;
    const file = join(folder, `${runId}.db`);
    try {
      closeSync(openSync(file, 'wx'));
      return { runId, file, reserved: true };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw storageError(file, error);
    }
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // Node says ENOENT of a folder that it may not make.
    const reason = code === 'ENOENT' || code === 'EROFS' ? 'its disk is read-only' : message;
    throw new WorkbenchError('STORAGE_FAILED', { file: folder, reason }, { cause: error });
  }
}

function lastNumber(folder: string, scenarioName: string): number {
  let last = 0;
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${scenarioName}-`) || !name.endsWith('.db')) continue;
    const number = Number(name.slice(scenarioName.length + 1, -3));
    if (Number.isInteger(number)) last = Math.max(last, number);
  }
  return last;
}

/** A run's id stands in addresses: what is not allowed there becomes a dash. */
function idOf(file: string): string {
  const id = basename(file)
    .replace(/\.db$/, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-');
  return id.replace(/^\.+/, '') || 'run';
}
