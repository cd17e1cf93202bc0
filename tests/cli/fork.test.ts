/** `workbench fork`, in process, on a run of real threads. */
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runCli } from '../../cli/program.ts';
import type { RunDiff } from '../../engine/query/diff-types.ts';
import { fakeIo } from '../support/fake-io.ts';
import { runScenario, smallOutage } from '../support/simulated-run.ts';

let root: string;
let parent: string;
let parentDigest: string | null;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'workbench-fork-'));
  const made = await runScenario(smallOutage(), { folder: root, runId: 'small-outage-1' });
  parent = made.file;
  parentDigest = made.digest;
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A folder with the parent's run in it, as each test likes. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, 'runs-'));
  copyFileSync(parent, join(folder, 'small-outage-1.db'));
});

async function fork(...args: readonly string[]) {
  const io = fakeIo({ cwd: folder });
  const all = ['fork', 'small-outage-1', '--runs', folder, ...args];
  const code = await runCli(io, all);
  const stderr = io.printed.stderr.replaceAll(folder, '<folder>');
  return { code, stdout: io.printed.stdout, stderr };
}

function change(sql: string): void {
  const db = new Database(join(folder, 'small-outage-1.db'));
  db.exec(sql);
  db.close();
}

const rowsOf = (file: string, sql: string): unknown[] => {
  const db = new Database(file, { readonly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
};

const objects = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('without an action', () => {
  test('the rest is the same, to the digest of each keyframe', async () => {
    const { code, stdout } = await fork('--at', '2:00');
    expect(code).toBe(0);
    const forked = join(folder, 'small-outage-2.db');
    for (const sql of [
      'SELECT digest, through, stored_count FROM run',
      'SELECT k, t, digest, state FROM keyframe ORDER BY k',
      'SELECT * FROM incident_event ORDER BY k',
      'SELECT name, config, origin FROM detector ORDER BY id',
    ]) {
      expect(rowsOf(forked, sql)).toEqual(rowsOf(parent, sql));
    }
    expect(rowsOf(forked, 'SELECT digest, parent_id, forked_at FROM run')).toEqual([
      { digest: parentDigest, parent_id: 'small-outage-1', forked_at: 120_000_000 },
    ]);
    // The story begins at the fork, and nothing came of it.
    expect(stdout).toMatch(/^A small outage {2}fork of small-outage-1 at T\+02:00 · seed 7/);
    expect(stdout).not.toMatch(/^T\+0[01]:/m);
    expect(stdout).toMatch(/^T\+\d\d:\d\d .*incident 1 +resolved/m);
    expect(stdout).toMatch(/^records +the same up to T\+12:00$/m);
    expect(stdout).toMatch(/ERROR BUDGET +small-outage-1 +small-outage-2/);
    expect(stdout).toMatch(/web .*the same/);
    expect(stdout).toMatch(/next +npx workbench runs diff small-outage-1\.db small-outage-2\.db/);
  });

  test('as JSON: start, what happens from then on, the difference, and the end of the run', async () => {
    const { code, stdout } = await fork('--at', 'T+02:00', '--json');
    expect(code).toBe(0);
    const told = objects(stdout);
    expect(told[0]).toMatchObject({
      type: 'start',
      fork: { run: 'small-outage-1', at: 120_000_000, actions: [] },
    });
    expect(told.slice(-2)).toMatchObject([
      { type: 'diff', parting: { sameUntil: 720_000_000, differBy: null } },
      { type: 'end', run: 'small-outage-2', digest: parentDigest },
    ]);
    const times = told.flatMap(({ type, t }) => (type === 'progress' ? [] : [t])).filter(Boolean);
    expect(times.length).toBeGreaterThan(0);
    expect(Math.min(...times.map(Number))).toBeGreaterThanOrEqual(120_000_000);
    const quiet = objects((await fork('--at', '2:00', '--json', '--quiet')).stdout);
    expect(quiet).toMatchObject([{ type: 'end', run: 'small-outage-3' }]);
  });

  test('the outcome alone leaves no file', async () => {
    const { code, stdout } = await fork('--at', '2:00', '--outcome-only');
    expect(code).toBe(0);
    expect(stdout).toMatch(/ERROR BUDGET +small-outage-1 +what-if/);
    expect(stdout).not.toMatch(/INCIDENTS/);
    const told = objects((await fork('--at', '2:00', '--outcome-only', '--json')).stdout);
    expect(told).toMatchObject([
      { type: 'outcome', state: 'completed', actions: [], budget: { objectives: [{ saved: 0 }] } },
    ]);
    expect(readdirSync(folder)).toEqual(['small-outage-1.db']);
  });

  test('a fork can be forked, and says where it comes from', async () => {
    expect((await fork('--at', '2:00')).code).toBe(0);
    const io = fakeIo({ cwd: folder });
    expect(await runCli(io, ['fork', 'small-outage-2', '--at', '3m', '--runs', folder])).toBe(0);
    const shown = fakeIo({ cwd: folder });
    await runCli(shown, ['runs', 'show', 'small-outage-3', '--runs', folder]);
    expect(shown.printed.stdout).toMatch(/fork +of small-outage-2 at T\+03:00/);
  });
});

describe('of a run that was interrupted', () => {
  const cutAt = (state: string) => change(`UPDATE run SET state = '${state}', through = 195400000`);

  test('it is compared up to where that got', async () => {
    cutAt('interrupted');
    const { code, stdout } = await fork('--at', '2:00', '--outcome-only');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^compared +up to T\+03:15, where small-outage-1 was interrupted$/m);
    expect(stdout).toMatch(/^web .*the same$/m);
    expect(stdout).not.toMatch(/lost|saved|less|more/);
    const told = objects((await fork('--at', '2:00', '--outcome-only', '--json')).stdout);
    expect(told).toMatchObject([
      { untilUs: 195_400_000, limitedBy: { run: 'small-outage-1', state: 'interrupted' } },
    ]);
  });

  test.each([
    ['interrupted', 'was interrupted at'],
    ['failed', 'failed at'],
  ])('one that %s has nothing to branch off from after that', async (state, words) => {
    cutAt(state);
    const { code, stderr } = await fork('--at', '4:00');
    expect([code, stderr]).toEqual([
      2,
      `error T+04:00 is not in the run, which ${words} T+03:15\nnext  a moment before that, with --at\n`,
    ]);
  });
});

describe('with actions', () => {
  test('the right one changes the world from then on, and only from then on', async () => {
    const { stdout } = await fork('--at', '1:30', '--action', 'rollback:store', '--json');
    const told = objects(stdout);
    const diff = told.find(({ type }) => type === 'diff') as unknown as RunDiff;
    // Of two minutes in which 36 % of the users get nothing, eighty seconds are saved.
    expect(diff.budget.source).toBe('users');
    expect(diff.budget.objectives[0]?.saved).toBeGreaterThan(0.36);
    expect(diff.budget.objectives[0]?.saved).toBeLessThan(0.6);
    expect(diff.parting?.sameUntil).toBe(60_000_000);
    expect(diff.parting?.differBy).toBe(120_000_000);
    const [incident] = diff.incidents;
    expect(incident).toMatchObject({ opened: 'same', resolved: 'earlier' });
    const changes = rowsOf(
      join(folder, 'small-outage-2.db'),
      'SELECT t, note FROM change WHERE t > 60000000',
    );
    expect(changes).toEqual([{ t: 100_000_000, note: 'operator: rollback:store' }]);
  });

  test('one that has nothing to do with it changes little, and a harmful one makes it worse', async () => {
    const saved = async (...actions: readonly string[]) => {
      const flags = actions.flatMap((action) => ['--action', action]);
      const { stdout } = await fork('--at', '1:30', ...flags, '--outcome-only', '--json');
      const [{ budget }] = objects(stdout) as unknown as [{ budget: RunDiff['budget'] }];
      return budget.objectives[0]?.saved ?? Number.NaN;
    };
    expect(Math.abs(await saved('scale:web=4'))).toBeLessThan(0.1);
    expect(await saved('disable-retries')).toBeLessThan(-0.1);
  });

  test('they are inputs of the run, kept by its own forks and covered by its digest', async () => {
    const actions = ['--action', 'restart:store', '--action', 'restart:web'];
    const { code, stdout } = await fork('--at', '2:00', ...actions);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^T\+02:00 +▶ action +restart:store\nT\+02:00 +▶ action +restart:web$/m);
    const inputs = 'SELECT t, text FROM input ORDER BY k';
    const taken = [
      { t: 120_000_000, text: 'restart:store' },
      { t: 120_000_000, text: 'restart:web' },
    ];
    const first = join(folder, 'small-outage-2.db');
    expect(rowsOf(first, inputs)).toEqual(taken);
    const [{ digest }] = rowsOf(first, 'SELECT digest FROM run') as [{ digest: string }];
    expect(digest).not.toBe(parentDigest);

    const again = async (...args: readonly string[]) => {
      const io = fakeIo({ cwd: folder });
      const base = ['fork', 'small-outage-2', '--runs', folder, '--json', '--quiet'];
      expect(await runCli(io, [...base, ...args])).toBe(0);
      return objects(io.printed.stdout).at(-1);
    };
    expect(await again('--at', '5:00')).toMatchObject({ run: 'small-outage-3', digest });
    await again('--at', '1:00', '--action', 'restart:web');
    expect(rowsOf(join(folder, 'small-outage-4.db'), inputs)).toEqual([
      { t: 60_000_000, text: 'restart:web' },
      ...taken,
    ]);
  });
});

describe('while it runs', () => {
  const onTerminal = async (...args: readonly string[]) => {
    const chunks: string[] = [];
    const io = fakeIo({ cwd: folder, tty: true });
    const stream = (isOut: boolean) => ({
      ...(isOut ? io.stdout : io.stderr),
      write: (text: string) => void chunks.push(text),
    });
    const all = ['fork', 'small-outage-1', '--runs', folder, '--at', '6:00', ...args];
    const world = { ...io, env: { NO_COLOR: '1' }, stdout: stream(true), stderr: stream(false) };
    expect(await runCli(world, all)).toBe(0);
    return chunks;
  };

  test('what is done is told at its moment, after the past is played', async () => {
    const chunks = await onTerminal('--action', 'restart:web');
    const bars = chunks.flatMap((chunk) => /T\+(\d\d:\d\d) of 12:00/.exec(chunk)?.[1] ?? []);
    expect(bars.some((moment) => moment < '06:00')).toBe(true);
    const told = chunks.findIndex((chunk) => chunk.includes('▶ action'));
    const early = chunks.findLastIndex((chunk) => /T\+0[0-5]:\d\d of 12:00/.test(chunk));
    expect(told).toBeGreaterThan(early);
    // The moving line is gone where the story goes on.
    expect(chunks.slice(early + 1, told + 1).join('')).toMatch(/^\r\u001b\[2K(?!.*of 12:00.*▶)/);
  });

  test('the outcome alone shows how far it is, too', async () => {
    const chunks = await onTerminal('--outcome-only');
    const bar = chunks.find((chunk) => /T\+\d\d:\d\d of 12:00 · [\d,]+×$/.test(chunk));
    expect(bar).toBeDefined();
    const end = chunks.findIndex((chunk) => chunk.includes('ERROR BUDGET'));
    expect(chunks[end - 1]).toBe('\r\u001b[2K');
    const quiet = await onTerminal('--outcome-only', '--quiet');
    expect(quiet.join('')).not.toContain('of 12:00');
  });
});

describe('one that is not done before the end', () => {
  test('is warned of, and nothing differs for it', async () => {
    const args = ['--at', '11:55', '--action', 'rollback:store'];
    const { code, stdout, stderr } = await fork(...args);
    expect(code).toBe(0);
    expect(stderr).toContain(
      'warning rollback:store will not be done before the end at T+12:00: it takes 10 s\n',
    );
    expect(stdout).toMatch(/^records +the same up to T\+12:00$/m);
    const [start] = objects((await fork(...args, '--json')).stdout);
    expect(start).toMatchObject({
      fork: { actions: [{ t: 715_000_000, text: 'rollback:store', worksAt: 725_000_000 }] },
    });
    const timely = await fork('--at', '11:45', '--action', 'rollback:store', '--outcome-only');
    expect(timely.stderr).not.toContain('warning');
  });
});

describe('a run file is a stranger’s', () => {
  test('a past that is not the one in the file is no fork, and leaves none', async () => {
    change("UPDATE keyframe SET digest = 'other'");
    const { code, stderr } = await fork('--at', '2:00');
    expect(code).toBe(1);
    expect(stderr).toMatch(/error the past of the fork is not that of small-outage-1: they differ/);
    expect(stderr).toMatch(/made by engine test, this one is \d/);
    const told = objects((await fork('--at', '2:00', '--json')).stdout);
    expect(told.at(-1)).toMatchObject({ type: 'error', code: 'FORK_DIVERGED' });
    expect(readdirSync(folder)).toEqual(['small-outage-1.db']);
  });

  test('a world that was another one before the action is no past of the fork', async () => {
    change("UPDATE checkpoint SET hash = 'other' WHERE t = 60000000");
    const told = objects((await fork('--at', '2:00', '--json')).stdout);
    expect(told.at(-1)).toMatchObject({ type: 'error', code: 'FORK_DIVERGED' });
  });

  test('a recording has no other past or future', async () => {
    change("UPDATE run SET scenario_kind = 'recorded'");
    const told = objects((await fork('--at', '2:00', '--json')).stdout);
    expect(told).toMatchObject([{ type: 'error', code: 'FORK_RECORDED', exitCode: 2 }]);
  });

  test('a scenario that is none is told with its mistakes', async () => {
    change("UPDATE scenario SET source = replace(source, 'duration: 12m', 'duration: long')");
    const { code, stderr } = await fork('--at', '2:00');
    expect(code).toBe(2);
    expect(stderr).toMatch(/the scenario of small-outage-1:6:\d+/);
  });

  test('a file that it names as a detector is not loaded unless the user names it too', async () => {
    const evil = join(folder, 'evil.ts');
    const trace = join(folder, 'was-here');
    writeFileSync(
      evil,
      `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(trace)}, '');`,
    );
    change(`UPDATE detector SET origin = '${evil}' WHERE id = 0`);
    const { code, stderr } = await fork('--at', '2:00');
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /ran a detector of yours, [\w-]+, from evil\.ts\nnext {2}.*--detector evil\.ts/,
    );
    expect(readdirSync(folder).sort()).toEqual(['evil.ts', 'small-outage-1.db']);
    rmSync(evil);
    const gone = await fork('--at', '2:00', '--detector', 'evil.ts', '--json');
    expect(objects(gone.stdout)).toMatchObject([{ type: 'error', code: 'FILE_NOT_FOUND' }]);
    expect((await fork('--at', '2:00', '--detector', 'other.ts')).code).toBe(2);
  });

  test('an action that its scenario does not know is damage', async () => {
    change(`INSERT INTO input VALUES (0, 0, 'dance:web', '{}')`);
    const told = objects((await fork('--at', '2:00', '--json')).stdout);
    expect(told).toMatchObject([{ type: 'error', code: 'RUN_FILE_DAMAGED' }]);
  });
});

test.each([
  [['--at', '12:00'], /T\+12:00 is not in the run, which goes up to T\+12:00/],
  [['--at', '99h'], /is not in the run/],
  [['--at', 'noon'], /allowed: a moment as T\+12:30, 12:30 or 12m30s/],
  [[], /required option '--at <moment>' not specified/],
  [['--at', '2:00', '--action', 'restrt:store'], /error action "restrt:store": .*\nnext .*restart/],
  [['--at', '2:00', '--action', 'restart:stor'], /error action "restart:stor": .*\nnext .*store/],
  [['--at', '2:00', '--detector', './mine.ts'], /ran no detector from .*mine\.ts/],
  [['--at', '2:00', '--outcome-only', '--db', 'x.db'], /leave --db out/],
] as const)('%j is refused, and nothing is made', async (args, words) => {
  const { code, stderr } = await fork(...args);
  expect(stderr).toMatch(words);
  expect(code).toBe(2);
  expect(readdirSync(folder)).toEqual(['small-outage-1.db']);
});
