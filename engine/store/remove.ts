/** Takes run files away, and nothing else: a file that is not ours is never touched. */
import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import { WorkbenchError } from '../errors.ts';
import { storageError } from './database.ts';
import { applicationId } from './schema.ts';

/** Where SQLite keeps a database's `application_id`: bytes from the start, big-endian. */
const applicationIdAt = 68;

/**
 * Removes a run file and what SQLite keeps beside it. The companions go first: one that outlived its
 * database would be taken for the journal of the next file of that name.
 * @throws WorkbenchError STORAGE_FAILED
 */
export function removeRunFile(file: string): void {
  try {
    for (const companion of ['-wal', '-shm', '-journal', '']) {
      rmSync(`${file}${companion}`, { force: companion !== '' });
    }
  } catch (error) {
    throw storageError(file, error);
  }
}

/**
 * Says no where the first bytes are not those of a run file: for one that is too damaged, or too
 * new, to be opened. @throws WorkbenchError RUN_FILE_FOREIGN, STORAGE_FAILED
 */
export function refuseForeign(file: string): void {
  const head = Buffer.alloc(applicationIdAt + 4);
  try {
    const descriptor = openSync(file, 'r');
    try {
      readSync(descriptor, head, 0, head.length, 0);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw storageError(file, error);
  }
  if (head.readUInt32BE(applicationIdAt) === applicationId) return;
  throw new WorkbenchError('RUN_FILE_FOREIGN', { file, reason: 'nothing in it says so' });
}
