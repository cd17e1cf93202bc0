/** What happens to what was stored when the disk, the file or the process gives out. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storageError } from '../../engine/store/index.ts';
import { tries } from '../support/effort.ts';
import { makeRunFile } from '../support/run-file.ts';
import { bin, demoScenario, startWorkbench, workbench } from '../support/workbench.ts';

let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'workbench-storage-'));
});

afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** When to kill a run after its first words: spread over the second or so that it takes. */
const momentsMs = Array.from({ length: tries(4) }, (_, i) => Math.round((i * 900) / tries(4)));

/** Opens a run file that its writer left in any way, and checks that it is whole. */
function examine(file: string) {
  const db = new Database(file, { readonly: true });
  try {
    const check = db.pragma('integrity_check', { simple: true });
    const run = db.prepare('SELECT state, through, stored_count FROM run').get() as {
      state: string;
      through: number;
      stored_count: number;
    };
    const rows = db
      .prepare<[], { rows: number }>(
        'SELECT (SELECT count(*) FROM log) + (SELECT count(*) FROM sample) + (SELECT count(*) FROM span) + (SELECT count(*) FROM change) AS rows',
      )
      .get()?.rows;
    const beyond = db.prepare('SELECT count(*) AS n FROM log WHERE t > ?').get(run.through) as {
      n: number;
    };
    return { check, run, rows, beyond: beyond.n };
  } finally {
    db.close();
  }
}

describe('a file that is not ours', () => {
  test("another program's database is named, kept and not written", () => {
    const file = join(cwd, 'other.db');
    const db = new Database(file);
    db.exec('CREATE TABLE precious (x)');
    db.close();
    const before = readFileSync(file);
    const done = workbench(['run', demoScenario, '--db', file], { cwd });
    expect(done.status).toBe(4);
    expect(done.stderr).toContain('other.db is not a run file');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('a file that is no database at all is named and kept', () => {
    const file = join(cwd, 'notes.txt');
    writeFileSync(file, 'dear diary\n'.repeat(500));
    const done = workbench(['run', demoScenario, '--db', file], { cwd });
    expect(done.status).toBe(4);
    expect(done.stderr).toContain('notes.txt is not a run file');
    expect(readFileSync(file, 'utf8')).toContain('dear diary');
  });

  test('an earlier run is never overwritten', () => {
    const file = join(cwd, 'kept.db');
    expect(workbench(['run', demoScenario, '--db', file, '--quiet'], { cwd }).status).toBe(0);
    const before = statSync(file).mtimeMs;
    const done = workbench(['run', demoScenario, '--db', file], { cwd });
    expect(done.status).toBe(4);
    expect(done.stderr).toContain('holds a run already');
    expect(statSync(file).mtimeMs).toBe(before);
  });

  test('a folder that cannot be made', () => {
    writeFileSync(join(cwd, 'a-file'), '');
    const done = workbench(['run', demoScenario, '--db', join(cwd, 'a-file/run.db')], { cwd });
    expect(done.status).toBe(4);
    expect(done.stderr).toContain('a-file');
  });
});

describe('a run that is cut off', () => {
  test('Ctrl+C stores what is under way and exits with 130', async () => {
    const file = join(cwd, 'interrupted.db');
    const run = startWorkbench(['run', demoScenario, '--db', file, '--speed', '100'], { cwd });
    await run.printed(/deploy/);
    run.child.kill('SIGINT');
    const done = await run.finished;
    expect(done.status).toBe(130);
    expect(done.stderr).toContain('stopping');
    const { check, run: row, rows, beyond } = examine(file);
    expect(check).toBe('ok');
    expect(row.state).toBe('interrupted');
    expect(row.through).toBeGreaterThan(0);
    expect(rows).toBe(row.stored_count);
    expect(beyond).toBe(0);
  });

  test('SIGKILL at any moment leaves whole ranges only', async () => {
    for (const waitMs of momentsMs) {
      const file = join(cwd, `killed-${waitMs}.db`);
      const run = startWorkbench(['run', demoScenario, '--db', file], { cwd });
      await run.printed(/T\+/);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      run.child.kill('SIGKILL');
      await run.finished;
      const { check, run: row, rows, beyond } = examine(file);
      expect(check).toBe('ok');
      expect(rows).toBe(row.stored_count);
      expect(beyond).toBe(0);
    }
  });
});

describe('what people have been told', () => {
  test('survives SIGKILL: every event that was printed is in the file', async () => {
    for (const waitMs of momentsMs) {
      const file = join(cwd, `told-${waitMs}.db`);
      const run = startWorkbench(['run', demoScenario, '--db', file, '--json'], { cwd });
      await run.printed(/"type":"incident"/);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      run.child.kill('SIGKILL');
      const { stdout } = await run.finished;
      const whole = stdout.slice(0, stdout.lastIndexOf('\n')).split('\n');
      const told = whole.map((line) => JSON.parse(line) as { type: string });
      const count = (type: string) => told.filter((event) => event.type === type).length;
      const db = new Database(file, { readonly: true });
      const stored = (table: string) =>
        db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n;
      expect(count('incident')).toBeGreaterThan(0);
      expect(stored('incident_event')).toBeGreaterThanOrEqual(count('incident'));
      expect(stored('health_event')).toBeGreaterThanOrEqual(count('health'));
      db.close();
    }
  });
});

describe('a full disk', () => {
  const canMount =
    spawnSync('unshare', ['-Urm', 'sh', '-c', 'mount -t tmpfs -o size=1m tmpfs /mnt']).status === 0;

  // The name is all that a skipped test shows.
  const where = canMount ? '' : ' (NOT TRIED: this machine lets nobody mount a small disk)';

  test.skipIf(!canMount)(`ends the run with 4, and what was committed can be read${where}`, () => {
    const copy = join(cwd, 'from-full-disk.db');
    const script = [
      'mount -t tmpfs -o size=6m tmpfs /mnt',
      `"${process.execPath}" "${bin}" run "${demoScenario}" --db /mnt/full.db --json --quiet; code=$?`,
      `cp /mnt/full.db "${copy}"; cp /mnt/full.db-wal "${copy}-wal" 2>/dev/null`,
      'exit $code',
    ].join('\n');
    const done = spawnSync('unshare', ['-Urm', 'sh', '-c', script], { cwd, encoding: 'utf8' });
    expect(done.stderr).toContain('is full');
    expect(JSON.parse(done.stdout)).toMatchObject({ error: { code: 'STORAGE_FULL' } });
    expect(done.status).toBe(4);
    const { check, run, rows } = examine(copy);
    expect(check).toBe('ok');
    expect(run.through).toBeGreaterThan(0);
    expect(rows).toBe(run.stored_count);
  });

  test.skipIf(!canMount)(
    'ends an export with 4, names another file, and leaves none behind',
    () => {
      const logs = Array.from({ length: 5_000 }, (_, t) => ({
        t,
        service: 0,
        severity: 9,
        body: 'x',
      }));
      const run = { services: [{ name: 'web', entry: true }], durationUs: 60_000_000, logs };
      const file = makeRunFile(join(cwd, 'exported.db'), run);
      const script = [
        'mount -t tmpfs -o size=64k tmpfs /mnt',
        `"${process.execPath}" "${bin}" runs export "${file}" --out /mnt/rows.ndjson; code=$?`,
        'ls /mnt; exit $code',
      ].join('\n');
      const done = spawnSync('unshare', ['-Urm', 'sh', '-c', script], { cwd, encoding: 'utf8' });
      expect(done.stderr).toBe(
        'error the disk of /mnt/rows.ndjson is full\n' +
          'next  free some space and try again, or name another file with --out\n',
      );
      expect([done.status, done.stdout]).toEqual([4, '']);
    },
  );

  test.each(['ENOSPC', 'EDQUOT'])('is told from other failures of the file system: %s', (code) => {
    const error = storageError('run.db', Object.assign(new Error('write'), { code }));
    expect([error.code, error.message]).toEqual(['STORAGE_FULL', 'the disk of run.db is full']);
  });
});
