/** `workbench runs diff`, in process, on runs made of rows. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../../cli/program.ts';
import { fakeIo, type FakeWorld } from '../support/fake-io.ts';
import { makeRunFile, type RunFileInput } from '../support/run-file.ts';

const second = 1_000_000;
const figures = { requestRate: 10, errorRatio: 0, latencyP95: 0.1 };
const title = 'checkout \u001b[2J fails';

function run(id: string, end: number, other: Partial<RunFileInput> = {}): RunFileInput {
  return {
    id,
    services: [{ name: 'web', entry: true }, { name: 'checkout' }],
    durationUs: 1800 * second,
    detectors: ['zscore'],
    objectives: [{ name: 'answers', service: 'web', target: 0.999, period: 30 * 86_400 * second }],
    sli: Array.from({ length: (end - 600) / 10 }, (_, i) => [0, 60 + i, 300, 75] as const),
    logs: Array.from({ length: end }, (_, i) => ({
      ...{ t: i * second, service: 1, body: 'x' },
      severity: i > 600 ? 17 : 9,
    })),
    findings: [
      { t: 610 * second, detector: 0, subject: 'checkout', service: 1 },
      { t: (end - 100) * second, detector: 0, subject: 'web', service: 0 },
    ],
    incidentEvents: [
      { t: 620 * second, incident: 1, kind: 'opened', title, severity: 'critical' },
      { t: 620 * second, incident: 1, kind: 'service-affected', service: 1 },
      { t: end * second, incident: 1, kind: 'auto-resolved', reason: 'quiet' },
    ],
    healthEvents: [
      { t: 0, service: 0, state: 'healthy', reason: '', figures },
      { t: 630 * second, service: 0, state: 'degraded', reason: '', figures },
      { t: end * second, service: 0, state: 'healthy', reason: '', figures },
    ],
    keyframes: [
      [600 * second, 'same'],
      [700 * second, id],
    ],
    worlds: [
      [600 * second, 'same'],
      [700 * second, id],
    ],
    ...other,
  };
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'workbench-runs-diff-'));
  makeRunFile(join(folder, 'shop-1.db'), run('shop-1', 1500));
  const fork = makeRunFile(join(folder, 'shop-2.db'), run('shop-2', 1020));
  const db = new Database(fork);
  db.exec(`UPDATE run SET parent_id = 'shop-1', forked_at = 650000000;
    INSERT INTO input VALUES (2600000000, 650000000, 'rollback:checkout', '{}')`);
  db.close();
  makeRunFile(join(folder, 'other-1.db'), run('other-1', 1500, { scenario: 'other' }));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function diff(...args: readonly string[]) {
  const io = fakeIo({ cwd: folder, columns: 120 });
  const code = await runCli(io, ['runs', 'diff', ...args, '--runs', folder]);
  return { code, ...io.printed };
}

test('a table of what was, what is, and what that means', async () => {
  const { code, stdout } = await diff('shop-1', 'shop-2');
  expect(code).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "A test  shop-1 → shop-2, up to T+30:00
    actions   rollback:checkout at T+10:50 in shop-2
    records   the same up to T+10:00, different by T+11:40

    ERROR BUDGET                   shop-1               shop-2
    web answers                    3.75 min             1.75 min            saved 2.00 min, 5 % of the 43.2 min budget
    minutes of full outage, by what users got

    INCIDENTS                      shop-1               shop-2
    critical: checkout ␛[2J fails  T+10:20 – T+25:00    T+10:20 – T+17:00   resolved 8m00s earlier

    UNWELL                         shop-1               shop-2
    web                            14m30s from T+10:30  6m30s from T+10:30  8m00s less

    FIRST FINDINGS                 shop-1               shop-2
    zscore: deviates, web          T+23:20              T+15:20             8m00s earlier
    1 the same

    LOGGED                         shop-1               shop-2
    checkout errors                899                  419                 480 fewer
    "
  `);
});

test('differences are those of what is shown, and a budget that is gone many times over is counted', async () => {
  const turn = (t: number, state: 'healthy' | 'degraded') =>
    ({ t: t * second, service: 0, state, reason: '', figures }) as const;
  const objectives = [
    { name: 'answers', service: 'web', target: 0.999, period: 18_000 * second },
    { name: 'fast', service: 'web', target: 0.9, period: 18_000 * second },
  ];
  const bad = (buckets: number) =>
    Array.from({ length: buckets }, (_, i) => [0, i, 100, 100] as const);
  const rows = (unwell: number, buckets: number): Partial<RunFileInput> => ({
    objectives,
    healthEvents: [turn(0, 'healthy'), turn(60, 'degraded'), turn(60 + unwell, 'healthy')],
    sli: [...bad(buckets), [1, 0, 100, 0]],
  });
  // To the minute these would be 25 and 7, and 18 or 19 apart; to the second 25:30 and 7:20.
  makeRunFile(join(folder, 'long.db'), run('long', 1500, rows(1529.6, 155)));
  makeRunFile(join(folder, 'short.db'), run('short', 1500, rows(440.4, 42)));
  const { stdout } = await diff('long.db', 'short.db');
  expect(stdout).toMatch(/^web +25m30s from T\+01:00 +7m20s from T\+01:00 +18m10s less$/m);
  expect(stdout).toMatch(
    /^web answers +25\.8 min +7\.0 min +saved 18\.8 min, 63 times the 0\.30 min budget$/m,
  );
  expect(stdout).toMatch(/^web fast +0\.00 min +0\.00 min +the same$/m);
});

test('with an interrupted run it is told up to where that got', async () => {
  const cut = run('cut', 1500, { state: 'interrupted', throughUs: 903.4 * second });
  makeRunFile(join(folder, 'cut.db'), cut);
  const { stdout } = await diff('cut.db', 'shop-1');
  expect(stdout).toMatch(
    /^A test {2}cut → shop-1, compared up to T\+15:03, where cut was interrup/,
  );
  expect(stdout).toMatch(/^web +4m33s from T\+10:30 +4m33s from T\+10:30 +the same$/m);
  const { limitedBy, health } = JSON.parse((await diff('cut.db', 'shop-2', '--json')).stdout);
  expect(limitedBy).toEqual({ run: 'cut', state: 'interrupted' });
  expect(health[0]).toMatchObject({ unwell: 'same', unwellByUs: 0 });
});

test('nothing is cut in a pipe; on a terminal each section takes the room that its figures leave', async () => {
  const subjects = ['one', 'two'].map((name) => `${'a-long-name-of-a-service-'.repeat(3)}${name}`);
  const findings = (t: number) =>
    subjects.map((subject) => ({ t: t * second, detector: 0, subject, service: null }));
  makeRunFile(join(folder, 'one.db'), run('one', 1500, { findings: findings(700) }));
  makeRunFile(join(folder, 'two.db'), run('two', 1020, { findings: findings(800) }));
  const printed = async (world: Omit<FakeWorld, 'cwd'>) => {
    const io = fakeIo({ cwd: folder, ...world });
    await runCli(io, ['runs', 'diff', 'one.db', 'two.db']);
    return io.printed.stdout;
  };
  const piped = await printed({ columns: 80 });
  for (const subject of subjects) expect(piped).toContain(`zscore: deviates, ${subject}  `);
  expect(piped).not.toContain('…');
  for (const world of [{ columns: 90, tty: true }, { env: { COLUMNS: '90' } }]) {
    const cut = await printed({ ...world, env: { ...world.env, NO_COLOR: '1' } });
    const [row = ''] = /^zscore: .*$/m.exec(cut) ?? [];
    expect(row).toMatch(/^zscore: deviates, a-long-name-of-a-service-a-lo\S+… {2}T\+11:40 /);
    expect(row.length).toBeLessThanOrEqual(90);
  }
});

test('with itself there is nothing to tell', async () => {
  const { stdout } = await diff('shop-1', 'shop-1');
  expect(stdout).not.toMatch(/earlier|later|missing|extra|saved|lost|less|more|fewer/);
  expect(stdout).toMatch(/the same up to T\+11:40\n/);
});

test('as JSON it is one object', async () => {
  const { stdout } = await diff('shop-1', 'shop-2', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 1,
    type: 'diff',
    b: { id: 'shop-2', inputs: [{ t: 650 * second, text: 'rollback:checkout' }] },
    incidents: [{ resolved: 'earlier', resolvedByUs: -480 * second }],
    budget: { source: 'users', objectives: [{ a: 3.75, b: 1.75, saved: 2 }] },
  });
});

test('runs of different scenarios are refused, unless asked for', async () => {
  const refused = await diff('shop-1', 'other-1');
  expect([refused.code, refused.stdout]).toEqual([2, '']);
  expect(refused.stderr).toBe(
    'error the runs are of different scenarios: test and other\nnext  add --force to compare them all the same\n',
  );
  expect((await diff('shop-1', 'other-1', '--force')).code).toBe(0);
  expect((await diff('shop-1', 'nothing')).code).toBe(2);
});
