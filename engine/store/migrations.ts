/**
 * How the tables of a run file came to be: named steps, append only. A new file takes all of them. An
 * older one stays as it is, since it may lie where nobody may write: whoever reads it sees, beside its
 * own tables, empty ones that stand for those of the steps that it lacks. So every question knows one
 * set of tables. The version is kept in `user_version`, set in the transaction that changes the tables.
 */
import type { Connection } from './database.ts';
import { templateStep } from './schema-templates.ts';
import { truthStep } from './schema-truth.ts';
import { keptIndexes, tables } from './schema.ts';

export interface Migration {
  /** Version of the file after it; versions follow one another from 1. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  /** Makes temporary objects, through which a file without the step reads like one that took it. */
  readonly standIn: string;
}

export const migrations: readonly Migration[] = [
  { version: 1, name: 'the first tables', sql: tables + keptIndexes, standIn: '' },
  { version: 2, name: 'forks, inputs and ground truth in full', ...truthStep },
  { version: 3, name: 'templates of logs', ...templateStep },
];

/** Version of a file that has taken all of them. */
export const schemaVersion = migrations.length;

/**
 * Applies the steps that a file lacks and gives their names; the caller's transaction holds them
 * together, so a file has either the old tables or the new ones.
 */
export function migrate(db: Connection, steps: readonly Migration[] = migrations): string[] {
  if (!db.inTransaction) throw new Error('a migration needs a transaction');
  const missing = lacking(db, steps);
  for (const { sql, version } of missing) {
    db.exec(sql);
    db.pragma(`user_version = ${version}`);
  }
  return missing.map(({ name }) => name);
}

/** Lets this connection read an older file like a new one; the file is not touched. */
export function readAsNewest(db: Connection, steps: readonly Migration[] = migrations): void {
  const missing = lacking(db, steps);
  if (missing.length === 0) return;
  db.pragma('temp_store = MEMORY');
  for (const { standIn } of missing) db.exec(standIn);
}

function lacking(db: Connection, steps: readonly Migration[]): readonly Migration[] {
  const found = Number(db.pragma('user_version', { simple: true }));
  return steps.filter(({ version }) => version > found);
}
