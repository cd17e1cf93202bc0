/**
 * The cache of a recording: a SQLite file with the header and the batches in order. It can be made
 * again from the sources at any time, so a file that looks wrong is replaced, never repaired.
 */
import { crc32 } from 'node:zlib';
import Database from 'better-sqlite3';
import type { SourceHeader } from '../replay/source.ts';
import type { Rejection } from './intake.ts';
import type { PackedBatch } from './pack.ts';

/** 'wbrc' in ASCII: tells a cache from any other program's database. */
const applicationId = 0x77627263;
/** Part of the content hash: a change of the layout or of what a reader gives makes new caches. */
export const cacheVersion = 3;

const tables = `
CREATE TABLE recording (header TEXT NOT NULL, report TEXT NOT NULL, batches INTEGER NOT NULL) STRICT;
CREATE TABLE batch (
  sequence INTEGER PRIMARY KEY, count INTEGER NOT NULL, through INTEGER NOT NULL,
  checksum INTEGER NOT NULL, columns BLOB NOT NULL
) STRICT;
`;

/** What people are told about a recording besides its header. */
export interface RecordingReport {
  readonly notes: readonly string[];
  /** The first of the rejected records. */
  readonly rejections: readonly Rejection[];
}

export interface CachedRecording {
  readonly header: SourceHeader;
  readonly report: RecordingReport;
}

/** Writes a cache; the file must not exist. `finish` is asked for the header after the last batch. */
export function writeCache(
  file: string,
  batches: Iterable<PackedBatch>,
  finish: () => CachedRecording,
): CachedRecording {
  const database = new Database(file);
  try {
    database.pragma('journal_mode = OFF');
    database.pragma('synchronous = OFF');
    database.pragma(`application_id = ${applicationId}`);
    database.pragma(`user_version = ${cacheVersion}`);
    database.exec(tables);
    const insert = database.prepare('INSERT INTO batch VALUES (?, ?, ?, ?, ?)');
    let sequence = 0;
    database.exec('BEGIN');
    for (const { count, through, columns } of batches) {
      insert.run(sequence++, count, through, crc32(columns), columns);
    }
    const { header, report } = finish();
    database
      .prepare('INSERT INTO recording VALUES (?, ?, ?)')
      .run(JSON.stringify(header), JSON.stringify(report), sequence);
    database.exec('COMMIT');
    return { header, report };
  } finally {
    database.close();
  }
}

/** Opens a cache for reading; null where it is missing, damaged or something else. */
export function openCache(file: string): Database.Database | null {
  let database: Database.Database | null = null;
  try {
    database = new Database(file, { readonly: true, fileMustExist: true });
    if (
      database.pragma('application_id', { simple: true }) === applicationId &&
      database.pragma('user_version', { simple: true }) === cacheVersion
    ) {
      return database;
    }
  } catch {
    // Not there, not readable or not a database: to a cache these are the same, make it again.
  }
  database?.close();
  return null;
}

/** Header and report of a sound cache; null otherwise. Every batch is checked against its checksum. */
export function readCached(file: string): CachedRecording | null {
  const database = openCache(file);
  if (!database) return null;
  try {
    const row = database.prepare('SELECT header, report, batches FROM recording').get() as
      { header: string; report: string; batches: number } | undefined;
    if (!row) return null;
    let batches = 0;
    const all = database.prepare('SELECT checksum, columns FROM batch ORDER BY sequence').raw();
    for (const [checksum, columns] of all.iterate() as Iterable<[number, Buffer]>) {
      if (crc32(columns) !== checksum) return null;
      batches += 1;
    }
    if (batches !== row.batches) return null;
    return {
      header: JSON.parse(row.header) as SourceHeader,
      report: JSON.parse(row.report) as RecordingReport,
    };
  } catch {
    // A page that cannot be read; as above.
    return null;
  } finally {
    database.close();
  }
}
