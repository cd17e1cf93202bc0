/** Folders in the shape of NAB, as they are published, and as they should not be. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nabResultNames, readNabFolder, readNabResults } from '../../engine/benchmark/index.ts';
import { WorkbenchError } from '../../engine/errors.ts';
import { limits } from '../../engine/limits.ts';

let place: string;
beforeEach(() => void (place = mkdtempSync(join(tmpdir(), 'workbench-nab-'))));
afterEach(() => rmSync(place, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array): void => {
  mkdirSync(dirname(join(place, name)), { recursive: true });
  writeFileSync(join(place, name), content);
};
const time = (i: number): string => `2014-04-10 07:${String(i).padStart(2, '0')}:00`;
const table = (header: string, rows: readonly string[]): string =>
  `${header}\n${rows.join('\n')}\n`;
const rowsOf = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${time(i)},${i}`);
const data = (rows = rowsOf(10)): string => table('timestamp,value', rows);
const label = (windows: unknown, name = 'real/a.csv'): void =>
  write('combined_windows.json', JSON.stringify({ [name]: windows }));

/** A whole folder with one series of ten rows, and one detector. */
function whole(): void {
  label([[`${time(4)}.000000`, `${time(6)}.000000`]]);
  write('data/real/a.csv', data());
  const rows = rowsOf(10).map((row, i) => `${row},0.${i},0`);
  const scores = table('timestamp,value,anomaly_score,label', rows);
  write('results/good/real/good_a.csv', scores);
}

async function refusal(promise: Promise<unknown>): Promise<readonly [code: string, text: string]> {
  const error: unknown = await promise.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof WorkbenchError)) throw error;
  return [error.code, error.message];
}
const readScores = async () => readNabResults(place, 'good', await readNabFolder(place));

describe('a folder', () => {
  test('gives series, windows as rows, and scores of detectors', async () => {
    whole();
    const [series, ...more] = await readNabFolder(place);
    expect(more).toEqual([]);
    expect(series).toMatchObject({
      name: 'real/a.csv',
      rows: 10,
      windows: [{ first: 4, last: 6 }],
    });
    expect(series?.timesUs[1]).toBe(Date.UTC(2014, 3, 10, 7, 1) * 1000);
    expect([...(series?.values ?? [])]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(nabResultNames(place)).toEqual(['good']);
    expect((await readScores()).map((scores) => [...scores])).toEqual([
      [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
    ]);
  });

  test('may be as it is published, with labels/, or gzipped', async () => {
    whole();
    rmSync(join(place, 'combined_windows.json'));
    write('labels/combined_windows.json', JSON.stringify({ 'real/a.csv': [] }));
    rmSync(join(place, 'results/good/real/good_a.csv'));
    const scores = table(
      'timestamp,anomaly_score',
      rowsOf(10).map((row) => row.replace(/,.*/, ',1')),
    );
    write('results/good/real/good_a.csv.gz', gzipSync(scores));
    expect((await readScores())[0]?.every((score) => score === 1)).toBe(true);
  });

  test('may have times that repeat and run backward: rows keep their place', async () => {
    label([[time(5), time(6)]]);
    const rows = [9, 1, 1, 0, 5, 6, 2].map((minute, i) => `${time(minute)},${i}`);
    write('data/real/a.csv', data(rows));
    const [series] = await readNabFolder(place);
    expect(series).toMatchObject({ rows: 7, windows: [{ first: 4, last: 5 }] });
    expect([...(series?.values ?? [])]).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('without results has no detectors', async () => {
    label([]);
    write('data/real/a.csv', data());
    expect(nabResultNames(place)).toEqual([]);
    expect(await readNabFolder(place)).toHaveLength(1);
  });
});

describe('labels', () => {
  beforeEach(() => write('data/real/a.csv', data()));

  test.each<[string, unknown, RegExp]>([
    ['no list', 'soon', /its windows are no list/],
    ['no pairs', [[time(1)]], /not a pair of timestamps/],
    ['no times', [['soon', time(1)]], /not a pair of timestamps/],
    ['at times that no row has', [[time(1), time(50)]], /a time that no row has/],
    ['backward', [[time(6), time(4)]], /ends before it begins/],
    [
      'overlapping',
      [
        [time(1), time(4)],
        [time(4), time(5)],
      ],
      /overlap/,
    ],
    ['too many', Array(limits.benchmarkWindowsMax + 1).fill([time(1), time(2)]), /more than/],
  ])('that are %s', async (_what, windows, reason) => {
    label(windows);
    const [code, text] = await refusal(readNabFolder(place));
    expect(code).toBe('RECORDING_UNREADABLE');
    expect(text).toMatch(reason);
    expect(text).toContain('a.csv');
  });

  test('at a time that two rows have', async () => {
    write('data/real/a.csv', data([`${time(1)},1`, `${time(1)},2`, `${time(2)},2`]));
    label([[time(1), time(2)]]);
    const [, text] = await refusal(readNabFolder(place));
    expect(text).toMatch(/a time that several rows have/);
  });

  test.each(['../a.csv', '/etc/a.csv', 'real/../../a.csv', 'a.csv', 'real/a.txt', '.x/a.csv'])(
    'of a file called %s',
    async (name) => {
      label([], name);
      const [code, text] = await refusal(readNabFolder(place));
      expect(code).toBe('RECORDING_UNREADABLE');
      expect(text).toMatch(/not of the form <group>\/<file>.csv/);
    },
  );

  test.each([
    ['{', /not JSON/],
    ['[]', /no table/],
    ['null', /no table/],
    ['{}', /names no file/],
  ])('%s', async (content, reason) => {
    write('combined_windows.json', content);
    const [code, text] = await refusal(readNabFolder(place));
    expect(code).toBe('RECORDING_UNREADABLE');
    expect(text).toMatch(reason);
  });

  test('of too many files, of too many bytes, or none at all', async () => {
    const names = Array.from({ length: limits.benchmarkFilesMax + 1 }, (_, i) => [
      `g/${i}.csv`,
      [],
    ]);
    write('combined_windows.json', JSON.stringify(Object.fromEntries(names)));
    expect((await refusal(readNabFolder(place)))[1]).toMatch(/names more than/);
    write('combined_windows.json', ' '.repeat(limits.benchmarkLabelsBytesMax + 1));
    expect((await refusal(readNabFolder(place)))[0]).toBe('FILE_TOO_LARGE');
    rmSync(join(place, 'combined_windows.json'));
    expect((await refusal(readNabFolder(place)))[0]).toBe('SOURCE_MISSING');
    expect((await refusal(readNabFolder(join(place, 'nowhere'))))[0]).toBe('SOURCE_MISSING');
  });
});

describe('series', () => {
  beforeEach(() => label([]));

  test('that is missing', async () => {
    write('data/real/b.csv', data());
    const [code] = await refusal(readNabFolder(place));
    expect(code).toBe('SOURCE_MISSING');
  });

  test.each([
    ['without its columns', table('timestamp,v', rowsOf(3)), /no column "value"/],
    ['without rows', 'timestamp,value\n', /it has no rows/],
    ['without anything', '', /it has no rows/],
    ['with a bad time', data([`${time(1)},1`, 'soon,2']), /line 3: the timestamp/],
    ['with an empty value', data([`${time(1)},`]), /line 2: value is not a finite number/],
    ['with a short row', data([`${time(1)}`]), /line 2: value is not a finite number/],
    ['with a word for a number', data([`${time(1)},Infinity`]), /line 2: value is not/],
    ['with an open quote', data([`"${time(1)},1`]), /line 2: a quote is not closed/],
    ['that is cut off', gzipSync(data()).subarray(0, 40), /gzip stream ends early/],
  ])('%s', async (_what, content, reason) => {
    write('data/real/a.csv', content);
    const [code, text] = await refusal(readNabFolder(place));
    expect(code).toBe('RECORDING_UNREADABLE');
    expect(text).toMatch(reason);
  });

  test('that a link leads out of the folder for', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'workbench-nab-outside-'));
    writeFileSync(join(outside, 'a.csv'), data());
    mkdirSync(join(place, 'data'));
    symlinkSync(outside, join(place, 'data/real'));
    expect((await refusal(readNabFolder(place)))[0]).toBe('SOURCE_OUTSIDE');
    rmSync(outside, { recursive: true });
  });
});

describe('scores', () => {
  beforeEach(whole);

  test('of a detector that is not there', async () => {
    const series = await readNabFolder(place);
    for (const name of ['goood', '../results/good']) {
      expect((await refusal(readNabResults(place, name, series)))[0]).toBe('SOURCE_MISSING');
    }
  });

  test.each([
    ['too few rows', rowsOf(9), /not the 10 rows/],
    ['too many rows', rowsOf(11), /not the 10 rows/],
    ['far too many rows', rowsOf(12), /too many rows/],
    ['other times', rowsOf(11).slice(1), /row 1 has another timestamp/],
  ])('with %s', async (_what, rows, reason) => {
    const zero = rows.map((row) => row.replace(/,.*/, ',0'));
    write('results/good/real/good_a.csv', table('timestamp,anomaly_score', zero));
    const [code, text] = await refusal(readScores());
    expect(code).toBe('RECORDING_UNREADABLE');
    expect(text).toMatch(reason);
  });

  test.each([
    ['1.5', /score of row 1 is not from 0 to 1/],
    ['-0.1', /score of row 1 is not from 0 to 1/],
    ['nan', /line 2: anomaly_score is not a finite number/],
  ])('of %s', async (score, reason) => {
    const rows = rowsOf(10).map((row) => row.replace(/,.*/, `,${score}`));
    write('results/good/real/good_a.csv', table('timestamp,anomaly_score', rows));
    expect((await refusal(readScores()))[1]).toMatch(reason);
  });
});
