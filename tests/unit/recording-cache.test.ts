import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCacheSource, prepareRecording } from '../../engine/recording/index.ts';
import { readAll, recorded, workplace } from '../support/recording.ts';
import type { Workplace } from '../support/recording.ts';

let place: Workplace;
beforeEach(() => void (place = workplace()));
afterEach(() => place.remove());

const scenario = (lines = 5000) => {
  const text = Array.from({ length: lines }, (_, i) =>
    JSON.stringify({ ts: 1714564800000 + ((i * 7919) % lines) * 10, service: 'a', msg: `m${i}` }),
  );
  const path = place.write('app.jsonl', text.join('\n'));
  return recorded([{ format: 'jsonl-logs', path, options: {} }]);
};
const options = () => ({ cacheFolder: place.cacheFolder });

describe('the cache of a recording', () => {
  test('is built once, and again when the content changes', async () => {
    const first = await prepareRecording(scenario(), options());
    const again = await prepareRecording(scenario(), options());
    const other = await prepareRecording(scenario(4000), options());
    expect([first.built, again.built, other.built]).toEqual([true, false, true]);
    expect(again.header).toEqual(first.header);
    expect(other.cacheFile).not.toBe(first.cacheFile);
  });

  test('ground truth and title have no part in its name, start and options have', async () => {
    const base = scenario();
    const { cacheFile } = await prepareRecording(base, options());
    const titled = await prepareRecording({ ...base, title: 'other', seed: 9 }, options());
    const cut = await prepareRecording({ ...base, durationUs: 60e6 }, options());
    expect(titled.cacheFile).toBe(cacheFile);
    expect(cut.cacheFile).not.toBe(cacheFile);
  });

  test.each([
    ['cut off', (file: string) => writeFileSync(file, readFileSync(file).subarray(0, 20_000))],
    ['no database', (file: string) => writeFileSync(file, 'hello')],
    ['empty', (file: string) => writeFileSync(file, '')],
    [
      'one byte of a batch flipped',
      (file: string) => {
        const bytes = readFileSync(file);
        const at = bytes.indexOf('m2500');
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        writeFileSync(file, bytes);
      },
    ],
    [
      "another program's",
      (file: string) => {
        writeFileSync(file, '');
        const database = new Database(file);
        database.exec('CREATE TABLE t (x)');
        database.close();
      },
    ],
  ])('damaged (%s) is built again', async (_, damage) => {
    const whole = await readAll(scenario(), place.cacheFolder);
    damage(whole.cacheFile);
    const mended = await readAll(scenario(), place.cacheFolder);
    expect(mended.built).toBe(true);
    expect(mended.records).toEqual(whole.records);
  });

  test('two that build it at once both succeed and leave nothing behind', async () => {
    const [one, two] = await Promise.all([
      prepareRecording(scenario(), options()),
      prepareRecording(scenario(), options()),
    ]);
    expect(one.cacheFile).toBe(two.cacheFile);
    expect(one.header).toEqual(two.header);
    expect(readdirSync(place.cacheFolder)).toHaveLength(1);
    expect(statSync(one.cacheFile).isFile()).toBe(true);
  });

  test('what is no cache is refused as a source', () => {
    const file = place.write('x.db', 'hello');
    expect(() => createCacheSource(file)).toThrow(/no cache of a recording/);
  });

  test('start and duration of the scenario bound it; what lies outside is counted', async () => {
    const cut = { ...scenario(), startUnixUs: 1714564810e6, durationUs: 10e6 };
    const { header, records } = await readAll(cut, place.cacheFolder);
    expect(header).toMatchObject({ startUnixUs: 1714564810e6, durationUs: 10e6 });
    expect(records).toHaveLength(1000);
    expect(header.intake).toMatchObject({ read: 5000, stored: 1000, rejected: 4000 });
  });
});
