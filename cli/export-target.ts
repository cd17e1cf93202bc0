/** Where an export goes: stdout, or a file that is either whole or not there. */
import { closeSync, existsSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { WorkbenchError } from '../engine/errors.ts';
import { storageError } from '../engine/store/index.ts';
import type { OutputStream } from './io.ts';

export interface ExportTarget {
  write(piece: string): Promise<void> | void;
  close(): Promise<void> | void;
  /** Leaves nothing behind, after a failure. */
  abandon(): void;
}

/** UTF-16 units that are gathered: a system call for each row would take most of the time. */
const bufferChars = 64 * 1024;

export function streamTarget(stream: OutputStream): ExportTarget {
  let waiting = '';
  const flush = (): Promise<void> => {
    stream.write(waiting);
    waiting = '';
    return stream.drained();
  };
  return {
    write(piece) {
      waiting += piece;
      return waiting.length >= bufferChars ? flush() : undefined;
    },
    close: flush,
    abandon: () => undefined,
  };
}

/**
 * Writes beside the file and renames at the end.
 * @throws WorkbenchError FILE_EXISTS, STORAGE_FAILED, STORAGE_FULL
 */
export function fileTarget(file: string, overwrite: boolean): ExportTarget {
  if (!overwrite && existsSync(file)) throw new WorkbenchError('FILE_EXISTS', { file });
  const partial = `${file}.partial`;
  const named = <A>(work: () => A): A => {
    try {
      return work();
    } catch (error) {
      throw storageError(file, error);
    }
  };
  const descriptor = named(() => openSync(partial, 'w'));
  let waiting = '';
  const flush = (): void => {
    const bytes = Buffer.from(waiting);
    waiting = '';
    named(() => {
      for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
    });
  };
  return {
    write(piece) {
      waiting += piece;
      if (waiting.length >= bufferChars) flush();
    },
    close() {
      flush();
      closeSync(descriptor);
      named(() => renameSync(partial, file));
    },
    abandon() {
      closeSync(descriptor);
      rmSync(partial, { force: true });
    },
  };
}
