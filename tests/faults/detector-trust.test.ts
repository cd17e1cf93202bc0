/** S20: code runs because a person chose its content; whoever only names it is refused. */
import {
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  chmodSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, afterAll, describe, expect, test } from 'vitest';
import { hashCode } from '../../engine/detect/index.ts';
import { runCli } from '../../cli/program.ts';
import { askForTrust } from '../../cli/trust.ts';
import { fakeIo, type FakeWorld } from '../support/fake-io.ts';
import { writePlugin } from '../support/plugin-run.ts';
import { demoScenario } from '../support/workbench.ts';

const root = mkdtempSync(join(tmpdir(), 'trust-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folder = '';
let file = '';
let home = '';
beforeEach(() => {
  folder = mkdtempSync(join(root, 'at-'));
  home = join(folder, 'home');
  file = writePlugin(folder, 'mine', '');
});

const world = (more: Partial<FakeWorld> = {}) =>
  fakeIo({ cwd: folder, ...more, env: { WORKBENCH_TRUST_DIR: home, ...more.env } });
const change = (): string => writePlugin(folder, 'mine', 'state.n++;');
const trustFile = (): string => join(home, 'trust.json');

/** What was said where it may run; the code of the refusal where not. */
async function asked(
  more: Partial<FakeWorld> = {},
  flags: readonly string[] = [],
): Promise<string> {
  const io = world(more);
  try {
    await askForTrust(io, [file], flags);
    return io.printed.stderr;
  } catch (error) {
    return String(Reflect.get(Object(error), 'code'));
  }
}

describe('on a terminal', () => {
  test('the first use is asked about, with path, hash, files and what the walls do not do', async () => {
    const said = await asked({ tty: true, answer: 'y' });
    expect(said).toContain('mine.ts is code that you have not run here yet');
    expect(said).toContain(hashCode(file).hash);
    expect(said).toMatch(/not from .*network.*no cage/);
    expect(await asked({ tty: true })).toBe('');
  });

  test.each(['', 'n', 'what?', undefined])('the answer %s is no', async (answer) => {
    const typed = answer === undefined ? {} : { answer };
    expect(await asked({ tty: true, ...typed })).toBe('DETECTOR_UNTRUSTED');
    expect(await asked({ tty: true })).toBe('DETECTOR_UNTRUSTED');
  });

  test('a change is asked about again, one of what it imports too', async () => {
    writeFileSync(join(folder, 'help.ts'), 'export const n = 1;');
    file = writePlugin(folder, 'mine', '', `import { n } from './help.js'; void n;`);
    expect(await asked({ tty: true, answer: 'y' })).toContain('mine.ts, help.ts');
    writeFileSync(join(folder, 'help.ts'), 'export const n = 2;');
    expect(await asked({ tty: true, answer: 'y' })).toContain('has changed since you trusted it');
  });

  test('who says that the folder is theirs is not asked about it again', async () => {
    await asked({ tty: true, answer: 'always' });
    change();
    expect(await asked({ tty: true })).toBe('');
    expect(await asked({ env: { CI: 'true' } })).toBe('');
  });
});

describe('where nobody can be asked', () => {
  test.each([{ CI: '1' }, { WORKBENCH_NO_INPUT: '1' }])(
    '%o refuses, with the flag to give',
    async (env) => {
      const io = world({ tty: true, env });
      const { hash } = hashCode(file);
      await expect(askForTrust(io, [file], [])).rejects.toMatchObject({
        code: 'DETECTOR_UNTRUSTED',
        exitCode: 2,
        hint: expect.stringContaining(`--trust ${hash}`),
      });
      expect(io.printed.stderr).toBe('');
    },
  );

  test('--trust is the answer: for all, or for one content', async () => {
    const env = { CI: '1' };
    const { hash } = hashCode(file);
    expect(await asked({ env }, ['sha256:'.padEnd(71, '0')])).toBe('DETECTOR_UNTRUSTED');
    expect(await asked({ env }, [hash])).toBe('');
    expect(await asked({ env })).toBe('');
    change();
    expect(await asked({ env }, [hash])).toBe('DETECTOR_UNTRUSTED');
    expect(await asked({ env }, ['all'])).toBe('');
  });

  test('a script runs what it types, named with its hash, until it was pinned', async () => {
    expect(await asked()).toContain(hashCode(file).hash);
    change();
    expect(await asked()).toContain(hashCode(file).hash);
    expect(await asked({}, ['all'])).toBe('');
    writePlugin(folder, 'mine', 'state.n = 7;');
    expect(await asked()).toBe('DETECTOR_UNTRUSTED');
  });
});

describe('the list', () => {
  test('is its owner’s alone', async () => {
    await asked({ tty: true, answer: 'y' });
    expect(statSync(trustFile()).mode & 0o777).toBe(0o600);
    expect(statSync(home).mode & 0o777).toBe(0o700);
  });

  test.each([
    ['writable by others', () => chmodSync(trustFile(), 0o666)],
    [
      'a link',
      () => {
        rmSync(trustFile());
        writeFileSync(join(folder, 'elsewhere'), '{}');
        symlinkSync(join(folder, 'elsewhere'), trustFile());
      },
    ],
    ['no JSON', () => writeFileSync(trustFile(), '{')],
    ['of another version', () => writeFileSync(trustFile(), '{"version":2}')],
  ])('%s says nothing', async (_name, spoil) => {
    await asked({ tty: true, answer: 'y' });
    spoil();
    expect(await asked({ env: { CI: '1' } })).toBe('DETECTOR_UNTRUSTED');
  });

  test('of the current folder is a stranger’s', async () => {
    mkdirSync(join(folder, '.workbench'));
    const list = { version: 1, detectors: { [file]: hashCode(file).hash }, folders: [folder] };
    writeFileSync(join(folder, '.workbench', 'trust.json'), JSON.stringify(list), { mode: 0o600 });
    expect(await asked({ env: { CI: '1' } })).toBe('DETECTOR_UNTRUSTED');
  });

  test('that cannot be kept holds for the command, and says so', async () => {
    writeFileSync(home, 'a file where the folder should be');
    expect(await asked({ tty: true, answer: 'y' })).toContain('not remembered');
  });
});

describe('every command that runs a detector of a person asks', () => {
  test.each([
    ['run', demoScenario, '--detector', './mine.ts'],
    ['bench', '--suite', 'quick', '--detector', './mine.ts'],
    ['detectors', 'test', './mine.ts'],
  ])('%s', async (...args) => {
    const io = world();
    expect(await runCli(io, [...args, '--no-input'])).toBe(2);
    expect(io.printed.stderr).toMatch(/next .*--trust sha256:[0-9a-f]{64}/);
  });

  test('a scenario can name a bundled one, never bring code', async () => {
    const scenario = join(folder, 'own.yaml');
    writeFileSync(
      scenario,
      `apiVersion: workbench/v1
kind: simulated
name: own
title: Own
start: 2026-03-02T09:00:00Z
duration: 1m
services: [{ name: web, workers: 1, endpoints: [{ name: GET /, service_time: { p50: 3ms, p99: 9ms } }] }]
traffic: [{ entry: web, endpoint: GET /, rate: 1/s }]
truth: { category: none }
detectors: [./mine.ts]
`,
    );
    await asked({ tty: true, answer: 'y' });
    const io = world();
    expect(await runCli(io, ['run', scenario, '--trust'])).toBe(2);
    expect(io.printed.stderr).toMatch(
      /a scenario names bundled detectors; code of yours comes by --detector/,
    );
  });
});
