/** Opens databases the same careful way everywhere. */
import Database from 'better-sqlite3';
import { reasonOf, WorkbenchError } from '../errors.ts';

export type Connection = Database.Database;

/** Opens or creates a database for writing. @throws WorkbenchError STORAGE_FAILED, STORAGE_BINDING_MISSING */
export function openForWriting(file: string): Connection {
  try {
    const db = new Database(file, { timeout: 5_000 });
    db.pragma('foreign_keys = ON');
    db.pragma('trusted_schema = OFF');
    return db;
  } catch (error) {
    throw storageError(file, error);
  }
}

/** Version of the SQLite that the binding carries. @throws WorkbenchError STORAGE_BINDING_MISSING */
export function sqliteVersion(): string {
  const db = openForWriting(':memory:');
  try {
    return String(db.prepare('SELECT sqlite_version()').pluck().get());
  } finally {
    db.close();
  }
}

/** Makes a database the way a run does, and tells its journal mode: `wal` where all is well. */
export function tryDatabase(file: string): string {
  const db = openForWriting(file);
  try {
    const mode = String(db.pragma('journal_mode = WAL', { simple: true }));
    db.exec('CREATE TABLE probe (x)');
    return mode;
  } finally {
    db.close();
  }
}

/** What a failed open or write means to the user. */
export function storageError(file: string, error: unknown): WorkbenchError {
  if (error instanceof WorkbenchError) return error;
  const reason = reasonOf(error);
  if (/bindings file|better_sqlite3\.node|NODE_MODULE_VERSION/.test(reason)) {
    return new WorkbenchError(
      'STORAGE_BINDING_MISSING',
      { reason: reason.split('\n')[0]?.replace(/\. Tried:$/, '') },
      { cause: error },
    );
  }
  const code = (error as { code?: unknown }).code;
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT') {
    return new WorkbenchError(
      'RUN_FILE_FOREIGN',
      { file, reason, toWrite: true },
      { cause: error },
    );
  }
  if (code === 'SQLITE_FULL') {
    return new WorkbenchError('STORAGE_FULL', { file, kept: 'the last commit' }, { cause: error });
  }
  return new WorkbenchError('STORAGE_FAILED', { file, reason }, { cause: error });
}
