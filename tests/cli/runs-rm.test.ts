/** `workbench runs rm`, in process on real run files: what goes, and what must stay. */
import { existsSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../../cli/program.ts';
import { fakeIo, type FakeWorld } from '../support/fake-io.ts';
import { makeRunFile, type RunFileInput } from '../support/run-file.ts';

const small: RunFileInput = { services: [{ name: 'web' }], durationUs: 1e6 };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'workbench-rm-'));
  for (const id of ['checkout-1', 'checkout-2', 'search-1']) {
    makeRunFile(at(`${id}.db`), { ...small, id });
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);
const left = () => readdirSync(folder).sort();

async function rm(args: readonly string[], world: Partial<FakeWorld> = {}) {
  const io = fakeIo({ cwd: folder, ...world });
  const code = await runCli(io, ['runs', 'rm', ...args, '--runs', folder]);
  return { code, ...io.printed };
}

test('asks on a terminal, and only yes removes', async () => {
  const no = await rm(['search'], { tty: true, answer: 'n' });
  expect(no.code).toBe(1);
  expect(no.stderr).toMatch(
    /remove 1 run \(search-1; \d+ kB\) for good\? \[y\/N\] nothing was removed/,
  );
  const ended = await rm(['search'], { tty: true });
  expect(ended.code).toBe(1);
  expect(left()).toHaveLength(3);
  const yes = await rm(['search'], { tty: true, answer: 'y' });
  expect(yes.code).toBe(0);
  expect(yes.stdout).toMatch(/^removed search-1\.db \(\d+ kB\)\n$/);
  expect(left()).toEqual(['checkout-1.db', 'checkout-2.db']);
});

test('without a terminal it wants --yes', async () => {
  const { code, stderr } = await rm(['search']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/nothing was removed\nnext {2}add --yes/);
  expect(left()).toHaveLength(3);
});

test('several at once, companions with them; one that is unknown keeps all', async () => {
  for (const companion of ['-wal', '-shm']) writeFileSync(at(`checkout-2.db${companion}`), '');
  const unknown = await rm(['checkout-1', 'serch-1', '--yes']);
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toMatch(/no run "serch-1" in .*\nnext {2}did you mean search-1\?/);
  expect(left()).toHaveLength(5);
  const ambiguous = await rm(['checkout', '--yes']);
  expect(ambiguous.stderr).toMatch(/did you mean one of checkout-2, checkout-1\?/);
  const done = await rm(['checkout-1', 'checkout-2.db', 'checkout-1', '--yes', '--json']);
  expect(done.code).toBe(0);
  expect(JSON.parse(done.stdout)).toMatchObject({
    type: 'runs-removed',
    runs: [{ id: 'checkout-1' }, { id: 'checkout-2' }],
  });
  expect(left()).toEqual(['search-1.db']);
});

test('a run that somebody writes stays; one whose writer died goes', async () => {
  makeRunFile(at('live.db'), { ...small, id: 'live', state: 'running', pid: 77 });
  const busy = await rm(['live', 'search-1', '--yes'], { alive: [77] });
  expect(busy.code).toBe(4);
  expect(busy.stderr).toContain('live.db is being written by process 77');
  const told = await rm(['live', '--yes', '--json'], { alive: [77] });
  expect(JSON.parse(told.stdout)).toMatchObject({ code: 'RUN_FILE_BUSY', exitCode: 4 });
  expect(left()).toHaveLength(4);
  const away = await rm(['live', '--yes'], { elsewhere: [77] });
  expect(away.code).toBe(4);
  expect(away.stderr).toContain('live.db may still be written on another machine');
  expect((await rm(['live', '--yes'])).code).toBe(0);
  expect(existsSync(at('live.db'))).toBe(false);
});

test("another program's files are never removed, damaged runs are", async () => {
  const db = new Database(at('other.db'));
  db.exec('CREATE TABLE precious (x)');
  db.close();
  writeFileSync(at('notes.txt'), 'dear diary');
  writeFileSync(
    at('broken-other.db'),
    'SQLite format 3\0 and then nothing that is ours'.padEnd(200),
  );
  for (const file of ['other.db', 'notes.txt', 'broken-other.db']) {
    const kept = await rm([file, '--yes']);
    expect(kept.code, file).toBe(4);
    expect(kept.stderr).toContain('is not a run file');
    expect(existsSync(at(file))).toBe(true);
  }
  truncateSync(at('checkout-1.db'), 4096);
  expect((await rm(['checkout-1.db', '--yes'])).code).toBe(0);
  expect(existsSync(at('checkout-1.db'))).toBe(false);
});

test.each([
  ['', 2, /the run has an empty name/],
  ['nothing/here.db', 2, /no such file: nothing\/here\.db/],
  ['.', 2, /no run "\."|not a run file/],
])('rm %j says what is wrong', async (typed, code, words) => {
  const done = await rm([typed, '--yes']);
  expect(done.stderr).toMatch(words);
  expect(done.code).toBe(code);
  expect(left()).toHaveLength(3);
});
