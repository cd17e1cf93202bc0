/** What a person has imported is remembered at home: a list that may be torn, and must not say too much. */
import { linkSync, mkdirSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../../cli/program.ts';
import { fakeIo } from '../support/fake-io.ts';
import { workplace, type Workplace } from '../support/recording.ts';
import { demoScenario } from '../support/workbench.ts';

let place: Workplace;
beforeEach(() => {
  place = workplace();
  for (const name of ['mine.jsonl', 'other.jsonl']) {
    place.write(name, '{"ts":1714564800,"service":"web","msg":"x"}\n');
  }
});
afterEach(() => place.remove());

const home = () => join(place.folder, '.workbench');
const list = () => join(home(), 'imported-folders.json');

async function typed(...args: readonly string[]) {
  const io = fakeIo({ cwd: place.folder });
  return { code: await runCli(io, args), ...io.printed };
}
const imported = async (name: string) =>
  (await typed('import', 'jsonl', `${name}.jsonl`, '--out', `made/${name}.yaml`)).code;

test('the list is replaced as a whole, never written in place', async () => {
  expect(await imported('mine')).toBe(0);
  const before = readFileSync(list(), 'utf8');
  linkSync(list(), join(place.folder, 'before.json'));
  mkdirSync(join(place.folder, 'far'));
  place.write('far/other.jsonl', readFileSync(join(place.folder, 'other.jsonl')));
  expect(await imported('far/other')).toBe(0);
  expect(readFileSync(join(place.folder, 'before.json'), 'utf8')).toBe(before);
  expect(readFileSync(list(), 'utf8')).not.toBe(before);
  expect(readdirSync(home()).sort()).toEqual(['cache', 'imported-folders.json']);
});

test('a torn list is named where a recording needs it, and keeps no simulation from running', async () => {
  expect(await imported('mine')).toBe(0);
  truncateSync(list(), 10);
  const recorded = await typed('run', 'made/mine.yaml', '--quiet');
  expect(recorded.stderr).toMatch(
    /^error cannot read \.workbench\/imported-folders\.json: .*; remove it, and import again\n$/,
  );
  expect(recorded.code).toBe(2);
  const simulated = await typed('run', demoScenario, '--quiet', '--db', 'demo.db');
  expect([simulated.code, simulated.stderr]).toEqual([0, '']);
});
