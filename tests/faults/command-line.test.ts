/**
 * Bad input through the whole command line: each has a clear message, the right exit code, an answer
 * in time, and leaves everything as it was.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../../cli/program.ts';
import type { ErrorCode } from '../../engine/errors.ts';
import { fakeIo } from '../support/fake-io.ts';
import { makeRunFile } from '../support/run-file.ts';
import { minimal } from '../support/scenario-text.ts';
import { bin, demoScenario } from '../support/workbench.ts';

/** Requests come by the hundred thousand and none is ever answered. */
const drowning = minimal
  .replace('30m', '60s')
  .replace('30/s', '100000/s')
  .replace('service_time', 'workers: 10000\n    instances: 1000\n    service_time')
  .replace('p50: 4ms, p99: 20ms', 'p50: 1h, p99: 2h');
const prying = `apiVersion: workbench/v1
kind: recorded
name: prying
sources:
  - { format: jsonl-logs, path: /etc/passwd }
`;

let cwd: string;
let holder: Server;
let takenPort: number;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'workbench-bad-input-'));
  const at = (name: string) => join(cwd, name);
  execFileSync('mkfifo', [at('fifo')]);
  symlinkSync('loop-b', at('loop-a'));
  symlinkSync('loop-a', at('loop-b'));
  mkdirSync(at('folder'));
  mkdirSync(at('almost'));
  writeFileSync(at('almost/other.yml'), minimal);
  mkdirSync(at('other-dataset'));
  writeFileSync(at('other-dataset/cases.csv'), 'day,fault\nmonday,disk\n');
  writeFileSync(at('sparse'), '');
  truncateSync(at('sparse'), 2 ** 30);
  writeFileSync(
    at('binary'),
    Uint8Array.from({ length: 4096 }, (_, i) => (i * 167 + 129) & 255),
  );
  writeFileSync(at('good.yaml'), minimal);
  writeFileSync(at('drowning.yaml'), drowning);
  writeFileSync(at('prying.yaml'), prying);
  writeFileSync(
    at('brings-code.yaml'),
    `${minimal}detectors: [${JSON.stringify(at('broken.ts'))}]\n`,
  );
  writeFileSync(
    at('misnames.yaml'),
    `${minimal}detectors: [zscor, { id: zscore, config: { limt: 3 } }]\n`,
  );
  writeFileSync(at('evil\u001b[2J\u202e.yaml'), `name: "\u001b]0;owned\u0007"\n`);
  writeFileSync(at('broken.ts'), 'export default {\n  id: 1,\n  oops oops\n};\n');
  writeFileSync(at('cut.jsonl'), '{"timestamp":"2026-03-02T09:00:00Z","body":"half a li');
  writeFileSync(at('notes.csv'), 'dear,diary\ntoday,nothing\n');
  makeRunFile(at('run.db'), { services: [{ name: 'web' }], durationUs: 1e6 });
  makeRunFile(at('cut.db'), { services: [{ name: 'web' }], durationUs: 1e6 });
  truncateSync(at('cut.db'), 6_000);
  const foreign = new Database(at('foreign.db'));
  foreign.exec('CREATE TABLE precious (x)');
  foreign.close();
  holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  const address = holder.address();
  takenPort = typeof address === 'object' && address ? address.port : 0;
});

afterAll(() => {
  holder.close();
  rmSync(cwd, { recursive: true, force: true });
});

async function cli(args: readonly string[]) {
  const io = fakeIo({ cwd });
  const code = await runCli(io, args);
  return { code, ...io.printed };
}

/** Names that a failed start had taken and not given back. */
function leftRuns(): readonly string[] {
  try {
    return readdirSync(join(cwd, '.workbench/runs'));
  } catch {
    return [];
  }
}

type Case = readonly [args: readonly string[], code: number, words: RegExp];

const notRegular = /it is no regular file/;
const loops = /too many symbolic links/;

// One case a line reads as the table it is.
// prettier-ignore
const cases: readonly Case[] = [
  [['run', 'fifo'], 2, notRegular],
  [['run', '/dev/zero'], 2, notRegular],
  [['run', 'folder'], 2, /no such file: folder\/scenario\.yaml/],
  [['run', 'almost'], 2, /did you mean almost\/other\.yml\?/],
  [['run', 'loop-a'], 2, loops],
  [['run', 'sparse'], 2, /sparse has 1073741824 bytes; the limit is 262144/],
  [['run', 'binary'], 2, /binary:1:1: byte 1 is not UTF-8/],
  [['run', 'goood.yaml'], 2, /no such file: goood\.yaml\nnext {2}did you mean good\.yaml\?/],
  [['run', ''], 2, /the scenario has an empty name/],
  [['run', '-'], 2, /no such file: -/],
  [['run', 'evil\u001b[2J\u202e.yaml'], 2, /evil␛\[2J⟨U\+202E⟩\.yaml/],
  [['run', 'good.yaml', '--db', ''], 2, /--db has an empty name/],
  [['run', 'good.yaml', '--detector', ''], 2, /allowed: a name or a file/],
  [['run', 'good.yaml', '--detector', 'zscor'], 2, /did you mean zscore\?/],
  [['run', 'good.yaml', '--detector', 'zscore:limt=8'], 2, /no option "limt"; did you mean limit\?\nnext {2}its options and their defaults: .*limit=/],
  [['run', 'good.yaml', '--detector', 'zscore:limit=eight'], 2, /limit must be number/],
  [['run', 'good.yaml', '--detector', 'zscore', '--detector', 'zscore:limit=8'], 2, /detector zscore is named twice/],
  [['run', 'good.yaml', '--detector', 'zscore:8'], 2, /options are name=value: zscore:limit=8/],
  [['run', 'good.yaml', '--detector', 'zscore:limit='], 2, /limit must be number/],
  [['run', 'good.yaml', '--detector', './fifo'], 2, notRegular],
  [['run', 'good.yaml', '--detector', './folder'], 2, /it is a folder without a detector\.ts/],
  [['run', 'good.yaml', '--detector', './loop-a'], 2, loops],
  [['run', 'good.yaml', '--detector', './brken.ts'], 2, /did you mean broken\.ts\?/],
  [['run', 'good.yaml', '--detector', './broken.ts'], 3, /broken\.ts:3:\d+: /],
  [['run', 'good.yaml', '--db', 'foreign.db'], 4, /foreign\.db is not a run file .*\nnext {2}nothing was changed; name another file with --db/],
  [['run', 'good.yaml', '--db', 'run.db'], 4, /run\.db holds a run already/],
  [['run', 'good.yaml', '--db', 'folder'], 4, /cannot write folder/],
  [['run', 'good.yaml', '--db', 'loop-a'], 4, /cannot write loop-a/],
  [['run', 'good.yaml', '--paused'], 2, /--paused is for the page: add --open/],
  [['run', 'good.yaml', '--at', '1:00'], 2, /--at is for the page: add --open/],
  [['run', 'good.yaml', '--open', '--paused', '--at', '1:00'], 2, /--paused never gets to --at/],
  [['run', 'good.yaml', '--spede', '3'], 2, /unknown option '--spede' \(Did you mean --speed\?\)\nnext {2}/],
  [['run', 'good.yaml', '--speed', '0'], 2, /allowed: 0\.25 to 1000, or max/],
  [['run', 'good.yaml', '--workers', '100000'], 2, /allowed: 1 to 64/],
  [['run', 'good.yaml', '--seed', '-1'], 2, /allowed: a whole number/],
  [['run', 'good.yaml', 'other.yaml'], 2, /too many arguments/],
  [['run'], 2, /missing required argument 'scenario'/],
  [['rn'], 2, /unknown command 'rn' \(Did you mean run\?\)\nnext {2}/],
  [['runs', 'shw'], 2, /unknown command "shw" of runs\nnext {2}did you mean show\?/],
  [['detectors', 'tst'], 2, /did you mean test\?/],
  [['--\u001b[2J'], 2, /unknown option '--␛\[2J'/],
  [['validate', 'fifo', 'loop-a', '/dev/zero', 'good.yaml', 'goood.yaml'], 2, /fifo[^]*loop-a[^]*\/dev\/zero[^]*no such file: goood\.yaml\nnext {2}did you mean good\.yaml\?/],
  [['validate', ''], 2, /an empty name/],
  [['validate', 'brings-code.yaml'], 2, /a scenario names bundled detectors; code of yours comes by --detector/],
  [['validate', 'misnames.yaml'], 2, /misnames\.yaml:10:13: no bundled detector "zscor"[^]*no option "limt"; did you mean limit\?/],
  [['run', 'brings-code.yaml'], 2, /a scenario names bundled detectors/],
  [['run', 'misnames.yaml'], 2, /no bundled detector "zscor"/],
  [['validate', 'run.db'], 2, /run\.db:1:\d+: byte \d+ is not UTF-8/],
  [['import', 'jsonl', 'cut.jsnl'], 2, /no such file: cut\.jsnl\nnext {2}did you mean cut\.jsonl\?/],
  [['import', 'jsonl', 'loop-a'], 2, loops],
  [['import', 'jsonl', 'fifo'], 2, notRegular],
  [['import', 'jsonl', 'folder'], 2, /it is a folder/],
  [['import', 'jsonl', 'cut.jsonl'], 2, /cut\.jsonl/],
  [['import', 'csv', 'notes.csv'], 2, /it has no column "timestamp"/],
  [['import', 'csv', 'binary'], 2, /cannot read the recording binary/],
  [['import', 'petshop', 'almost', '--case', 'x'], 2, /cases\.csv is missing/],
  [['import', 'petshop', 'other-dataset', '--case', 'x'], 2, /other-dataset\/cases\.csv.*it has no column/],
  [['import', 'petshop', 'run.db', '--case', 'x'], 2, /it is no folder|cases\.csv/],
  [['import', 'petshop', 'folder'], 2, /required option '--case <id>'/],
  [['serve', 'foreign.db'], 4, /not a run file .*\nnext {2}nothing was changed; the runs there are: npx workbench runs/],
  [['serve', 'fifo'], 4, notRegular],
  [['serve', 'loop-a'], 4, loops],
  [['serve', 'sparse'], 4, /sparse is not a run file/],
  [['serve', 'cut.db'], 4, /cut\.db is damaged/],
  [['serve', 'rum.db'], 2, /no such file: rum\.db\nnext {2}did you mean run\.db\?/],
  [['serve', '--runs', 'foldre'], 2, /did you mean folder\?/],
  [['serve', '--port', '99999'], 2, /allowed: 0 to 65535/],
  [['runs', 'show', 'foreign.db'], 4, /not a run file/],
  [['runs', 'show', 'cut.db'], 4, /is damaged/],
  [['runs', 'show', 'loop-a'], 4, loops],
  [['runs', 'show', ''], 2, /an empty name/],
  [['runs', 'export', 'foreign.db'], 4, /not a run file/],
  [['runs', 'rm', 'foreign.db', 'cut.db', '--yes'], 4, /foreign\.db is not a run file/],
  [['new', 'detector', 'a\u001b[2Jb'], 2, /"a␛\[2Jb" is no name/],
  [['detectors', 'test', './folder'], 2, /it is a folder without a detector\.ts/],
];

describe('bad input', () => {
  test.each(cases)('%j', async (args, expected, words) => {
    const before = readdirSync(cwd).filter((name) => name !== '.workbench');
    const began = performance.now();
    const { code, stdout, stderr } = await cli(args);
    expect(stderr).toMatch(words);
    expect(code).toBe(expected);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(stderr).not.toMatch(/internal error|^\s+at /m);
    // Nothing but text, tabs and line ends reaches a terminal.
    expect(`${stdout}${stderr}`).not.toMatch(/[^\P{C}\n\t]/u);
    expect(readdirSync(cwd).filter((name) => name !== '.workbench')).toEqual(before);
    expect(leftRuns()).toEqual([]);
  });

  test('with --json the last line of stdout says what was wrong, whatever it was', async () => {
    for (const [args, expected] of cases.slice(0, 40)) {
      if (args[0] === 'validate') continue;
      const { code, stdout } = await cli([...args, '--json']);
      const last: unknown = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
      expect(last, String(args)).toMatchObject({ schema: 1, type: 'error', exitCode: expected });
      expect(code).toBe(expected);
    }
  }, 60_000);
});

// prettier-ignore
const codes: readonly (readonly [code: ErrorCode, args: readonly string[]])[] = [
  ['SCENARIO_INVALID', ['run', 'binary']],
  ['FILE_UNREADABLE', ['run', 'fifo']],
  ['FILE_TOO_LARGE', ['run', 'sparse']],
  ['SIMULATION_TOO_LARGE', ['run', 'drowning.yaml', '--db', 'drowning.db']],
  ['SOURCE_OUTSIDE', ['run', 'prying.yaml']],
  ['RUN_FILE_EXISTS', ['run', 'good.yaml', '--db', 'run.db']],
];

test.each(codes)(
  '%s is the code of %j',
  async (code, args) => {
    const { stdout } = await cli([...args, '--json']);
    const last = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as {
      code?: string;
      error?: { code: string };
    };
    expect(last.code ?? last.error?.code).toBe(code);
  },
  60_000,
);

describe('ports', () => {
  test.each([
    ['serve', '--port'],
    ['run', 'good.yaml', '--open', '--port'],
  ])('one in use is named: %s', async (...args) => {
    const { code, stderr } = await cli([...args, String(takenPort)]);
    expect(stderr).toContain(`port ${takenPort} is in use\nnext  leave --port out`);
    expect(code).toBe(6);
    expect(leftRuns()).toEqual([]);
  });

  const asNobody = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--clear-groups'] : [];
  const start = Number(
    spawnSync('cat', ['/proc/sys/net/ipv4/ip_unprivileged_port_start'], { encoding: 'utf8' })
      .stdout,
  );
  // As root, another user needs to be able to read this checkout.
  const canTry =
    start > 1 &&
    spawnSync(asNobody[0] ?? 'true', [...asNobody.slice(1), 'test', '-r', bin]).status === 0;

  test.skipIf(!canTry)('one that only root may take is refused by name', () => {
    const [command = '', ...rest] = [...asNobody, process.execPath, bin, 'serve', '--port', '1'];
    const done = spawnSync(command, rest, { cwd: '/', encoding: 'utf8', timeout: 20_000 });
    expect(done.stderr).toMatch(/cannot listen on port 1: .*EACCES/);
    expect(done.status).toBe(6);
  });
});

test('binary on stdin is nobody’s business', () => {
  const noise = Buffer.from(Uint8Array.from({ length: 1 << 20 }, (_, i) => (i * 31) & 255));
  const done = spawnSync(process.execPath, [bin, 'validate', demoScenario], { cwd, input: noise });
  expect(done.status).toBe(0);
});
