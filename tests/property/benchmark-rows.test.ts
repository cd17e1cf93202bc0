/** Scores by rows against their definitions, on drawn series. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  affiliation,
  areasUnderCurves,
  calibrationOf,
  marksOfWindows,
  pointAdjustedF1,
  precisionRecallCurve,
  rangeScore,
  volumesUnderSurfaces,
  windowsAbove,
  windowsOfMarks,
} from '../../engine/benchmark/index.ts';
import { tries } from '../support/effort.ts';
import {
  referenceAffiliation,
  referenceAucPr,
  referenceAucRoc,
  referencePointAdjusted,
  referenceRangeReward,
  referenceVus,
} from '../support/score-references.ts';

/** Runs of marks rather than single ones, at the ends too, and scores with many ties. */
const marked = (rowsMax: number) =>
  fc
    .array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 8 })), { minLength: 1, maxLength: 10 })
    .map((runs) =>
      runs.flatMap(([on, length]) => Array<number>(length).fill(on ? 1 : 0)).slice(0, rowsMax),
    );
const series = (rowsMax: number) =>
  marked(rowsMax).chain((marks) =>
    fc.record({
      marks: fc.constant(marks),
      scores: fc.array(
        fc.oneof(
          fc.integer({ min: 0, max: 5 }).map((level) => level / 5),
          fc.double({ min: 0, max: 1, noNaN: true }),
        ),
        { minLength: marks.length, maxLength: marks.length },
      ),
    }),
  );
const columns = ({ marks, scores }: { marks: readonly number[]; scores: readonly number[] }) =>
  [Uint8Array.from(marks), Float64Array.from(scores)] as const;
const both = ({ marks }: { marks: readonly number[] }) => marks.includes(1) && marks.includes(0);

describe('against its definition', () => {
  test('areas under curves', () => {
    fc.assert(
      fc.property(series(80).filter(both), (drawn) => {
        const { aucPr, aucRoc } = areasUnderCurves(...columns(drawn));
        expect(aucPr).toBeCloseTo(referenceAucPr(drawn.marks, drawn.scores), 12);
        expect(aucRoc).toBeCloseTo(referenceAucRoc(drawn.marks, drawn.scores), 12);
      }),
      { numRuns: tries(100) },
    );
  });

  test('volumes under surfaces, tolerances beyond the length of the series included', () => {
    fc.assert(
      fc.property(series(40).filter(both), fc.integer({ min: 0, max: 50 }), (drawn, l) => {
        const volumes = volumesUnderSurfaces(...columns(drawn), l);
        const wanted = referenceVus(drawn.marks, drawn.scores, l);
        expect(volumes.vusPr).toBeCloseTo(wanted.vusPr, 10);
        expect(volumes.vusRoc).toBeCloseTo(wanted.vusRoc, 10);
      }),
      { numRuns: tries(12) },
    );
  });

  test('ranges', () => {
    fc.assert(
      fc.property(marked(60), marked(60), (a, b) => {
        const truth = windowsOfMarks(Uint8Array.from(a));
        const predictions = windowsOfMarks(Uint8Array.from(b));
        fc.pre(truth.length > 0 && predictions.length > 0);
        const { precision, recall } = rangeScore(truth, predictions);
        expect(recall).toBeCloseTo(referenceRangeReward(truth, predictions, 0.2), 12);
        expect(precision).toBeCloseTo(referenceRangeReward(predictions, truth, 0), 12);
      }),
      { numRuns: tries(200) },
    );
  });

  test('affiliation', () => {
    fc.assert(
      fc.property(marked(20), marked(20), (a, b) => {
        const rows = Math.max(a.length, b.length);
        const truth = windowsOfMarks(Uint8Array.from(a));
        const predictions = windowsOfMarks(Uint8Array.from(b));
        fc.pre(truth.length > 0);
        const got = affiliation(truth, predictions, rows);
        const wanted = referenceAffiliation(truth, predictions, rows);
        expect(got.recall).toBeCloseTo(wanted.recall, 2);
        if (wanted.precision === null) expect(got.precision).toBeNull();
        else expect(got.precision).toBeCloseTo(wanted.precision, 2);
      }),
      { numRuns: tries(30) },
    );
  });

  test('point adjustment', () => {
    fc.assert(
      fc.property(series(60).filter(both), (drawn) => {
        const { f1, plainF1 } = pointAdjustedF1(...columns(drawn));
        expect(f1).toBeCloseTo(referencePointAdjusted(drawn.marks, drawn.scores), 12);
        expect(f1).toBeGreaterThanOrEqual(plainF1 ?? NaN);
      }),
      { numRuns: tries(100) },
    );
  });
});

describe('whatever the series', () => {
  test('areas and volumes know only the order of scores', () => {
    fc.assert(
      fc.property(series(40), fc.integer({ min: 0, max: 12 }), (drawn, l) => {
        const [marks, scores] = columns(drawn);
        const bent = scores.map((score) => Math.fround(score) ** 3 * 0.5 + 0.25);
        // Cubing may make ties of what was none.
        fc.pre(new Set(bent).size === new Set(scores).size);
        expect(areasUnderCurves(marks, bent)).toEqual(areasUnderCurves(marks, scores));
        expect(volumesUnderSurfaces(marks, bent, l)).toEqual(
          volumesUnderSurfaces(marks, scores, l),
        );
      }),
      { numRuns: tries(50) },
    );
  });

  test('scores that are the marks are perfect, constant ones are the share of marks', () => {
    fc.assert(
      fc.property(
        marked(60).filter((marks) => both({ marks })),
        (drawn) => {
          const marks = Uint8Array.from(drawn);
          const share = drawn.filter((mark) => mark === 1).length / drawn.length;
          const perfect = Float64Array.from(drawn);
          expect(areasUnderCurves(marks, perfect)).toEqual({ aucPr: 1, aucRoc: 1 });
          const windows = windowsAbove(perfect, 0);
          expect(rangeScore(windowsOfMarks(marks), windows)).toEqual({
            precision: 1,
            recall: 1,
            f1: 1,
          });
          expect(affiliation(windowsOfMarks(marks), windows, marks.length).f1).toBeCloseTo(1, 12);
          const constant = areasUnderCurves(marks, new Float64Array(marks.length).fill(0.5));
          expect(constant.aucPr).toBeCloseTo(share, 12);
          expect(constant.aucRoc).toBeCloseTo(0.5, 12);
        },
      ),
      { numRuns: tries(50) },
    );
  });

  test('marks and windows are two ways to say the same', () => {
    fc.assert(
      fc.property(marked(60), (drawn) => {
        const marks = Uint8Array.from(drawn);
        expect(marksOfWindows(marks.length, windowsOfMarks(marks))).toEqual(marks);
      }),
      { numRuns: tries(50) },
    );
  });

  test('the bins of a reliability diagram hold every row, and the Brier score splits by them', () => {
    fc.assert(
      fc.property(series(60), (drawn) => {
        const [marks, scores] = columns(drawn);
        const { bins, brier, expectedError } = calibrationOf(marks, scores);
        expect(bins.reduce((sum, { rows }) => sum + rows, 0)).toBe(marks.length);
        // Within the bins or not, no more can be wrong than the mean distance squared allows.
        expect(expectedError! ** 2).toBeLessThanOrEqual(brier! + 1e-12);
        scores.forEach((score) => {
          const bin = bins.find(({ from, to }) => score >= from && (score < to || to === 1));
          expect(bin?.rows).toBeGreaterThan(0);
        });
      }),
      { numRuns: tries(50) },
    );
  });

  test('a thinned curve of precision over recall keeps its ends and its order', () => {
    fc.assert(
      fc.property(series(80).filter(both), fc.integer({ min: 2, max: 20 }), (drawn, pointsMax) => {
        const whole = precisionRecallCurve(...columns(drawn), Infinity);
        const curve = precisionRecallCurve(...columns(drawn), pointsMax);
        expect(curve.length).toBe(Math.min(pointsMax, whole.length));
        expect(curve[0]).toEqual(whole[0]);
        expect(curve.at(-1)).toEqual(whole.at(-1));
        expect(curve.at(-1)?.recall).toBe(1);
        curve.slice(1).forEach(({ recall, threshold }, i) => {
          expect(recall).toBeGreaterThanOrEqual(curve[i]!.recall);
          expect(threshold).toBeLessThan(curve[i]!.threshold);
        });
      }),
      { numRuns: tries(50) },
    );
  });
});
