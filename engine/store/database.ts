/** Opens databases the same careful way everywhere. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
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

/** Settings of the one connection that writes a run file, while it takes rows. */
export function tuneForLoading(db: Connection): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.pragma('cache_size = -16384');
  // Pages, 32 MB: the log starts over only when all of it is copied.
  db.pragma('wal_autocheckpoint = 8000');
  // Statements of many rows keep a journal of their own: in memory it costs no file write a page.
  db.pragma('temp_store = MEMORY');
}

/** Settings for sorting an index of any size: small runs, sorted by two more threads, kept in a file. */
export function tuneForIndexing(db: Connection): void {
  db.pragma('temp_store = FILE');
  db.pragma('cache_size = -4096');
  db.pragma('threads = 2');
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

/** Codes of the file system for a disk, or a share of it, that is used up. */
const fullCodes: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT']);

/** What a failed open or write means to the user; `next` is what to do where it is no run's file. */
export function storageError(file: string, error: unknown, next?: string): WorkbenchError {
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
  if (fullCodes.has(code)) {
    return new WorkbenchError('STORAGE_FULL', { file, next }, { cause: error });
  }
  return new WorkbenchError(
    'STORAGE_FAILED',
    { file, reason: plainReason(file, code) ?? reason, next },
    { cause: error },
  );
}

/**
 * A check that a file is still where it was made: SQLite would go on writing to what nobody can open
 * any more. @throws WorkbenchError STORAGE_FAILED, from the check
 */
export function stayingFile(file: string): () => void {
  const made = statSync(file).ino;
  return () => {
    if (statSync(file, { throwIfNoEntry: false })?.ino === made) return;
    throw new WorkbenchError('STORAGE_FAILED', { file, reason: movedReason });
  };
}

const movedReason = 'it was moved or deleted while it was being written';

/** What SQLite's shortest words mean; null where they say it themselves. */
function plainReason(file: string, code: unknown): string | null {
  if (code === 'SQLITE_READONLY_DBMOVED') return movedReason;
  if (code !== 'SQLITE_CANTOPEN' && code !== 'SQLITE_READONLY') return null;
  const path = existsSync(file) ? file : dirname(file);
  try {
    accessSync(path, constants.W_OK);
    return null;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return `${path} ${missing ? 'does not exist' : 'is read-only'}`;
  }
}
