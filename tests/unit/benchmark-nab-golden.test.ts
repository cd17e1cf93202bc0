/** Seven published detectors, as NAB's own scorer scores them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  nabProfileList,
  nabResultNames,
  prepareNabRows,
  readNabFolder,
  readNabResults,
  scoreNab,
  scoreNabOptimised,
  type NabRows,
  type NabSeries,
} from '../../engine/benchmark/index.ts';
import { dataFolder } from '../support/recording.ts';

const folder = join(dataFolder, 'nab');
const isThere = existsSync(join(folder, 'golden.json'));
if (!isThere) {
  process.stderr.write(`skipped: no NAB in ${dataFolder}; set WORKBENCH_DATA to test it\n`);
}

interface GoldenScore {
  readonly threshold: number;
  readonly raw: number;
  readonly normalised: number;
  readonly files: Readonly<
    Record<string, { score: number; tp: number; tn: number; fp: number; fn: number }>
  >;
}

const golden = isThere
  ? (JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8')) as {
      readonly detectors: Readonly<Record<string, Readonly<Record<string, GoldenScore>>>>;
    })
  : { detectors: {} };

/** The gate of the golden values. */
const near = 1e-9;
const close = (got: number | null, wanted: number): boolean =>
  got !== null && Math.abs(got - wanted) <= near;

describe.skipIf(!isThere)('NAB, exactly', () => {
  let series: readonly NabSeries[];
  let rows: readonly NabRows[];
  beforeAll(async () => {
    series = await readNabFolder(folder);
    rows = series.map(prepareNabRows);
  });

  test('the folder has the detectors of the golden values, and 33 windows', () => {
    expect(nabResultNames(folder)).toEqual(Object.keys(golden.detectors).sort());
    expect(rows).toHaveLength(25);
    expect(rows.reduce((sum, { windowCount }) => sum + windowCount, 0)).toBe(33);
  });

  test.each(Object.entries(golden.detectors))('%s', async (detector, profiles) => {
    const scores = await readNabResults(folder, detector, series);
    const results = scoreNabOptimised({ files: rows, scores }, nabProfileList);
    expect(results.map(({ profile }) => profile).sort()).toEqual(Object.keys(profiles).sort());
    for (const [i, result] of results.entries()) {
      const wanted = profiles[result.profile]!;
      expect(close(result.threshold, wanted.threshold)).toBe(true);
      expect(close(result.raw, wanted.raw)).toBe(true);
      expect(close(result.normalised, wanted.normalised)).toBe(true);
      expect(result.files.map(({ name }) => name).sort()).toEqual(Object.keys(wanted.files).sort());
      for (const { name, score, ...counts } of result.files) {
        const { score: wantedScore, ...wantedCounts } = wanted.files[name]!;
        expect(close(score, wantedScore), `${name}: ${score} is not ${wantedScore}`).toBe(true);
        expect(counts).toEqual(wantedCounts);
      }
      expect(scoreNab({ files: rows, scores }, nabProfileList[i]!, result.threshold)).toEqual(
        result,
      );
    }
  });
});
