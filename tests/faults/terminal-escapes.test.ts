/** A stranger's text on a terminal: whatever it holds, the terminal is only shown text. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../../cli/program.ts';
import { fakeIo } from '../support/fake-io.ts';
import { minimal } from '../support/scenario-text.ts';

/** Cursor, title, clipboard, device control, 8-bit control, overwriting, bell, reading direction. */
const payload =
  '\u001b[2J\u001b]0;owned\u0007\u001b]52;c;ZXZpbA==\u001b\\\u001bP+q\u009b31m\r\b\u007f\u202e';
const inYaml = JSON.stringify(payload)
  .replaceAll('\u007f', '\\u007f')
  .replaceAll('\u009b', '\\u009b');

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'workbench-escapes-'));
  const nasty = (text: string) => text.replaceAll('EVIL', inYaml.slice(1, -1));
  writeFileSync(
    join(cwd, 'run.yaml'),
    nasty(
      `${minimal}title: "EVIL"\nchanges: [{ at: 1m, kind: deploy, service: web, note: "EVIL" }]\n`,
    ),
  );
  writeFileSync(join(cwd, 'bad.yaml'), nasty(`${minimal}"EVIL": "EVIL"\n`));
  writeFileSync(
    join(cwd, `evil\u001b[2J.mjs`),
    `export default { apiVersion: 1, id: 'evil', summary: ${inYaml}, per: 'series', options: {},
      messages: { seen: ${inYaml} }, init: () => ({ n: 0 }),
      on: { metric(state, point, { report }) {
        if (state.n++ < 20) { report({ message: 'seen', values: {}, score: 1 }); return 1; }
        throw new Error(${inYaml});
      } } };`,
  );
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function shown(...args: readonly string[]) {
  const io = fakeIo({ cwd, columns: 200 });
  const code = await runCli(io, args);
  const { stdout, stderr } = io.printed;
  expect(`${stdout}${stderr}`).not.toMatch(/[^\P{C}\n\t]/u);
  return { code, text: `${stdout}${stderr}` };
}

test('a run: title, notes, findings, the failure and the file of a plugin', async () => {
  const { code, text } = await shown(
    'run',
    'run.yaml',
    '--detector',
    './evil\u001b[2J.mjs',
    '--db',
    'run.db',
  );
  expect(code).toBe(3);
  expect(text).toContain('␛[2J␛]0;owned');
  expect(text).toMatch(/deploy: ␛\[2J/);
  expect(text).toMatch(/evil failed in metric: ␛\[2J/);
});

test.each([
  [['validate', 'bad.yaml'], 2],
  [['run', 'bad.yaml'], 2],
  [['runs', 'list', '--runs', '.'], 0],
  [['runs', 'show', 'run.db'], 0],
  [['runs', 'export', 'run.db', '--format', 'md'], 0],
  [['detectors', 'test', './evil\u001b[2J.mjs'], 1],
  [['doctor'], 0],
  [['runs', 'show', 'run.db', '--json'], 0],
  [['runs', 'export', 'run.db'], 0],
  [['validate', 'run.yaml', 'bad.yaml', '--json'], 2],
] as const)('%j', async (args, expected) => {
  expect((await shown(...args)).code).toBe(expected);
});

test('--json escapes it, and whoever parses gets the very same text', async () => {
  const { text } = await shown('runs', 'show', 'run.db', '--json');
  expect(JSON.parse(text)).toMatchObject({ overview: { title: payload } });
});
