/**
 * What a person's detector can do to a run, by the numbers of the fault catalogue: F13 throws, F14 hangs,
 * F15 memory, F16 ends, F17 floods, F18 slowness, F19 bad findings; S21 is what the walls hold, and what
 * they do not. Real processes; the bundled detector beside it must say what it says alone.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { limits } from '../../engine/limits.ts';
import { loadIn, runScene, writePlugin, type Ran } from '../support/plugin-run.ts';
import { demoScenario, workbench } from '../support/workbench.ts';

const folder = mkdtempSync(join(tmpdir(), 'isolation-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const alone = loadIn(folder, 'error-burst').then((detectors) => runScene(detectors));
const restartsMax = limits.detectorRestartsMax;

/** Runs it beside a bundled detector, which must not notice. */
async function ranWith(id: string, body: string, more = ''): Promise<Ran> {
  const file = writePlugin(folder, id, body, more);
  const ran = await runScene(await loadIn(folder, 'error-burst', file), { restartsMax });
  const bursts = ({ findings }: Ran) => findings.filter((one) => one.detector === 'error-burst');
  expect(bursts(ran)).toEqual(bursts(await alone));
  expect(bursts(ran).length).toBeGreaterThan(0);
  return ran;
}

const ofIt = (ran: Ran, id: string) => ran.totals.find(({ detector }) => detector === id);

describe('F13 a throw', () => {
  test('ends the detector with hook, place, record and moment', async () => {
    const ran = await ranWith('throws', 'if (++state.n === 50) throw new TypeError("no luck");');
    expect(ran.failures).toMatchObject([{ detector: 'throws', hook: 'log', killed: false }]);
    expect(ran.failures[0]?.reason).toBe(
      'no luck (throws.ts:7:67), on the log "request served" of web at T+00:24',
    );
  });

  test('behind its back, in a promise, ends its process and is seen', async () => {
    const body = 'if (++state.n === 50) Promise.reject(new Error("later"));';
    const ran = await ranWith('rejects', body);
    expect(ofIt(ran, 'rejects')?.restarts).toBeGreaterThan(0);
    expect(ran.printed.join('\n')).toContain('later');
  });
});

describe('F14 a hang', () => {
  test('costs the task in which it was; the detector begins afresh, and says so', async () => {
    const ran = await ranWith('once', 'if (record.t === 100_000_000) for (;;) state.n++;');
    expect(ran.failures).toEqual([]);
    expect(ran.restarted).toMatchObject([{ detector: 'once' }]);
    expect(ran.restarted[0]?.reason).toMatch(
      /^began afresh \(1 of 3\) after log: it did not return within 2000 ms, at about T\+01:/,
    );
    expect(ofIt(ran, 'once')).toMatchObject({ restarts: 1 });
    // It was fed before, and again behind the task.
    expect(ofIt(ran, 'once')?.recordsFed).toBeGreaterThan(400);
  });

  test('each time is the end after three restarts', async () => {
    const ran = await ranWith('always', 'for (;;) state.n++;');
    expect(ran.restarted).toHaveLength(restartsMax);
    expect(ran.failures).toMatchObject([{ detector: 'always', hook: 'log', killed: true }]);
    expect(ran.failures[0]?.reason).toMatch(/2000 ms.*; it is out after 3 restarts/);
  }, 60_000);

  test('in a regular expression is a hang like any', async () => {
    const body = `if (record.t === 100_000_000) /^(a+)+$/.test('${'a'.repeat(40)}!');`;
    const ran = await ranWith('redos', body);
    expect(ran.restarted).toMatchObject([{ detector: 'redos' }]);
  });
});

describe('F15 memory', () => {
  test.each([
    [
      'array',
      'const all = []; for (;;) all.push(new Array(1000).fill(state.n++));',
      /128 MB of heap/,
    ],
    ['buffers', 'const all = []; for (;;) all.push(Buffer.alloc(1 << 20, 1));', /256 MB of memory/],
  ])('%s: its process ends, ours does not grow', async (id, body, reason) => {
    const before = process.memoryUsage.rss();
    const ran = await ranWith(`eats-${id}`, `if (record.t > 100_000_000) { ${body} }`);
    expect(ran.restarted.map((one) => one.reason).join()).toMatch(reason);
    expect(process.memoryUsage.rss() - before).toBeLessThan(150 * 1024 * 1024);
  });
});

describe('F16 an end', () => {
  const keeps = 'const keep = process;';
  test.each([
    ['exit', 'keep.exit(0)', keeps, /ended its process with code 0/],
    ['abort', 'keep.abort()', keeps, /heap, or aborted/],
    ['kill', 'keep.kill(keep.pid, "SIGKILL")', keeps, /ended by SIGKILL/],
    [
      'channel',
      // Behind the hook, when the guard is asleep.
      'Promise.resolve().then(() => close(3))',
      `import { closeSync } from 'node:fs'; const close = closeSync.bind(null);`,
      /closed its channel|ended its process/,
    ],
  ])('by %s is told with its cause', async (id, call, more, reason) => {
    const ran = await ranWith(`ends-${id}`, `if (record.t === 100_000_000) ${call};`, more);
    expect(ran.restarted.map((one) => one.reason).join()).toMatch(reason);
  });
});

describe('F17 a flood', () => {
  const shout = 'context.report({ message: "seen", values: { n: i }, score: 1 });';

  test('of findings loses its surplus, and counts it', async () => {
    const ran = await ranWith(
      'floods',
      `if (++state.n === 1) for (let i = 0; i < 1500; i++) ${shout}`,
    );
    expect(ran.failures).toEqual([]);
    expect(ofIt(ran, 'floods')).toMatchObject({
      findings: limits.findingsPerMinuteMax,
      findingsDropped: 1500 - limits.findingsPerMinuteMax,
    });
  });

  test('of findings beyond all bounds ends it, in messages of no more than a megabyte', async () => {
    const ran = await ranWith('deluge', `for (let i = 0; i < 20_000; i++) ${shout}`);
    expect(ran.failures).toMatchObject([{ detector: 'deluge', hook: 'report', killed: false }]);
  });

  test('of one message of 100 MB ends its process before we hold it', async () => {
    const before = process.memoryUsage.rss();
    const frame = 'const frame = Buffer.alloc(1 << 20); frame.writeUInt32LE(100 << 20);';
    const more = `import { writeSync } from 'node:fs'; const write = writeSync.bind(null); ${frame}`;
    const body = 'if (record.t === 100_000_000) Promise.resolve().then(() => write(3, frame));';
    const ran = await ranWith('bulk', body, more);
    expect(ran.restarted.map((one) => one.reason).join()).toMatch(
      /sent a message of 104857600 bytes; the limit is 1048576/,
    );
    expect(process.memoryUsage.rss() - before).toBeLessThan(60 * 1024 * 1024);
  });

  test('of text is cut off', async () => {
    const body =
      'if (++state.n === 1) for (let i = 0; i < 5000; i++) console.log("x".repeat(5000));';
    const ran = await ranWith('talks', body);
    expect(ran.failures).toEqual([]);
    expect(ran.printed).toHaveLength(limits.pluginLinesMax + 1);
    expect(ran.printed.at(-1)).toMatch(/from here on is not shown/);
  });
});

test('F18 slowness is waited for, counted and told', async () => {
  const ran = await ranWith('slow', 'for (let i = 0; i < 3e6; i++) state.n += Math.sqrt(i);');
  expect(ran.failures).toEqual([]);
  expect(ran.restarted).toEqual([]);
  expect(ofIt(ran, 'slow')?.notice).toMatch(/batch(es)? w(as|ere) slow, up to \d+ ms/);
});

describe('F19 a bad finding', () => {
  test.each([
    ['nan', '{ message: "seen", score: NaN }', 'score is NaN; it must be a number from 0 to 1'],
    ['shape', '"seen"', 'a finding is { message, values, score }'],
    ['unknown', '{ message: "nope", score: 1 }', 'no message nope; messages has seen'],
    ['values', '{ message: "seen", score: 1, values: { a: [] } }', 'values.a is ; a string'],
    ['future', '{ message: "seen", score: 1, t: context.now + 1e9 }', "t is the engine's to say"],
    ['service', '{ message: "seen", score: 1, service: "x" }', "service is the engine's to say"],
  ])('%s is rejected alone, with its line; the detector goes on', async (id, finding, reason) => {
    const good = 'context.report({ message: "seen", values: {}, score: 1 });';
    const ran = await ranWith(
      `bad-${id}`,
      `state.n++; if (state.n === 3) context.report(${finding}); if (state.n === 5) ${good}`,
    );
    expect(ran.failures).toEqual([]);
    expect(ran.rejected).toMatchObject([{ detector: `bad-${id}`, count: 1, t: 1_000_000 }]);
    expect(ran.rejected[0]?.reason).toContain(reason);
    expect(ran.rejected[0]?.reason).toMatch(/\(bad-\w+\.ts:7:\d+\)$/);
    expect(ofIt(ran, `bad-${id}`)).toMatchObject({ findings: 1, findingsRejected: 1 });
  });

  test('is none in the name of our own host either', async () => {
    const output = {
      findings: [
        { t: 9e15, subject: 'web', message: 'seen', score: 1 },
        { t: 100_000_000, subject: 'nobody', message: 'seen', score: 1 },
        { t: 100_000_000, subject: 'web', message: 'seen', score: 'high' },
      ],
      scores: [],
      failures: [],
      rejected: [],
      fed: [],
    };
    const json = JSON.stringify({ type: 'output', output, last: true });
    const frame = `const json = Buffer.from(${JSON.stringify(json)}); const head = Buffer.alloc(4); head.writeUInt32LE(json.length); const frame = Buffer.concat([head, json]);`;
    const more = `import { writeSync } from 'node:fs'; const write = writeSync.bind(null); ${frame}`;
    const ran = await ranWith(
      'forges',
      'if (record.t === 100_000_000) Promise.resolve().then(() => write(3, frame));',
      more,
    );
    const reasons = ran.rejected.map(({ reason }) => reason).join('\n');
    expect(reasons).toMatch(/its time is in the future/);
    expect(reasons).toMatch(/it is about nobody, which the run does not know/);
    expect(reasons).toMatch(/score is high/);
    expect(ran.findings.filter(({ detector }) => detector === 'forges')).toEqual([]);
  });
});

test('a run with one that began afresh is degraded, and says so wherever it is shown', () => {
  const hang = 'if (record.t >= 600_000_000 && record.t < 600_500_000) for (;;) state.n++;';
  const db = join(folder, 'afresh.db');
  const file = writePlugin(folder, 'afresh', hang);
  const args = ['run', demoScenario, '--detector', file, '--db', db, '--json', '--quiet'];
  const { status, stdout, stderr } = workbench(args, { cwd: folder });
  expect(status).toBe(3);
  const why = /began afresh \(1 of 3\) after log: it did not return within 2000 ms, at about T\+/;
  expect(JSON.parse(stdout)).toMatchObject({
    state: 'degraded',
    digest: null,
    reason: expect.stringMatching(why),
    detectors: [
      { detector: 'afresh', failure: '', restarts: 1, notice: expect.stringMatching(why) },
    ],
  });
  expect(stderr).toMatch(why);
  const shown = workbench(['runs', 'show', db], { cwd: folder }).stdout;
  expect(shown).toMatch(/state +degraded .*the digest would compare with no other run/);
  expect(shown).toMatch(/afresh 0 findings from [\d,]+ records, began afresh/);
}, 90_000);

describe('S21 the walls', () => {
  const canary = join(folder, 'canary');
  test.each([
    ['environment', `if (Object.keys(process.env).join() !== 'JITI_FS_CACHE') throw 1;`, true],
    [
      'own-folder',
      `import { readFileSync } from 'node:fs'; readFileSync(new URL('own.txt', 'file://${folder}/'));`,
      true,
    ],
    ['read', `import { readFileSync } from 'node:fs'; readFileSync('/etc/passwd');`, false],
    ['write', `import { writeFileSync } from 'node:fs'; writeFileSync('${canary}', '');`, false],
    ['exec', `import { execSync } from 'node:child_process'; execSync('true');`, false],
    [
      'worker',
      `import { Worker } from 'node:worker_threads'; new Worker('', { eval: true });`,
      false,
    ],
    ['addon', `process.dlopen({ exports: {} }, '/x.node');`, false],
    // The truth about what is open: Node 20 has no flag for either.
    ['network', `import { createServer } from 'node:net'; createServer().listen(0).unref();`, true],
    ['signal', `process.kill(process.ppid, 0);`, true],
  ])('%s', async (id, more, allowed) => {
    writeFileSync(join(folder, 'own.txt'), '');
    const loading = loadIn(folder, writePlugin(folder, `wall-${id}`, '', more));
    if (allowed) await expect(loading).resolves.toHaveLength(1);
    else await expect(loading).rejects.toMatchObject({ code: 'DETECTOR_UNLOADABLE', exitCode: 3 });
  });
});
