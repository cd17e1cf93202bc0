/** What reaches stdout and stderr, and how the process ends: colours, pipes, terminals, signals, --json. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { programName } from '../../cli/io.ts';
import { asTyped, shown } from '../../cli/output/commands.ts';
import { incidentCount } from '../../cli/output/summary.ts';
import { runCli } from '../../cli/program.ts';
import { openRun } from '../../engine/query/index.ts';
import { momentText } from '../../engine/wording.ts';
import { fakeIo, type FakeWorld } from '../support/fake-io.ts';
import { makeRunFile } from '../support/run-file.ts';
import { bin, demoScenario, startWorkbench, workbench } from '../support/workbench.ts';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'workbench-output-'));
  makeRunFile(join(cwd, 'one.db'), { id: 'one', services: [{ name: 'web' }], durationUs: 1e6 });
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const lines = (text: string) => text.trimEnd().split('\n');
const objects = (text: string) => lines(text).map((line) => JSON.parse(line) as { type: string });

interface Ended {
  readonly digest: string;
  readonly records: { readonly read: number; readonly stored: number };
  readonly incidents: readonly object[];
}

function stateOf(file: string) {
  const reader = openRun(file);
  try {
    return reader.run();
  } finally {
    reader.close();
  }
}

describe('colours', () => {
  async function coloured(world: Partial<FakeWorld>, ...flags: readonly string[]) {
    const io = fakeIo({ cwd, ...world });
    await runCli(io, ['runs', 'list', '--runs', cwd, ...flags]);
    await runCli(io, ['runs', 'show', 'nothing', '--runs', cwd, ...flags]);
    const { stdout, stderr } = io.printed;
    return [stdout.includes('\u001b['), stderr.includes('\u001b[')];
  }
  const both = [true, true];
  const none = [false, false];

  test.each([
    ['a terminal', { tty: true }, [], both],
    ['a pipe', {}, [], none],
    ['NO_COLOR', { tty: true, env: { NO_COLOR: '1' } }, [], none],
    ['an empty NO_COLOR, which means nothing', { tty: true, env: { NO_COLOR: '' } }, [], both],
    ['TERM=dumb', { tty: true, env: { TERM: 'dumb' } }, [], none],
    ['FORCE_COLOR in a pipe', { env: { FORCE_COLOR: '1' } }, [], both],
    ['FORCE_COLOR over NO_COLOR', { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }, [], both],
    ['FORCE_COLOR=0', { tty: true, env: { FORCE_COLOR: '0' } }, [], none],
    ['--no-color', { tty: true }, ['--no-color'], none],
    ['--no-color over FORCE_COLOR', { env: { FORCE_COLOR: '1' } }, ['--no-color'], none],
  ] as const)('%s', async (_name, world, flags, expected) => {
    expect(await coloured(world, ...flags)).toEqual(expected);
  });
});

describe('suggested commands', () => {
  test.each([
    ['/usr/local/bin/workbench', {}, 'workbench'],
    ['/usr/local/bin/workbench', { npm_command: 'exec' }, 'npx workbench'],
    ['/home/me/shop/node_modules/.bin/workbench', {}, 'npx workbench'],
    ['/home/me/incident-workbench/cli/bin.js', {}, 'npx workbench'],
    ['', {}, 'npx workbench'],
  ] as const)('%s %j is called %s', (script, env, expected) => {
    expect(programName(script, env)).toBe(expected);
  });

  test('hints call it so, and leave the word alone elsewhere', () => {
    const io = { program: 'npx workbench' } as const;
    expect(asTyped(io, 'workbench runs')).toBe('npx workbench runs');
    expect(asTyped(io, 'the runs there are: workbench runs')).toMatch(/are: npx workbench runs$/);
    expect(asTyped(io, 'a newer workbench wrote it')).toBe('a newer workbench wrote it');
    expect(asTyped({ program: 'workbench' }, 'workbench runs')).toBe('workbench runs');
  });
});

test.each([
  ['cannot write /tmp/run.db: it is full', 'cannot write run.db: it is full'],
  ["ENOENT: no such file, open '/tmp/a/b'", "ENOENT: no such file, open 'a/b'"],
  ['/tmp/one.db and "/tmp/two.db"', 'one.db and "two.db"'],
  ['cannot write /mnt/tmp/run.db', 'cannot write /mnt/tmp/run.db'],
  ['cannot write /tmp/tmp/run.db', 'cannot write tmp/run.db'],
  ['cannot write /tmpfs/run.db', 'cannot write /tmpfs/run.db'],
] as const)(
  'in a message, files of the current folder are near, and no others: %s',
  (text, near) => {
    expect(shown({ cwd: '/tmp' }, text)).toBe(near);
  },
);

test('a moment is worded one way, and none lies before the beginning', () => {
  expect([750_999_999, 3_750_000_000, -5_000_000].map(momentText)).toEqual([
    'T+12:30',
    'T+1:02:30',
    'T+00:00',
  ]);
});

test('severities are counted worst first, in whatever order they came', () => {
  const came = (['low', 'high', 'medium', 'critical', 'high'] as const).map((severity) => {
    return { severity };
  });
  expect(incidentCount(came)).toBe('1 critical · 2 high · 1 medium · 1 low');
  expect(incidentCount([])).toBe('none');
});

describe('run --json', () => {
  test('ends with everything that came of the run, and --quiet leaves that alone', () => {
    const db = join(cwd, 'json.db');
    const whole = workbench(['run', demoScenario, '--db', db, '--json'], { cwd });
    expect(whole.status).toBe(0);
    const told = objects(whole.stdout);
    expect(told[0]).toMatchObject({ schema: 1, type: 'start', seed: 42 });
    expect(new Set(told.map(({ type }) => type))).toContain('incident');
    const end = JSON.parse(lines(whole.stdout).at(-1) ?? '') as Ended;
    expect(end).toMatchObject({
      type: 'end',
      state: 'completed',
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      records: { rejected: 0, truncated: 0, duplicates: 0 },
      detectors: expect.arrayContaining([expect.objectContaining({ detector: 'slo-burn' })]),
      incidents: [expect.objectContaining({ id: 1 })],
      error: null,
    });
    expect(end.records.stored).toBeGreaterThan(10_000);
    expect(end.records.read).toBe(end.records.stored);
    const args = ['run', demoScenario, '--db', join(cwd, 'quiet.db'), '--json', '--quiet'];
    const quiet = workbench(args, { cwd });
    expect(quiet.stderr).toBe('');
    expect(lines(quiet.stdout)).toHaveLength(1);
    const { digest, records, incidents } = JSON.parse(lines(whole.stdout).at(-1) ?? '') as Ended;
    expect(JSON.parse(quiet.stdout)).toMatchObject({ type: 'end', digest, records, incidents });
  }, 120_000);

  test('a run that is stopped says so last, with what it holds', async () => {
    const args = ['run', demoScenario, '--db', join(cwd, 'stopped.db'), '--json', '--speed', '200'];
    const run = startWorkbench(args, { cwd });
    await run.printed(/"type":"change"/);
    run.child.kill('SIGTERM');
    const { status, stdout } = await run.finished;
    expect(status).toBe(143);
    expect(objects(stdout).at(-1)).toMatchObject({
      type: 'end',
      state: 'interrupted',
      reason: 'stopped by SIGTERM',
      digest: null,
      error: null,
    });
  });

  test('a command that was typed wrong is told on stdout, too', async () => {
    const io = fakeIo({ cwd });
    expect(await runCli(io, ['run', '--json', '--speling'])).toBe(2);
    expect(JSON.parse(io.printed.stdout)).toMatchObject({
      type: 'error',
      code: 'USAGE',
      message: expect.stringContaining('--speling'),
      exitCode: 2,
    });
  });
});

describe('signals', () => {
  async function interrupted(...gapsMs: readonly number[]) {
    let clock = 0;
    const exits: number[] = [];
    const io = {
      ...fakeIo({ cwd }),
      monotonic: () => clock,
      exitNow: (code: number) => void exits.push(code),
    };
    const args = ['run', demoScenario, '--db', join(cwd, `signals-${gapsMs.join('-')}.db`)];
    const code = runCli(io, [...args, '--speed', '100']);
    while (!io.printed.stdout.includes('T+')) await new Promise((go) => setTimeout(go, 20));
    io.signal();
    for (const gap of gapsMs) {
      clock += gap;
      io.signal();
    }
    return { code: await code, exits, stderr: io.printed.stderr, listening: io.listening() };
  }

  test('npx sends Ctrl+C twice: within a second it is one', async () => {
    const { code, exits, stderr, listening } = await interrupted(5, 900);
    expect(code).toBe(130);
    expect(exits).toEqual([]);
    expect(stderr.match(/stopping, storing what is under way/g)).toHaveLength(1);
    expect(listening).toBe(0);
    expect(stateOf(join(cwd, 'signals-5-900.db'))).toMatchObject({
      state: 'interrupted',
      state_reason: 'stopped by SIGINT',
    });
  });

  test('the second Ctrl+C, later, ends the process at once', async () => {
    expect((await interrupted(1_500)).exits).toEqual([130]);
  });
});

describe('a stdout that gives out', () => {
  const sh = (command: string) =>
    spawnSync('bash', ['-c', command], { cwd, encoding: 'utf8', env: { ...process.env, B: bin } });
  const node = `"${process.execPath}" "$B"`;

  test('| head: quiet, and no failure', () => {
    const db = join(cwd, 'piped.db');
    workbench(['run', demoScenario, '--db', db, '--quiet'], { cwd });
    const done = sh(`${node} runs export "${db}" | head -1; exit \${PIPESTATUS[0]}`);
    expect(JSON.parse(done.stdout)).toMatchObject({ type: 'run' });
    expect(done.stderr).toBe('');
    expect(done.status).toBe(0);
  });

  test.each([
    ['runs list', `${node} runs list --runs .`],
    ['help', `${node} --help`],
    ['run', `${node} run "${demoScenario}" --db full.db`],
  ])('a full disk under it is exit 4 in one line: %s', (_name, command) => {
    const done = sh(`${command} > /dev/full`);
    expect(done.stderr).toMatch(/^error cannot write the output: ENOSPC[^\n]*\n$/);
    expect(done.status).toBe(4);
  });
});

test('a folder that is gone under the shell is named', () => {
  const command = `mkdir gone && cd gone && rmdir ../gone && "${process.execPath}" "$B" runs`;
  const env = { ...process.env, B: bin };
  const done = spawnSync('bash', ['-c', command], { cwd, encoding: 'utf8', env });
  expect(done.stderr).toBe('error the current folder is gone\nnext  cd to one that is there\n');
  expect(done.status).toBe(2);
});

describe('progress', () => {
  const run = ['run', demoScenario, '--speed', '600'];

  test('elsewhere than on a terminal: plain lines, no carriage return', () => {
    const done = workbench([...run, '--db', join(cwd, 'plain.db')], { cwd, env: { CI: 'true' } });
    expect(done.stderr).toMatch(/^10 % · T\+03:\d\d · 600× asked, [\d,.]+× real\n/);
    expect(`${done.stdout}${done.stderr}`).not.toMatch(/[\r\u001b]/);
    expect(done.status).toBe(0);
  });

  const hasScript = spawnSync('script', ['--version']).stdout?.includes('util-linux') ?? false;

  test.skipIf(!hasScript)(
    'a terminal that is closed interrupts the run, which is kept whole',
    async () => {
      const file = join(cwd, 'closed.db');
      const typed = `'${process.execPath}' '${bin}' run '${demoScenario}' --speed 100 --db '${file}'`;
      const terminal = spawn('script', ['-qec', typed, '/dev/null'], { cwd });
      await new Promise<void>((go) => {
        terminal.stdout.on('data', (text: Buffer) => text.includes('T+') && go());
      });
      terminal.kill('SIGKILL');
      await expect
        .poll(() => stateOf(file), { timeout: 15_000 })
        .toMatchObject({ state: 'interrupted', state_reason: 'stopped by SIGHUP' });
      // Sealed: nothing lies beside it.
      await expect.poll(() => existsSync(`${file}-wal`), { timeout: 5_000 }).toBe(false);
    },
  );

  test.skipIf(!hasScript)('on a terminal of 20 columns: one moving line that never wraps', () => {
    const typed = [process.execPath, bin, ...run, '--db', join(cwd, 'narrow.db')]
      .map((word) => `'${word}'`)
      .join(' ');
    const done = spawnSync('script', ['-qec', `stty cols 20 rows 24; ${typed}`, '/dev/null'], {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, TERM: 'xterm', FORCE_COLOR: '' },
    });
    expect(done.status).toBe(0);
    const drawn = [...done.stdout.matchAll(/\r\u001b\[2K([^\r\n]*)(?=\r\u001b\[2K)/g)].map(
      ([, text = '']) => text.replace(/\u001b\[\d+m/g, ''),
    );
    expect(drawn.filter((text) => text !== '').length).toBeGreaterThan(3);
    expect(Math.max(...drawn.map((text) => text.length))).toBeLessThan(20);
  });
});
