/** Places that cannot be written, files that change under a run, and files that are no longer whole. */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeRunFile } from '../support/run-file.ts';
import {
  bin,
  demoScenario,
  startWorkbench,
  workbench,
  type Finished,
} from '../support/workbench.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'workbench-places-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const small = {
  services: [{ name: 'web', entry: true }],
  durationUs: 60_000_000,
  logs: Array.from({ length: 2_000 }, (_, i) => ({
    t: i * 1_000,
    service: 0,
    severity: 9,
    body: `line ${i}`,
  })),
};

const canMount =
  spawnSync('unshare', [
    '-Urm',
    'sh',
    '-c',
    'mount -t tmpfs tmpfs /mnt && mount -o remount,ro /mnt',
  ]).status === 0;

/** Runs the command where /mnt is a read-only disk with what `fill` put on it. */
function onReadOnlyDisk(fill: string, args: string): Finished {
  const script = `mount -t tmpfs tmpfs /mnt && { ${fill}; } && mount -o remount,ro /mnt && cd /mnt
    "${process.execPath}" "${bin}" ${args}`;
  const env = { ...process.env, NO_COLOR: '1' };
  return spawnSync('unshare', ['-Urm', 'sh', '-c', script], { cwd, env, encoding: 'utf8' });
}

// The name is all that a skipped test shows.
const where = canMount ? '' : ' (NOT TRIED: this machine lets nobody mount one)';

describe.skipIf(!canMount)(`a read-only disk${where}`, () => {
  test('is named, with another place to take', () => {
    const home = onReadOnlyDisk('true', `run "${demoScenario}" --quiet`);
    expect(home.status).toBe(4);
    expect(home.stderr).toContain('cannot write .workbench/runs: its disk is read-only');
    expect(home.stderr).toContain('--db <file> or WORKBENCH_HOME=<folder>');
    const db = onReadOnlyDisk('true', `run "${demoScenario}" --quiet --db /mnt/run.db`);
    expect(db.status).toBe(4);
    expect(db.stderr).toContain('cannot write run.db: /mnt is read-only');
  });

  test('shows a sealed run, and says how to see one that was cut off', () => {
    const sealed = makeRunFile(join(cwd, 'sealed.db'), { ...small, id: 'sealed' });
    const shown = onReadOnlyDisk(`cp "${sealed}" /mnt/`, 'runs show sealed.db');
    expect([shown.status, shown.stdout]).toEqual([0, expect.stringContaining('sealed')]);

    const open = makeRunFile(join(cwd, 'open.db'), { ...small, journalMode: 'wal' });
    const cut = onReadOnlyDisk(`cp "${open}" /mnt/`, 'runs show open.db');
    expect(cut.status).toBe(2);
    expect(cut.stderr).toContain('a run that was cut off needs a writable folder: copy it to one');
    // Beside its log and index it is whole, and can be read where it lies.
    const holder = new Database(open);
    holder.exec("UPDATE run SET title = 'From the log'");
    const beside = onReadOnlyDisk(`cp "${open}"* /mnt/`, 'runs show open.db');
    holder.close();
    expect([beside.status, beside.stdout]).toEqual([0, expect.stringContaining('From the log')]);
  });
});

describe('two runs', () => {
  test('at once in one home get a file each', async () => {
    const both = ['1', '2'].map((seed) =>
      startWorkbench(['run', demoScenario, '--quiet', '--seed', seed], { cwd }),
    );
    const done = await Promise.all(both.map((run) => run.finished));
    expect(done.map((each) => each.status)).toEqual([0, 0]);
    const list = workbench(['runs', '--json'], { cwd });
    const { runs, skipped } = JSON.parse(list.stdout) as {
      runs: { id: string; seed: number; state: string }[];
      skipped: unknown[];
    };
    expect(skipped).toEqual([]);
    expect(runs.map((run) => run.state)).toEqual(['completed', 'completed']);
    expect(new Set(runs.map((run) => run.id)).size).toBe(2);
    expect(runs.map((run) => run.seed).sort()).toEqual([1, 2]);
  });

  test('into one file: the second is told, the first goes on', async () => {
    const file = join(cwd, 'one.db');
    const first = startWorkbench(['run', demoScenario, '--db', file, '--speed', '600'], { cwd });
    await first.printed(/deploy/);
    const second = workbench(['run', demoScenario, '--db', file], { cwd });
    expect(second.status).toBe(4);
    expect(second.stderr).toContain('holds a run already');
    expect((await first.finished).status).toBe(0);
    const db = new Database(file, { readonly: true });
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
  });
});

test('a file that is deleted while it is written ends the run with 4, and says why', async () => {
  const file = join(cwd, 'gone.db');
  const run = startWorkbench(['run', demoScenario, '--db', file, '--speed', '1000'], { cwd });
  await run.printed(/deploy/);
  for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
  const done = await run.finished;
  expect(done.status).toBe(4);
  expect(done.stderr).toContain('it was moved or deleted while it was being written');
});

describe('a file that is not whole', () => {
  const damages: readonly (readonly [string, string, (file: string) => void])[] = [
    ['0 bytes', 'is not a run file (the file is empty)', (file) => writeFileSync(file, '')],
    ['its first half', 'is damaged', (file) => truncateSync(file, 36_864)],
    ['other bytes in its schema', 'is damaged', (file) => overwrite(file, 100, 3_000)],
    [
      'the head of another file',
      'is not a run file',
      (file) => writeFileSync(file, 'SQLite format 3\0'.padEnd(8_192, 'x')),
    ],
    [
      'a newer schema',
      'was written by a newer workbench',
      (file) => {
        const db = new Database(file);
        db.pragma('user_version = 999');
        db.close();
      },
    ],
  ];

  test.each(damages)('is named and kept: %s', (_what, said, damage) => {
    const file = makeRunFile(join(cwd, 'bad.db'), small);
    damage(file);
    const before = readFileSync(file);
    for (const args of [
      ['runs', 'show', file],
      ['serve', file, '--port', '0'],
    ]) {
      const done = workbench(args, { cwd });
      expect([args[0], done.status]).toEqual([args[0], 4]);
      expect(done.stderr).toContain(`bad.db ${said}`);
      expect(done.stderr).not.toMatch(/\n {4}at /);
    }
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('does not keep the others out of the list', () => {
    const runs = join(cwd, '.workbench/runs');
    mkdirSync(runs, { recursive: true });
    makeRunFile(join(runs, 'good.db'), { ...small, id: 'good' });
    copyFileSync(join(runs, 'good.db'), join(runs, 'bad.db'));
    overwrite(join(runs, 'bad.db'), 100, 3_000);
    const list = workbench(['runs'], { cwd });
    expect([list.status, list.stdout]).toEqual([0, expect.stringContaining('good')]);
    expect(list.stderr).toContain('bad.db is damaged');
  });
});

function overwrite(file: string, from: number, to: number): void {
  writeFileSync(file, readFileSync(file).fill(0xa5, from, to));
}
