/** The way of somebody who writes a detector: new, edit, test, score, a report for the pull request. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { workbench } from '../support/workbench.ts';

const cwd = mkdtempSync(join(tmpdir(), 'bench-author-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
const file = join(cwd, 'mine/detector.ts');
const run = (...args: readonly string[]) => workbench(args, { cwd });

test('from nothing to a report for a pull request', { timeout: 300_000 }, () => {
  expect(run('new', 'detector', 'mine').status).toBe(0);
  const edited = readFileSync(file, 'utf8').replace(/summary:\s*'[^']*'/, "summary: 'Mine.'");
  expect(edited).toContain("summary: 'Mine.'");
  writeFileSync(file, edited);
  expect(run('detectors', 'test', './mine').stdout).toMatch(/(\d+) of \1 checks pass/);
  const args = ['bench', '--detector', './mine', '--suite', 'quick', '--report', 'board.md'];
  const played = run(...args);
  expect(played.status).toBe(0);
  expect(played.stderr).toContain('wrote board.md');
  // What it is, beside what it has to be better than, before anything that is folded away.
  const [top = ''] = readFileSync(join(cwd, 'board.md'), 'utf8').split('<details>');
  expect(top).toMatch(/^- \*\*mine\*\*: rank \d+ of \d+, F1 \d\.\d{3} \[/m);
  for (const name of ['**mine**', 'default set', 'null', 'constant', 'seasonal-naive']) {
    expect(top).toContain(`\n| ${name} | `);
  }
  expect(top).toMatch(/\n\| random, mean of 5 seeds \| /);
  // Again nothing has to be played.
  const again = run(...args);
  expect(again.stdout).toBe(played.stdout);
  expect(again.stderr).not.toContain(' plays');
  // A change of the detector plays itself, and nothing of anybody else.
  writeFileSync(file, `${edited}\n// another\n`);
  expect(run(...args).stderr).toMatch(/^5 of 5 plays/m);
});
