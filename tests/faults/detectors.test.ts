/** A detector that misbehaves fails alone and visibly; real threads, real processes. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, test } from 'vitest';
import { loadDetectors } from '../../engine/detect/index.ts';
import type { LoadedDetector } from '../../engine/detect/index.ts';
import { WorkbenchError } from '../../engine/errors.ts';
import { limits } from '../../engine/limits.ts';
import { builtIns } from '../../plugins/index.ts';
import { loadIn, runScene, writePlugin, type Ran } from '../support/plugin-run.ts';
import { asPerson, bin, demoScenario, startWorkbench, workbench } from '../support/workbench.ts';

const folder = mkdtempSync(join(tmpdir(), 'detectors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a detector whose log hook has this body. */
const plugin = (id: string, body: string, more = ''): string => writePlugin(folder, id, body, more);
const load = (...ids: string[]): Promise<LoadedDetector[]> => loadIn(folder, ...ids);

async function runBeside(file: string): Promise<Ran> {
  return runScene(await load('error-burst', file));
}

const bursts = (ran: Ran): number =>
  ran.findings.filter((finding) => finding.detector === 'error-burst').length;

describe('a misbehaving detector fails alone', () => {
  const healthy = load('error-burst').then((detectors) => runScene(detectors));

  test.each([
    [
      'throws',
      'if (++state.n === 50) throw new Error("no luck");',
      /no luck \(throws\.ts:7:\d+\), on the log/,
      false,
    ],
    ['nan', 'return 0 / 0;', /returned NaN; a score is a number from 0 to 1/, false],
    ['high', 'return 1.5;', /returned 1.5; a score/, false],
    ['promise', 'return Promise.resolve(1);', /promise; hooks are synchronous/, false],
    ['clock', 'state.n = Date.now();', /Date\.now is not for detectors: use context\.now/, false],
    [
      'birth',
      'state.n = +new Date();',
      /new Date\(\) is not for detectors: use context\.now/,
      false,
    ],
    ['chance', 'state.n = Math.random();', /Math\.random .*use context\.random\(\)/, false],
    ['timer', 'setTimeout(() => {}, 1);', /setTimeout .*use the tick hook/, false],
    ['exits', 'process.exit(0);', /process is not for detectors/, false],
    ['spins', 'for (;;) state.n++;', /did not return within 2000 ms/, true],
  ])('%s', async (id, body, reason, killed) => {
    const ran = await runBeside(plugin(id, body));
    expect(ran.failures).toHaveLength(1);
    expect(ran.failures[0]).toMatchObject({ detector: id, killed });
    expect(ran.failures[0]?.reason).toMatch(reason);
    expect(ran.findings.filter((finding) => finding.detector === id)).toEqual([]);
    expect(bursts(ran)).toBe(bursts(await healthy));
    expect(bursts(ran)).toBeGreaterThan(0);
  });

  test('the line is that of the source, whatever types were above it', async () => {
    const types = [
      'interface Wide {',
      '  readonly a: string;',
      '}',
      'type Either =',
      '  | Wide',
      '  | null;',
      'enum Colour { Red, Green }',
      'function both(a: string): string;',
      'function both(a: number): string;',
      'function both(a: string | number): string { return `${a}${Colour.Red}`; }',
    ];
    const file = plugin(
      'typed',
      'const bad: Either = null as Either; both((bad as Wide).a);',
      types.join('\n'),
    );
    const line = readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((text) => text.includes('const bad'));
    const ran = await runBeside(file);
    expect(ran.failures[0]?.reason).toContain(`(typed.ts:${line + 1}:`);
  });

  test('a healthy one outlives a pause of everything, as Ctrl+Z makes it', async () => {
    const file = plugin('patient', 'for (let i = 0; i < 8e4; i++) state.n++;');
    const args = ['run', demoScenario, '--detector', file, '--db', join(folder, 'patient.db')];
    const run = startWorkbench(args, { cwd: folder, ownGroup: true });
    const toAll = (signal: NodeJS.Signals) => process.kill(-(run.child.pid ?? NaN), signal);
    await run.printed(/T\+/);
    for (let i = 0; i < 2; i++) {
      toAll('SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, limits.detectorHookMsMax + 500));
      toAll('SIGCONT');
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    const { status, stdout } = await run.finished;
    expect(stdout).not.toContain('did not return');
    expect(status).toBe(0);
  }, 60_000);

  test('one that sleeps is not waited for for ever', async () => {
    const sleep = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);';
    const ran = await runBeside(plugin('sleeps', sleep));
    expect(ran.failures[0]).toMatchObject({ detector: 'sleeps', killed: true });
    expect(ran.failures[0]?.reason).toMatch(/did not return within 10000 ms, hardly working/);
    expect(bursts(ran)).toBe(bursts(await healthy));
  });

  test('reads a file', async () => {
    const more = `import { readFileSync } from 'node:fs';`;
    const ran = await runBeside(plugin('reads', 'readFileSync("/etc/hostname");', more));
    expect(ran.failures[0]?.reason).toMatch(/fs\.readFileSync is not for detectors/);
    expect(bursts(ran)).toBe(bursts(await healthy));
  });

  test('ends its process behind our back', async () => {
    const ran = await runBeside(
      plugin('leaves', 'leave(3);', `const leave = process.exit.bind(process);`),
    );
    expect(ran.failures).toMatchObject([{ detector: 'leaves', killed: true }]);
    expect(ran.failures[0]?.reason).toMatch(/ended its process with code 3/);
    expect(bursts(ran)).toBe(bursts(await healthy));
  });

  test('eats memory', async () => {
    const body = 'const hoard = []; for (;;) hoard.push(new Array(1000).fill(state.n++));';
    const ran = await runBeside(plugin('eats', body));
    expect(ran.failures).toMatchObject([{ detector: 'eats', killed: true }]);
    expect(bursts(ran)).toBe(bursts(await healthy));
  });

  const shout =
    'context.report({ message: "seen", values: { service: record.service }, score: 1 });';

  test('floods: the surplus of a minute is dropped and counted', async () => {
    const body = `if (++state.n === 1) for (let i = 0; i < 1500; i++) ${shout}`;
    const ran = await runBeside(plugin('floods', body));
    expect(ran.failures).toEqual([]);
    const said = ran.findings.filter((finding) => finding.detector === 'floods').length;
    expect(said).toBe(limits.findingsPerMinuteMax);
    expect(ran.totals).toContainEqual(
      expect.objectContaining({ detector: 'floods', findingsDropped: 1500 - said }),
    );
  });

  test('floods beyond ten times the limit: it fails', async () => {
    const ran = await runBeside(plugin('deluge', `for (let i = 0; i < 20_000; i++) ${shout}`));
    expect(ran.failures).toMatchObject([{ detector: 'deluge', hook: 'report', killed: false }]);
    expect(bursts(ran)).toBe(bursts(await healthy));
  });

  test('keeps a state that is not plain', async () => {
    const file = plugin('mapped', '');
    writeFileSync(
      file,
      `export default { apiVersion: 1, id: 'mapped', summary: 'x', per: 'run', options: {},
        messages: {}, init: () => ({ seen: new Map() }), on: { log() {} } };`,
    );
    const ran = await runBeside(file);
    expect(ran.failures).toMatchObject([{ detector: 'mapped', hook: 'init' }]);
    expect(ran.failures[0]?.reason).toMatch(/state\.seen is a Map/);
  });
});

test('a bundled detector that hangs is found by its mark; its neighbours go on afresh', async () => {
  // Loaded as if it were ours, so that it shares a thread.
  const [good] = await load('error-burst');
  const file = join(folder, 'stuck.mjs');
  writeFileSync(
    file,
    `export default { apiVersion: 1, id: 'stuck', summary: 'x', per: 'service', options: {},
      messages: {}, init: () => ({ n: 0 }), on: { log(state) { if (++state.n > 300) for (;;); } } };`,
  );
  const [stuck] = await load(file);
  if (good === undefined || stuck === undefined) throw new Error('both load');
  const ran = await runScene([good, { ...stuck, origin: 'built-in' }]);
  expect(ran.failures).toMatchObject([{ detector: 'stuck', hook: 'log', killed: true }]);
  expect(ran.restarted).toMatchObject([{ detector: 'error-burst' }]);
  expect(bursts(ran)).toBeGreaterThan(0);
});

describe('a module that cannot be loaded', () => {
  async function refusal(file: string): Promise<WorkbenchError> {
    try {
      await load(file);
    } catch (error) {
      if (error instanceof WorkbenchError) return error;
      throw error;
    }
    throw new Error('it was loaded');
  }
  const written = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  test('does not exist', async () => {
    written('here.mjs', '');
    const error = await refusal('./here.ts');
    expect(error.code).toBe('FILE_NOT_FOUND');
    expect(error.hint).toContain('here.mjs');
  });

  test('is not known by that name', async () => {
    const error = await refusal('zscor');
    expect(error.code).toBe('DETECTOR_NOT_FOUND');
    expect(error.hint).toMatch(/did you mean zscore\?/);
  });

  test('does not parse', async () => {
    const error = await refusal(
      written('broken.ts', 'export default {\n  id: 1,\n  oops oops\n};'),
    );
    expect(error.code).toBe('DETECTOR_UNLOADABLE');
    expect(error.exitCode).toBe(3);
    expect(error.message).toMatch(/broken\.ts:3/);
  });

  test('throws at import', async () => {
    const error = await refusal(written('thrower.mjs', '\n\nthrow new Error("not today");'));
    expect(error.code).toBe('DETECTOR_UNLOADABLE');
    expect(error.message).toMatch(/thrower\.mjs:3.*not today/);
  });

  test('exits at import', async () => {
    const error = await refusal(written('exits-early.mjs', 'process.exit(4);'));
    expect(error.code).toBe('DETECTOR_UNLOADABLE');
    expect(error.message).toMatch(/code 4/);
  });

  test('breaks every rule at once', async () => {
    const error = await refusal(
      written(
        'wrong.mjs',
        `export default { apiVersion: 2, id: 'Not Kebab', per: 'servce', option: {}, messages: { m: '' },
          init: async () => ({}), on: { logs() {}, metric: async () => {} } };`,
      ),
    );
    expect(error.code).toBe('DETECTOR_INVALID');
    expect(error.exitCode).toBe(3);
    expect(error.details['problems']).toEqual([
      'unknown key option; did you mean options?',
      'apiVersion is 2; this workbench knows apiVersion 1',
      'id is "Not Kebab"; it must be kebab-case, like error-burst, at most 64 letters',
      'summary is missing; say in one sentence what the detector looks for',
      'per is "servce"; it must be one of series, service, edge, run',
      'options is missing; an object, {} where there are none',
      'messages.m must be a non-empty template',
      'init is async; hooks are synchronous',
      'unknown key on.logs; did you mean log?',
      'on.metric is async; hooks are synchronous',
    ]);
  });

  test('is given options that it does not have', async () => {
    const choice = { id: 'zscore', config: { memry: 5, limit: 'high' } };
    const loading = loadDetectors([choice], { builtIns, cwd: folder });
    await expect(loading).rejects.toMatchObject({
      code: 'DETECTOR_OPTIONS',
      details: {
        problems: expect.arrayContaining([
          'no option "memry"; did you mean memory?',
          'limit must be number',
        ]),
      },
    });
  });
});

describe('the run with a misbehaving detector', () => {
  /** Runs the demo with a detector of one's own beside a bundled one. */
  function ranWith(id: string, body: string) {
    const file = join(folder, `${id}.db`);
    const args = ['--detector', 'error-burst', '--detector', plugin(id, body), '--db', file];
    const done = workbench(['run', demoScenario, '--json', ...args], { cwd: folder });
    const end = JSON.parse(done.stdout.trimEnd().split('\n').at(-1) ?? '') as {
      type: string;
      state: string;
      reason: string;
      digest: string | null;
    };
    const db = new Database(file, { readonly: true });
    const digest = db.prepare('SELECT digest FROM run').pluck().get();
    db.close();
    return { status: done.status, end, digest };
  }

  test('has a digest where the failure follows from what was read', () => {
    const { status, end, digest } = ranWith('throwing', 'throw new Error("no");');
    expect(status).toBe(3);
    expect(end).toMatchObject({ type: 'end', state: 'degraded', digest });
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });

  test('has none where the clock ended it: it would compare with no other run', () => {
    const { status, end, digest } = ranWith('hanging', 'for (;;) {}');
    expect(status).toBe(3);
    expect(end).toMatchObject({ type: 'end', state: 'degraded', digest: null });
    expect(end.reason).toContain('compare with no other run');
    expect(end.reason).toContain('it is out after 3 restarts');
    expect(digest).toBeNull();
  }, 90_000);
});

describe("a person's detector in its process", () => {
  const inRun = (id: string, body: string, more = '') => {
    const file = join(folder, `${id}.db`);
    return ['run', demoScenario, '--detector', plugin(id, body, more), '--db', file, '--json'];
  };

  test('may not write a file, not even while its module loads', () => {
    const target = join(folder, 'written-at-load');
    const args = inRun(
      'writes-at-load',
      '',
      `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(target)}, 'x');`,
    );
    const done = workbench(args, { cwd: folder });
    expect(done.status).toBe(3);
    expect(done.stdout + done.stderr).toContain('DETECTOR_UNLOADABLE');
    expect(existsSync(target)).toBe(false);
  });

  test('prints to our talk, line by line, without the escapes of what it read', () => {
    const args = inRun('talks', "state.n++ || console.log('seen \\u001b[31m' + record.service);");
    const done = workbench(args, { cwd: folder });
    expect(done.status).toBe(0);
    expect(done.stderr).toMatch(/^talks \| seen .*storefront$/m);
    expect(done.stderr).not.toContain('\u001b');
    for (const line of done.stdout.trimEnd().split('\n'))
      expect(() => JSON.parse(line)).not.toThrow();
  });

  test('outlives a Ctrl+C, which the whole group of processes hears', async () => {
    const slow = 'for (let i = 0; i < 1e5; i++) state.n += Math.sqrt(i);';
    const args = inRun('slow', slow);
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: folder,
      env: asPerson,
      detached: true,
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    await until(
      () => stdout.includes('"type":"progress"') && childrenOf(child.pid ?? 0).length > 0,
    );
    process.kill(-(child.pid ?? 0), 'SIGINT');
    await new Promise((resolve) => child.once('close', resolve));
    const end = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as {
      state: string;
      detectors: { failure: string }[];
    };
    expect(end.state).toBe('interrupted');
    expect(end.detectors).toMatchObject([{ failure: '' }]);
  });

  test('does not outlive the workbench, not even in the middle of a task', async () => {
    const args = inRun('busy', 'for (let i = 0; i < 3e6; i++) state.n += Math.sqrt(i);');
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: folder,
      env: asPerson,
      stdio: 'ignore',
    });
    await until(() => childrenOf(child.pid ?? 0).length > 0);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const orphans = childrenOf(child.pid ?? 0);
    expect(orphans.length).toBeGreaterThan(0);
    child.kill('SIGKILL');
    await until(() => orphans.every((pid) => !existsSync(`/proc/${pid}`)), 60_000);
  }, 90_000);
});

/** Processes whose parent is `pid`. */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => {
      try {
        const [, parent] =
          /\) \S (\d+)/.exec(readFileSync(`/proc/${candidate}/stat`, 'utf8')) ?? [];
        return Number(parent) === pid;
      } catch {
        // It is gone by now.
        return false;
      }
    });
}

async function until(condition: () => boolean, waitMs = 20_000): Promise<void> {
  for (let waited = 0; !condition(); waited += 50) {
    if (waited > waitMs) throw new Error('it never came to that');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
