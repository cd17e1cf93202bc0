/** `workbench new detector` writes one that works, test included, in a folder far from this package. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cwd = mkdtempSync(join(tmpdir(), 'new-detector-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

function node(args: readonly string[], folder = cwd): { status: number | null; out: string } {
  const ran = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  return { status: ran.status, out: `${ran.stdout}${ran.stderr}` };
}
const workbench = (...args: string[]) => node([join(root, 'dist/cli/main.js'), ...args]);

test.each([
  ['in-types', 'ts', []],
  ['in-script', 'js', ['--js']],
] as const)('%s keeps the contract as it is', (name, ending, flags) => {
  expect(workbench('new', 'detector', name, ...flags).status).toBe(0);
  const tested = workbench('detectors', 'test', `./${name}/detector.${ending}`);
  expect(tested.out).toMatch(/16 of 16 checks pass/);
  expect(tested.status).toBe(0);
  // Its folder will do, as that of a scenario does.
  expect(workbench('detectors', 'test', `./${name}`).out).toBe(tested.out);

  const again = workbench('new', 'detector', name);
  expect(again.status).toBe(2);
  expect(again.out).toMatch(/nothing was written/);
  expect(readFileSync(join(cwd, name, `detector.${ending}`), 'utf8')).toContain(`id: '${name}'`);
});

test('its own test file runs where the package is installed', () => {
  mkdirSync(join(cwd, 'node_modules'));
  symlinkSync(root, join(cwd, 'node_modules/incident-workbench'));
  symlinkSync(join(root, 'node_modules/jiti'), join(cwd, 'node_modules/jiti'));
  expect(workbench('new', 'detector', 'tested').status).toBe(0);
  const ran = node(['--import', 'jiti/register', '--test', 'tested.test.ts'], join(cwd, 'tested'));
  expect(ran.out).toMatch(/# pass 16/);
  expect(ran.status).toBe(0);
});

test.each(['Zed', 'two words', '../up', 'zscore'])('refuses the name %s', (name) => {
  expect(workbench('new', 'detector', name).status).toBe(2);
});
