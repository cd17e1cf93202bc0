/**
 * Whole runs against what they said before: a folder is a sample, its name is the test's.
 * `UPDATE=1 npx vitest run tests/golden` writes the expectations anew; read the difference.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { workbench } from '../support/workbench.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const samples = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const folder = mkdtempSync(join(tmpdir(), 'workbench-golden-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Holds a text to the file of the sample, or writes it. */
function hold(sample: string, name: string, text: string): void {
  const file = join(here, sample, name);
  if (process.env['UPDATE'] === '1') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

/** The engine's events in words that neither this machine nor its speed can change. */
function eventsOf(stdout: string): string {
  const lines = stdout.trimEnd().split('\n');
  const events = lines.map((line) => JSON.parse(line) as { type: string; digest?: string });
  const kept = events.filter(({ type }) => ['health', 'incident', 'change'].includes(type));
  const digest = events.at(-1)?.digest ?? '';
  return `${[...kept.map((event) => JSON.stringify(event)), `digest ${digest}`].join('\n')}\n`;
}

/** The story as the terminal tells it, up to the summary, which knows the clock and the disk. */
function storyOf(stdout: string): string {
  return stdout.slice(0, stdout.indexOf('\n\n') + 1);
}

test.each(samples)('%s', (sample) => {
  // A copy, so that no cache is left here and no path of this machine is told.
  const cwd = join(folder, sample);
  cpSync(join(here, sample), cwd, { recursive: true });
  const json = workbench(['run', 'scenario.yaml', '--json'], { cwd });
  expect(json.status).toBe(0);
  hold(sample, 'expected.events.jsonl', eventsOf(json.stdout));
  const plain = workbench(['run', 'scenario.yaml'], { cwd });
  expect(plain.status).toBe(0);
  hold(sample, 'expected.story.txt', storyOf(plain.stdout));
});
