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
const list = () => join(home(), 'imported-paths.json');

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
  expect(await imported('other')).toBe(0);
  expect(readFileSync(join(place.folder, 'before.json'), 'utf8')).toBe(before);
  expect(readFileSync(list(), 'utf8')).not.toBe(before);
  expect(readdirSync(home()).sort()).toEqual(['cache', 'imported-paths.json']);
});

test('a torn list is named where a recording needs it, and keeps no simulation from running', async () => {
  expect(await imported('mine')).toBe(0);
  truncateSync(list(), 10);
  const recorded = await typed('run', 'made/mine.yaml', '--quiet');
  expect(recorded.stderr).toMatch(
    /^error cannot read \.workbench\/imported-paths\.json: .*; remove it, and import again\n$/,
  );
  expect(recorded.code).toBe(2);
  const simulated = await typed('run', demoScenario, '--quiet', '--db', 'demo.db');
  expect([simulated.code, simulated.stderr]).toEqual([0, '']);
});

test("an imported file opens itself to strangers' scenarios, and nothing beside it", async () => {
  expect(await imported('mine')).toBe(0);
  mkdirSync(join(place.folder, 'theirs'));
  const reading = (source: string) => {
    const path = JSON.stringify(join(place.folder, source));
    place.write(
      'theirs/scenario.yaml',
      `apiVersion: workbench/v1\nkind: recorded\nname: theirs\nsources: [{ format: jsonl-logs, path: ${path} }]\n`,
    );
    return typed('run', 'theirs', '--quiet');
  };
  expect((await reading('mine.jsonl')).code).toBe(0);
  const beside = await reading('other.jsonl');
  expect(beside.stderr).toContain('lies outside of the folders that the scenario may read');
  expect(beside.code).toBe(2);
});
