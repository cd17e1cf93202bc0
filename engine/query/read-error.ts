import { reasonOf, WorkbenchError } from '../errors.ts';
import { storageError } from '../store/database.ts';

/** What a failed read means to the user. Our own mistakes pass through unchanged. */
export function readError(file: string, error: unknown): unknown {
  if (error instanceof WorkbenchError) return error;
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  const reason = reasonOf(error);
  const details = { file, reason };
  if (
    code.startsWith('SQLITE_CORRUPT') ||
    /malformed|no such (table|column)|integer overflow/.test(reason)
  ) {
    return new WorkbenchError('RUN_FILE_DAMAGED', details, { cause: error });
  }
  if (code === 'SQLITE_NOTADB') {
    return new WorkbenchError('RUN_FILE_FOREIGN', details, { cause: error });
  }
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN')) {
    const why = `${reason}; a run that was cut off needs a writable folder: copy it to one`;
    return new WorkbenchError('FILE_UNREADABLE', { file, reason: why }, { cause: error });
  }
  if (code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_BUSY')) {
    return new WorkbenchError('FILE_UNREADABLE', details, { cause: error });
  }
  if (code.startsWith('SQLITE_')) return error;
  const known = storageError(file, error);
  return known.code === 'STORAGE_BINDING_MISSING' ? known : error;
}
