/** Scores by rows, as TSB-AD's own code gives them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  areasUnderCurves,
  bestAffiliation,
  bestRangeScore,
  readNabFolder,
  volumesUnderSurfaces,
  vusBuffer,
} from '../../engine/benchmark/index.ts';
import { dataFolder } from '../support/recording.ts';

const folder = join(dataFolder, 'nab');
const isThere = existsSync(join(folder, 'vus-golden.json'));
if (!isThere) {
  process.stderr.write(`skipped: no VUS in ${dataFolder}; set WORKBENCH_DATA to test it\n`);
}

interface Vectors {
  readonly cases: readonly {
    readonly name: string;
    readonly l: number;
    readonly label: readonly number[];
    readonly score: readonly number[];
    readonly metrics: Readonly<Record<string, number>>;
  }[];
}
type Published = readonly {
  readonly nabFile: string;
  readonly l: number;
  readonly publishedVusPr: Readonly<Record<string, number>>;
  readonly label: string;
  readonly srScore: readonly number[];
}[];
const read = <T>(name: string, otherwise: T): T =>
  isThere ? (JSON.parse(readFileSync(join(folder, name), 'utf8')) as T) : otherwise;
const { cases } = read<Vectors>('vus-golden.json', { cases: [] });
const published = read<Published>('vus-published.json', []);

const exactly = (got: number | null, wanted: number | undefined): void => {
  expect(Math.abs((got ?? NaN) - (wanted ?? NaN))).toBeLessThanOrEqual(1e-9);
};

describe.skipIf(!isThere)('small vectors', () => {
  test.each(cases)('$name, tolerance $l', ({ l, label, score, metrics }) => {
    const marks = Uint8Array.from(label);
    const scores = Float64Array.from(score);
    const { aucPr, aucRoc } = areasUnderCurves(marks, scores);
    exactly(aucPr, metrics['AUC-PR']);
    exactly(aucRoc, metrics['AUC-ROC']);
    const { vusPr, vusRoc } = volumesUnderSurfaces(marks, scores, l);
    exactly(vusPr, metrics['VUS-PR']);
    exactly(vusRoc, metrics['VUS-ROC']);
    // TSB-AD adds small numbers to its denominators.
    const range = bestRangeScore(marks, scores)?.score.f1 ?? NaN;
    expect(Math.abs(range - metrics['R-based-F1']!)).toBeLessThanOrEqual(1e-4);
    const near = bestAffiliation(marks, scores)?.score.f1 ?? NaN;
    expect(Math.abs(near - metrics['Affiliation-F']!)).toBeLessThanOrEqual(1e-4);
  });
});

describe.skipIf(!isThere)('published series', () => {
  test.each(published)('$nabFile', ({ l, label, srScore, publishedVusPr }) => {
    const { vusPr } = volumesUnderSurfaces(
      Uint8Array.from(label, Number),
      Float64Array.from(srScore),
      l,
    );
    exactly(vusPr, publishedVusPr['SR']);
  });

  test('their tolerance comes from their values', async () => {
    const series = await readNabFolder(folder);
    for (const { nabFile, l, label } of published) {
      const own = series.find(({ name }) => name === nabFile);
      const values = own?.values ?? new Float64Array();
      expect(vusBuffer(values.subarray(0, label.length))).toBe(l);
    }
  });
});
