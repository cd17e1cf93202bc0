import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate, migrations, schemaVersion } from '../../engine/store/migrations.ts';

const next = [
  ...migrations,
  {
    version: schemaVersion + 1,
    name: 'a mood for services',
    sql: "ALTER TABLE service ADD COLUMN mood TEXT NOT NULL DEFAULT 'fine';",
  },
  {
    version: schemaVersion + 2,
    name: 'a table of moods',
    sql: 'CREATE TABLE mood (name TEXT) STRICT;',
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
  const broken = { version: schemaVersion + 3, name: 'broken', sql: 'CREATE TABLE run (x);' };
  expect(() => db.transaction(() => migrate(db, [...next, broken]))()).toThrow(/already exists/);
  expect(schemaOf(db)).toEqual(before);
  expect(versionOf(db)).toBe(schemaVersion);
});
