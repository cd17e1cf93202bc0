/**
 * How the tables of a run file came to be: named steps, append only. A new file takes all of them, an
 * older one those that it lacks, so both end with the same tables. The version is kept in
 * `user_version`, set in the transaction that changes the tables.
 */
import type { Connection } from './database.ts';
import { keptIndexes, tables } from './schema.ts';

export interface Migration {
  /** Version of the file after it; versions follow one another from 1. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

export const migrations: readonly Migration[] = [
  { version: 1, name: 'the first tables', sql: tables + keptIndexes },
];

/** Version of a file that has taken all of them. */
export const schemaVersion = migrations.length;

/**
 * Applies the steps that a file lacks and gives their names; the caller's transaction holds them
 * together, so a file has either the old tables or the new ones.
 */
export function migrate(db: Connection, steps: readonly Migration[] = migrations): string[] {
  if (!db.inTransaction) throw new Error('a migration needs a transaction');
  const found = Number(db.pragma('user_version', { simple: true }));
  const lacking = steps.filter(({ version }) => version > found);
  for (const { sql, version } of lacking) {
    db.exec(sql);
    db.pragma(`user_version = ${version}`);
  }
  return lacking.map(({ name }) => name);
}
