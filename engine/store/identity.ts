/**
 * Whether a database is a run file of ours. A run file is data of strangers: one whose tables are
 * views, or that brings triggers, would have us run what it says, so its schema must be the one that
 * we make, but for comments and for what a person added beside it.
 */
import { WorkbenchError } from '../errors.ts';
import type { Connection } from './database.ts';
import { migrations, schemaVersion } from './migrations.ts';
import { applicationId, loadedIndexes } from './schema.ts';

/** Objects that a person may have added; beyond that a schema is an attack on its reader. */
const objectsMax = 500;

interface SchemaRow {
  readonly type: string;
  readonly name: string;
  readonly sql: string | null;
}

/** @throws WorkbenchError RUN_FILE_FOREIGN, RUN_FILE_NEWER */
export function checkIdentity(db: Connection, file: string): void {
  const foreign = (reason: string) => new WorkbenchError('RUN_FILE_FOREIGN', { file, reason });
  if (db.pragma('application_id', { simple: true }) !== applicationId) {
    throw foreign('it is the database of another program');
  }
  const found = Number(db.pragma('user_version', { simple: true }));
  if (found > schemaVersion) {
    throw new WorkbenchError('RUN_FILE_NEWER', { file, found, known: schemaVersion });
  }
  const ours = schemas.get(found);
  if (!ours) throw foreign(`schema version ${found}`);
  const strange = strangeness(
    ours,
    db
      .prepare<[], SchemaRow>(
        `SELECT type, name, substr(sql, 1, 10000) AS sql FROM sqlite_schema LIMIT ${objectsMax + 1}`,
      )
      .all(),
  );
  if (strange !== null) throw foreign(strange);
}

function strangeness(ours: Schema, found: readonly SchemaRow[]): string | null {
  if (found.length > objectsMax) return `it has more than ${objectsMax} tables`;
  const names = new Set(found.map(({ name }) => name));
  for (const { name, type } of ours.values()) {
    if (type === 'table' && !names.has(name)) return `it has no table ${name}`;
  }
  for (const { type, name, sql } of found) {
    const own = ours.get(name);
    if (own && (own.type !== type || own.sql !== plain(sql ?? ''))) {
      return `its ${name} is not the one of a run`;
    }
    if (!own && (type === 'trigger' || type === 'view')) return `it has a ${type}, ${name}`;
  }
  return null;
}

/** What a file of each version holds: the text that SQLite keeps of each table, view and index. */
const schemas: ReadonlyMap<number, Schema> = new Map(
  migrations.map(({ version }) => [
    version,
    migrations
      .filter((step) => step.version <= version)
      .reduce<Schema>((before, step) => after(before, step.sql), after(new Map(), loadedIndexes)),
  ]),
);

type Schema = ReadonlyMap<string, SchemaObject>;

interface SchemaObject {
  readonly name: string;
  readonly type: string;
  readonly sql: string;
}

function after(before: Schema, step: string): Schema {
  const schema = new Map(before);
  for (const [sql, type = '', name = ''] of step.matchAll(
    /CREATE (TABLE|VIEW|INDEX) (\w+)[\s\S]*?(?=;\n)/g,
  )) {
    schema.set(name, { name, type: type.toLowerCase(), sql: plain(sql) });
  }
  for (const [, name = '', column = ''] of step.matchAll(
    /ALTER TABLE (\w+) ADD COLUMN ([^;]+);/g,
  )) {
    const table = schema.get(name);
    if (!table) throw new Error(`a step changes ${name}, which no step makes`);
    // SQLite puts the new column behind the last one.
    const end = table.sql.lastIndexOf(')');
    const sql = plain(`${table.sql.slice(0, end)}, ${column}${table.sql.slice(end)}`);
    schema.set(name, { ...table, sql });
  }
  return schema;
}

/** Without comments and layout, which may change while the tables stay the same. */
function plain(sql: string): string {
  return sql
    .replace(/--.*$/gm, ' ')
    .replace(/\s+/g, ' ')
    .replace(/ ?([(),]) ?/g, '$1')
    .trim();
}
