/** Scores by rows: numbers worked out by hand, and what is said where there is nothing to score. */
import { describe, expect, test } from 'vitest';
import {
  affiliation,
  areasUnderCurves,
  bestAffiliation,
  bestRangeScore,
  calibrationOf,
  marksOfWindows,
  pointAdjustedF1,
  precisionRecallCurve,
  rangeScore,
  volumesUnderSurfaces,
  vusBuffer,
  windowsAbove,
} from '../../engine/benchmark/index.ts';
import { randomFunction } from '../../engine/replay/random.ts';

const marks = (...values: number[]) => Uint8Array.from(values);
const scores = (...values: number[]) => Float64Array.from(values);

test('areas under curves', () => {
  const areas = areasUnderCurves(marks(1, 0, 1, 0), scores(0.9, 0.8, 0.7, 0.1));
  expect(areas.aucPr).toBeCloseTo(1 / 2 + (1 / 2) * (2 / 3), 12);
  expect(areas.aucRoc).toBe(3 / 4);
  expect(precisionRecallCurve(marks(1, 0, 1, 0), scores(0.9, 0.8, 0.8, 0.1), 10)).toEqual([
    { threshold: 0.9, recall: 0.5, precision: 1 },
    { threshold: 0.8, recall: 1, precision: 2 / 3 },
    { threshold: 0.1, recall: 1, precision: 1 / 2 },
  ]);
});

test('a volume: two tolerances without credit, one with it', () => {
  const credit = Math.sqrt(1 / 2);
  // The highest score lies beside the window: it is credited from a tolerance of two rows on.
  const recall = credit / (1 + credit / 2);
  const second = (1 - recall) * ((1 + 2 * credit) / 4);
  const { vusPr } = volumesUnderSurfaces(marks(0, 1, 0, 0), scores(1, 0, 0, 0), 2);
  expect(vusPr).toBeCloseTo((1 / 4 + 1 / 4 + recall * credit + second) / 3, 12);
});

test('of two windows that are abnormal alike, one found is half of the recall, halved again', () => {
  const found = scores(0, 1, 0, 0, 0, 0, 0, 0);
  const apart = volumesUnderSurfaces(marks(0, 1, 0, 0, 0, 1, 0, 0), found, 0).vusRoc;
  // Before the lowest threshold half of the rows are hits, in half of the windows.
  expect(apart).toBeCloseTo((1 * (1 / 4 + 1)) / 2, 12);
});

test('ranges: a window of four rows, half of it covered by two predictions', () => {
  const truth = [{ first: 2, last: 5 }];
  const predictions = [
    { first: 1, last: 2 },
    { first: 5, last: 5 },
  ];
  const { precision, recall, f1 } = rangeScore(truth, predictions);
  expect(recall).toBeCloseTo(0.2 + (0.8 * 0.5) / 2, 12);
  expect(precision).toBe(0.75);
  expect(f1).toBeCloseTo((2 * 0.75 * 0.4) / 1.15, 12);
});

test('affiliation: a prediction one row behind a window of two', () => {
  const near = affiliation([{ first: 4, last: 5 }], [{ first: 7, last: 7 }], 10);
  expect(near.precision).toBeCloseTo(0.5, 12);
  expect(near.recall).toBeCloseTo(0.6, 12);
});

test('affiliation: a zone without predictions lowers recall, not precision', () => {
  const truth = [
    { first: 2, last: 3 },
    { first: 12, last: 13 },
  ];
  expect(affiliation(truth, truth.slice(0, 1), 20)).toEqual({
    precision: 1,
    recall: 0.5,
    f1: 2 / 3,
  });
});

test('calibration', () => {
  const calibration = calibrationOf(marks(1, 0, 1, 0), scores(1, 0.9, 0.2, 0.2));
  expect(calibration).toMatchObject({ rows: 4, brierOfPrevalence: 0.25 });
  expect(calibration.brier).toBeCloseTo((0.81 + 0.64 + 0.04) / 4, 12);
  expect(calibration.expectedError).toBeCloseTo((0.9 + 0.6) / 4, 12);
  expect(calibration.bins[9]).toMatchObject({ rows: 2, meanScore: 0.95, abnormalShare: 0.5 });
  expect(calibration.bins[0]).toMatchObject({ rows: 0, meanScore: null, abnormalShare: null });
  expect(() => calibrationOf(marks(1), scores(1.1))).toThrow(RangeError);
  expect(() => calibrationOf(marks(1), scores(-0.1))).toThrow(RangeError);
});

test('point adjustment makes chance look perfect: why it is a warning and no score', () => {
  const random = randomFunction(1, 'scores');
  const rows = 4_000;
  const truth = marksOfWindows(rows, [{ first: 1_000, last: 1_399 }]);
  const chance = Float64Array.from({ length: rows }, random);
  const { f1, plainF1 } = pointAdjustedF1(truth, chance);
  expect(f1).toBeGreaterThan(0.95);
  expect(plainF1).toBeLessThan(0.25);
  expect(areasUnderCurves(truth, chance).aucPr).toBeLessThan(0.15);
});

test('the tolerance is the period of a series, 125 rows where it has none', () => {
  const wave = Float64Array.from({ length: 2_000 }, (_, i) => Math.sin((2 * Math.PI * i) / 48));
  expect(vusBuffer(wave)).toBe(48);
  expect(vusBuffer(new Float64Array(2_000).fill(0.1))).toBe(125);
  expect(vusBuffer(Float64Array.from({ length: 500 }, (_, i) => i))).toBe(125);
  for (const rows of [0, 1, 3, 5]) expect(vusBuffer(wave.subarray(0, rows))).toBe(125);
});

describe('where nothing is abnormal', () => {
  const none = marks(0, 0, 0);
  const some = scores(0.1, 0.2, 0.3);

  test('there is no score, which is not 0', () => {
    expect(areasUnderCurves(none, some)).toEqual({ aucPr: null, aucRoc: null });
    expect(precisionRecallCurve(none, some, 10)).toEqual([]);
    expect(volumesUnderSurfaces(none, some, 2)).toEqual({ vusPr: null, vusRoc: null });
    expect(rangeScore([], windowsAbove(some, 0.1))).toEqual({
      precision: 0,
      recall: null,
      f1: null,
    });
    expect(affiliation([], windowsAbove(some, 0.1), 3)).toMatchObject({ f1: null });
    expect(bestRangeScore(none, some)).toBeNull();
    expect(bestAffiliation(none, some)).toBeNull();
    expect(pointAdjustedF1(none, some)).toEqual({ f1: null, plainF1: null });
  });

  test('nor without rows', () => {
    expect(areasUnderCurves(marks(), scores())).toEqual({ aucPr: null, aucRoc: null });
    expect(volumesUnderSurfaces(marks(), scores(), 2)).toEqual({ vusPr: null, vusRoc: null });
    expect(calibrationOf(marks(), scores())).toMatchObject({ brier: null, expectedError: null });
  });
});

test('where everything is abnormal, there are no false positives to count', () => {
  const all = marks(1, 1, 1);
  const some = scores(0.1, 0.2, 0.3);
  expect(areasUnderCurves(all, some)).toEqual({ aucPr: 1, aucRoc: null });
  const { vusPr, vusRoc } = volumesUnderSurfaces(all, some, 2);
  expect(vusPr).toBeCloseTo(1, 12);
  expect(vusRoc).toBeNull();
});

test('without predictions precision is unknown and F1 is 0', () => {
  const truth = [{ first: 1, last: 2 }];
  expect(rangeScore(truth, [])).toEqual({ precision: null, recall: 0, f1: 0 });
  expect(affiliation(truth, [], 5)).toEqual({ precision: null, recall: 0, f1: 0 });
  // Nothing is above the highest score: a constant predicts nothing.
  expect(bestRangeScore(marks(0, 1, 1), scores(0.5, 0.5, 0.5))?.score.f1).toBe(0);
});

test.each([
  ['one for each row', marks(0, 1), scores(0.5)],
  ['numbers', marks(0, 1), scores(0.5, NaN)],
  ['finite', marks(0, 1), scores(0.5, Infinity)],
])('scores have to be %s', (_what, wrongMarks, wrongScores) => {
  for (const score of [areasUnderCurves, bestRangeScore, bestAffiliation, pointAdjustedF1]) {
    expect(() => score(wrongMarks, wrongScores)).toThrow(RangeError);
  }
  expect(() => volumesUnderSurfaces(wrongMarks, wrongScores, 1)).toThrow(RangeError);
  expect(() => volumesUnderSurfaces(marks(0), scores(0), 1.5)).toThrow(RangeError);
});
