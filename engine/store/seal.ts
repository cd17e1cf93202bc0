import { openForWriting, type Connection } from './database.ts';

/**
 * Checkpoints a run file and leaves WAL mode, so that it is one file that opens from a read-only
 * folder. While somebody reads it that is impossible: the file stays in WAL mode, whole all the same.
 * @returns whether the file is sealed
 */
export function sealRunFile(db: Connection): boolean {
  try {
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.pragma('busy_timeout = 200');
    return db.pragma('journal_mode = DELETE', { simple: true }) === 'delete';
  } catch (error) {
    if ((error as { code?: unknown }).code === 'SQLITE_BUSY') return false;
    throw error;
  }
}

/** Seals a run file that could not be sealed when its run ended. */
export function sealClosedRun(file: string): void {
  const db = openForWriting(file);
  try {
    sealRunFile(db);
  } finally {
    db.close();
  }
}
