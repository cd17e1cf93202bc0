import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { runCli } from '../../cli/program.ts';
import { fakeIo, type FakeWorld } from '../support/fake-io.ts';
import { makeRunFile, type RunFileInput } from '../support/run-file.ts';

const input: RunFileInput = {
  id: 'checkout-1',
  services: [{ name: 'web', entry: true }],
  durationUs: 1_800_000_000,
  detectors: ['zscore'],
  logs: [{ t: 1, service: 0, severity: 9, body: 'hello' }],
  incidentEvents: [
    {
      t: 60_000_000,
      incident: 1,
      kind: 'opened',
      title: 'web \u001b[2J is down',
      severity: 'critical',
    },
    { t: 300_000_000, incident: 1, kind: 'auto-resolved', reason: 'quiet' },
  ],
};

/** Runs a command on a folder with one run; gives back what it printed. */
async function cli(args: readonly string[]) {
  return withRuns(async (folder) => {
    const io = fakeIo({ cwd: folder, now: () => 1000 + 7_200_000 });
    const code = await runCli(io, [...args, '--runs', folder]);
    const { stdout, stderr } = io.printed;
    return { code, out: stdout, err: stderr.replaceAll(folder, '<folder>') };
  });
}

async function withRuns<A>(use: (folder: string) => Promise<A>): Promise<A> {
  const folder = mkdtempSync(join(tmpdir(), 'workbench-'));
  try {
    makeRunFile(join(folder, 'checkout-1.db'), input);
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('runs prints a table', async () => {
  const { code, out } = await cli(['runs']);
  expect(code).toBe(0);
  expect(out.replace(/\d+ kB/, 'N kB')).toMatchInlineSnapshot(`
    "RUN         STATE      LENGTH  RECORDS  INCIDENTS     SIZE  WHEN     TITLE
    checkout-1  completed  30 min        1  1 critical  N kB  2 h ago  A test
    "
  `);
});

test('runs cuts a title to the terminal, and in a pipe only where COLUMNS says so', async () => {
  const title = `${'long '.repeat(30)}end`;
  const table = (world: Omit<FakeWorld, 'cwd'>) =>
    withRuns(async (folder) => {
      const db = new Database(join(folder, 'checkout-1.db'));
      db.prepare('UPDATE run SET title = ?').run(title);
      db.close();
      const io = fakeIo({ cwd: folder, now: () => 1000, ...world });
      await runCli(io, ['runs', '--runs', folder]);
      return io.printed.stdout.split('\n').slice(0, -1);
    });
  expect((await table({ columns: 80 }))[1]).toContain(title);
  const narrow = [{ columns: 100, tty: true }, { env: { COLUMNS: '100' } }];
  for (const world of narrow) {
    const lines = (await table({ ...world, env: { ...world.env, NO_COLOR: '1' } })).slice(1);
    expect(lines[0]).toMatch(/long…$/);
    expect(lines[0]?.length).toBeLessThanOrEqual(100);
  }
});

test('runs tells forks from their parent: of what, when, and what was done', async () => {
  await withRuns(async (folder) => {
    const fork = (id: string, sql: string): void => {
      const db = new Database(makeRunFile(join(folder, `${id}.db`), { ...input, id }));
      db.exec(`UPDATE run SET parent_id = 'checkout-1', forked_at = 750000000; ${sql}`);
      db.close();
    };
    fork('checkout-2', '');
    fork(
      'checkout-3',
      `INSERT INTO input VALUES (1, 60000000, 'scale:web=4', '{}');
       INSERT INTO input VALUES (3000000000, 750000000, 'rollback:web', '{}');
       INSERT INTO input VALUES (3000000001, 750000000, 'restart:\u001b[2J', '{}')`,
    );
    const io = fakeIo({ cwd: folder });
    await runCli(io, ['runs', '--runs', folder]);
    expect(io.printed.stdout).not.toContain('\u001b');
    const titles = io.printed.stdout.split('\n').map((line) => line.split(/ {2,}/).at(-1));
    expect(titles).toEqual([
      'TITLE',
      'fork of checkout-1 at T+12:30: rollback:web, restart:␛[2J · A test',
      'fork of checkout-1 at T+12:30 · A test',
      'A test',
      '',
    ]);
    const json = fakeIo({ cwd: folder });
    await runCli(json, ['runs', '--runs', folder, '--json']);
    const { runs } = JSON.parse(json.printed.stdout) as { runs: readonly object[] };
    expect(runs).toMatchObject([
      { parent: { at: 750_000_000, actions: ['rollback:web', 'restart:\u001b[2J'] } },
      { parent: { run: 'checkout-1', at: 750_000_000, actions: [] } },
      { parent: null },
    ]);
  });
});

test('runs show tells what came of it, safe for a terminal', async () => {
  const { code, out } = await cli(['runs', 'show', 'check']);
  expect(code).toBe(0);
  expect(out).not.toContain('\u001b');
  expect(out).toMatch(/#1 critical web ␛\[2J is down T\+01:00, resolved after 4 min/);
  expect(out).toMatch(/next\s+npx workbench serve --open checkout-1\.db/);
});

test('runs --json is one object, and an unknown run is exit 2', async () => {
  const { out } = await cli(['runs', '--json']);
  expect(JSON.parse(out)).toMatchObject({
    type: 'runs',
    runs: [{ id: 'checkout-1' }],
    skipped: [],
  });
  const missing = await cli(['runs', 'show', 'nothing']);
  expect(missing.code).toBe(2);
  expect(missing.err).toContain('no run "nothing" in <folder>');
});
