import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import {
  appendHumanEvent,
  exportRows,
  exportTableNames,
  listRuns,
  openRun,
  questions,
} from '../../engine/query/index.ts';
import { migrate, migrations, readAsNewest, schemaVersion } from '../../engine/store/migrations.ts';
import { makeRunFile, withFolder } from '../support/run-file.ts';

const next = [
  ...migrations,
  {
    version: schemaVersion + 1,
    name: 'a mood for services',
    sql: "ALTER TABLE service ADD COLUMN mood TEXT NOT NULL DEFAULT 'fine';",
    standIn: "CREATE TEMP VIEW service AS SELECT *, 'fine' AS mood FROM main.service;",
  },
  {
    version: schemaVersion + 2,
    name: 'a table of moods',
    sql: 'CREATE TABLE mood (name TEXT) STRICT;',
    standIn: 'CREATE TEMP TABLE mood (name TEXT) STRICT;',
  },
];

const schemaOf = (db: Database.Database) =>
  db.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all();
const versionOf = (db: Database.Database) => db.pragma('user_version', { simple: true });

test('versions follow one another from 1', () => {
  expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, i) => i + 1));
});

test('a new file and an old one that was brought up to date have the same tables', () => {
  const old = new Database(':memory:');
  old.transaction(() => migrate(old))();
  old.exec("INSERT INTO service VALUES (0, 'web', 'service', 1)");
  const names = old.transaction(() => migrate(old, next))();
  expect(names).toEqual(['a mood for services', 'a table of moods']);
  expect(old.prepare('SELECT name, mood FROM service').get()).toEqual({
    name: 'web',
    mood: 'fine',
  });
  const fresh = new Database(':memory:');
  fresh.transaction(() => migrate(fresh, next))();
  expect(schemaOf(old)).toEqual(schemaOf(fresh));
  expect([versionOf(old), versionOf(fresh)]).toEqual([schemaVersion + 2, schemaVersion + 2]);
  expect(old.transaction(() => migrate(old, next))()).toEqual([]);
});

test('a step that fails leaves the file as it was', () => {
  const db = new Database(':memory:');
  db.transaction(() => migrate(db))();
  const before = schemaOf(db);
  const sql = 'CREATE TABLE run (x);';
  const broken = { version: schemaVersion + 3, name: 'broken', sql, standIn: '' };
  expect(() => db.transaction(() => migrate(db, [...next, broken]))()).toThrow(/already exists/);
  expect(schemaOf(db)).toEqual(before);
  expect(versionOf(db)).toBe(schemaVersion);
});

/** What a question can name: each table and view with its columns. */
function namesOf(db: Database.Database): Readonly<Record<string, readonly string[]>> {
  const tables = db.prepare<[], string>(
    `SELECT name FROM (SELECT * FROM sqlite_schema UNION ALL SELECT * FROM sqlite_temp_schema)
     WHERE type IN ('table', 'view')`,
  );
  const columns = db.prepare<[string], string>('SELECT name FROM pragma_table_xinfo(?)').pluck();
  return Object.fromEntries(
    [...new Set(tables.pluck().all())].sort().map((table) => [table, columns.all(table)]),
  );
}

const ofVersion = (version: number): Database.Database => {
  const db = new Database(':memory:');
  db.transaction(() => migrate(db, migrations.slice(0, version)))();
  return db;
};

test.each(migrations.map(({ version }) => version))(
  'a file of version %i has all names of the newest, for whoever reads it',
  (version) => {
    const db = ofVersion(version);
    const before = schemaOf(db);
    readAsNewest(db);
    expect(namesOf(db)).toEqual(namesOf(ofVersion(schemaVersion)));
    expect(schemaOf(db)).toEqual(before);
  },
);

test('steps that files have taken are frozen', () => {
  // A change here makes every older file foreign: add a step instead.
  const hashes = migrations.map(({ sql }) => {
    const plain = sql.replace(/--.*$/gm, ' ').replace(/\s+/g, ' ');
    return createHash('sha256').update(plain).digest('hex').slice(0, 16);
  });
  expect(hashes).toMatchInlineSnapshot(`
    [
      "6fcdf24db6004d49",
      "e2aef39914168fde",
      "190129df233a5797",
    ]
  `);
});

test('a run of the first version is listed, answered from, exported and given notes', () => {
  withFolder((folder) => {
    const file = makeRunFile(join(folder, 'old.db'), {
      version: 1,
      services: [{ name: 'web', entry: true }],
      durationUs: 60_000_000,
      logs: [{ t: 1, service: 0, severity: 9, body: 'hello' }],
      incidentEvents: [{ t: 2, incident: 1, kind: 'opened', title: 'Oh', severity: 'high' }],
    });
    const bytes = readFileSync(file);
    expect(listRuns(folder)).toMatchObject({ runs: [{ id: 'test-1' }], skipped: [] });
    const run = openRun(file);
    expect(run.run()).toMatchObject({ parent_id: null, forked_at: null, tags: '[]' });
    expect(questions.state.answer(run, { t: 5 }).incidents).toHaveLength(1);
    for (const name of exportTableNames) expect([...exportRows(run, name)]).toBeDefined();
    run.close();
    expect(readFileSync(file).equals(bytes)).toBe(true);
    const step = {
      incident: 1,
      action: 'note',
      note: 'x',
      actor: 'a',
      t: 9,
      wallUnixMs: 1,
    } as const;
    expect(appendHumanEvent(file, step).id).toBe(1);
  });
});
