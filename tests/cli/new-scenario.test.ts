/** `workbench new scenario`: every recipe gives a scenario that passes its audit as it is. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../../cli/program.ts';
import { recipes } from '../../cli/scenario-recipes.ts';
import { fakeIo } from '../support/fake-io.ts';
import { effort } from '../support/effort.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'workbench-new-scenario-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function make(name: string, ...flags: readonly string[]) {
  const io = fakeIo({ cwd: folder });
  const code = await runCli(io, ['new', 'scenario', name, ...flags]);
  return { code, ...io.printed };
}

// Each takes seconds: all of them with more effort, and one without; the test that asks makes another.
/** Each simulates its scenario some six times, ms. */
const timeout = 120_000;
const kinds = Object.keys(recipes);
const tried = effort > 1 ? kinds : ['certificate-expiry'];

describe('a recipe works as it is', () => {
  test.each(tried)('%s', { timeout }, async (fault) => {
    const { code, stdout, stderr } = await make(`try-${fault}`, '--fault', fault);
    expect(stderr).toMatch(new RegExp(`^accepted try-${fault} `));
    expect(code).toBe(0);
    expect(stdout).toContain(`try-${fault}/scenario.yaml\ntry-${fault}/README.md\n`);
    expect(existsSync(join(folder, 'base/shop.yaml'))).toBe(true);
    const page = readFileSync(join(folder, `try-${fault}/README.md`), 'utf8');
    const [briefing = ''] = page.split('<details>');
    expect(briefing).not.toContain(recipes[fault]?.service);
    expect(briefing.replace(`try-${fault}`, '')).not.toContain(fault);
    expect(briefing).toMatch(/^# .+\n\nDifficulty 1 of 4 · 30 minutes\n\n\*\*Briefing\.\*\* /);
    expect(page).toContain(`</summary>\n\n**Tags.** ${fault}\n`);
  });
});

test('asks what was not given, and Enter takes what is offered', { timeout }, async () => {
  const io = fakeIo({ cwd: folder, tty: true, answer: '' });
  expect(await runCli(io, ['new', 'scenario', 'asked', '--fault', 'latency'])).toBe(0);
  const { stderr } = io.printed;
  expect(stderr).toContain('When it begins (8m): ');
  expect(stderr).toContain('Title that gives nothing away (Something is wrong in the shop): ');
  expect(stderr).toContain('How long the scenario is (30m): ');
  expect(stderr).not.toContain('Fault (');
  expect(readFileSync(join(folder, 'asked/scenario.yaml'), 'utf8')).toContain('duration: 30m');
});

test('what makes no scenario leaves none behind, and names no file', async () => {
  const { code, stderr } = await make('late', '--at', 'soon');
  expect(code).toBe(2);
  expect(stderr).toContain('"soon" is no duration');
  expect(stderr).toContain('nothing was written');
  expect(stderr).not.toContain('scenario.yaml');
  expect(existsSync(join(folder, 'late'))).toBe(false);
  expect((await make('Bad Name')).stderr).toMatch(/no name of a scenario/);
  expect((await make('odd', '--fault', 'latancy')).stderr).toMatch(/--fault latency/);
});

test('an answer that will not do is asked for again, and not for ever', async () => {
  const io = fakeIo({ cwd: folder, tty: true, answer: 'banana' });
  expect(await runCli(io, ['new', 'scenario', 'fruit', '--fault', 'crash'])).toBe(2);
  const { stderr } = io.printed;
  expect(stderr.split('When it begins (8m): ')).toHaveLength(6);
  expect(stderr).toContain('"banana" is no duration');
  expect(stderr).not.toContain('Title');
  const other = fakeIo({ cwd: folder, tty: true, answer: '5' });
  expect(await runCli(other, ['new', 'scenario', 'five'])).toBe(2);
  expect(other.printed.stderr).toContain('no recipe for "5"');
  expect(existsSync(join(folder, 'fruit'))).toBe(false);
});
