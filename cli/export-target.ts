/** Where an export goes: stdout, or a file that is either whole or not there. */
import { statSync } from 'node:fs';
import { WorkbenchError } from '../engine/errors.ts';
import { pathKind } from '../engine/path-kind.ts';
import { storageError } from '../engine/store/index.ts';
import type { OutputStream } from './io.ts';
import { WholeFile } from './whole-file.ts';

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

const next = 'name another file with --out';

export interface FileTargetOptions {
  readonly overwrite: boolean;
  /** The file that is exported, which must not be replaced by its export. */
  readonly source: string;
}

/** @throws WorkbenchError USAGE, FILE_EXISTS, STORAGE_FAILED, STORAGE_FULL */
export function fileTarget(file: string, options: FileTargetOptions): ExportTarget {
  refuseTaken(file, options);
  const named = <A>(work: () => A): A => {
    try {
      return work();
    } catch (error) {
      throw storageError(file, error, next);
    }
  };
  const whole = named(() => new WholeFile(file));
  let waiting = '';
  const flush = (): void => {
    const text = waiting;
    waiting = '';
    named(() => whole.write(text));
  };
  return {
    write(piece) {
      waiting += piece;
      if (waiting.length >= bufferChars) flush();
    },
    close() {
      flush();
      named(() => whole.finish());
    },
    abandon: () => whole.abandon(),
  };
}

/** What is no regular file (a folder, a device) is not overwritten by any flag. */
function refuseTaken(file: string, { overwrite, source }: FileTargetOptions): void {
  const found = pathKind(file);
  if (found.kind === 'missing') return;
  if (found.kind !== 'file') throw new WorkbenchError('STORAGE_FAILED', { file, next, ...found });
  if (isSame(file, source)) {
    throw new WorkbenchError('USAGE', { reason: `${file} is the run itself`, next });
  }
  if (!overwrite) throw new WorkbenchError('FILE_EXISTS', { file });
}

/** By what lies there: a file has as many names as links. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [statSync(one), statSync(other)];
  return a.ino === b.ino && a.dev === b.dev;
}
