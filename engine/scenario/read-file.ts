/** The bytes of a scenario file: a regular one, and no more of it than a scenario may have. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { reasonOf, WorkbenchError } from '../errors.ts';
import { limits } from '../limits.ts';
import { similarFile } from '../similar.ts';

const readable = constants.O_RDONLY | constants.O_NONBLOCK;
/** Windows has no such flag, and next to no links. */
const noFollow = (constants.O_NOFOLLOW as number | undefined) ?? 0;

/**
 * Opens once and asks the open file: what was checked is what is read. `follow`: a link will do.
 * Throws FILE_NOT_FOUND, FILE_UNREADABLE and FILE_TOO_LARGE.
 */
export function readScenarioFile(file: string, { follow = true } = {}): Uint8Array {
  let handle: number;
  try {
    // A FIFO without a writer would hold a blocking open for ever.
    handle = openSync(file, follow ? readable : readable | noFollow);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') {
      throw new WorkbenchError('FILE_NOT_FOUND', { file, suggestion: similarFile(file) });
    }
    throw new WorkbenchError(
      'FILE_UNREADABLE',
      { file, reason: reasonOf(error) },
      { cause: error },
    );
  }
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile()) {
      const reason = stat.isDirectory() ? 'it is a folder' : 'it is no regular file';
      throw new WorkbenchError('FILE_UNREADABLE', { file, reason });
    }
    if (stat.size > limits.scenarioBytesMax) {
      const details = { file, bytes: stat.size, limit: limits.scenarioBytesMax };
      throw new WorkbenchError('FILE_TOO_LARGE', details);
    }
    return readAll(handle);
  } finally {
    closeSync(handle);
  }
}

/** Files of /proc claim no size, and files grow: the limit holds for what is read, too. */
function readAll(handle: number): Uint8Array {
  const bytes = new Uint8Array(limits.scenarioBytesMax);
  let length = 0;
  while (length < bytes.length) {
    const read = readSync(handle, bytes, length, bytes.length - length, null);
    if (read === 0) break;
    length += read;
  }
  return bytes.subarray(0, length);
}
