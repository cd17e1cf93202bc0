/** The corner cases of NAB's scoring, each by numbers worked out by hand. */
import { describe, expect, test } from 'vitest';
import {
  nabProfileList,
  nabProfiles,
  normaliseNab,
  onsetScores,
  prepareNabRows,
  randomHalves,
  scoreNab,
  scoreNabHeldOut,
  scoreNabOptimised,
  usualCadenceUs,
  type RowWindow,
} from '../../engine/benchmark/index.ts';
import { nabProbation, scaledSigmoid } from '../../engine/benchmark/scores/nab-rows.ts';
import { randomFunction } from '../../engine/replay/random.ts';

const { standard } = nabProfiles;
const file = (rows: number, ...windows: RowWindow[]) =>
  prepareNabRows({ name: 'file', rows, windows });
/** 1 in the rows named, else 0. */
const hits = (rows: number, ...at: number[]) => {
  const scores = new Float64Array(rows);
  for (const i of at) scores[i] = 1;
  return scores;
};
const at = (i: number, rows = 100, ...windows: RowWindow[]) =>
  scoreNab({ files: [file(rows, ...windows)], scores: [hits(rows, i)] }, standard, 1).raw;

describe('the worth of a row', () => {
  const window = { first: 40, last: 49 };

  test('a window’s first row earns all of it, the last little, one behind costs nothing yet', () => {
    expect(at(40, 100, window)).toBe(1);
    const last = (2 / (1 + Math.exp(-0.5)) - 1) / 0.9866142981514305;
    expect(at(49, 100, window)).toBeCloseTo(last, 12);
    expect(at(50, 100, window)).toBeCloseTo(-1 + 0.11 * (2 / (1 + Math.exp(5 / 9)) - 1), 12);
  });

  test('a false alarm costs all before the first window, however near', () => {
    expect(at(39, 100, window)).toBeCloseTo(-1.11, 12);
  });

  test('only the window before counts: just before the second one it costs what it costs behind the first', () => {
    const second = { first: 90, last: 94 };
    const alone = at(89, 100, window);
    expect(at(89, 100, window, second)).toBeCloseTo(alone - 1, 12);
  });

  test('from three widths on it costs exactly all; at three the formula still holds', () => {
    expect(scaledSigmoid(3)).toBeCloseTo(-0.9999994, 7);
    expect(scaledSigmoid(3)).toBeGreaterThan(-1);
    expect(scaledSigmoid(3 + 1e-12)).toBe(-1);
    expect(file(100, window).worth[76]).toBe(scaledSigmoid(3));
    expect(file(100, window).worth[77]).toBe(-1);
  });

  test('a window of one row divides by zero: all behind it is far', () => {
    expect([...file(60, { first: 50, last: 50 }).worth.subarray(50, 53)]).toEqual([1, -1, -1]);
  });

  test('a window may end with the file', () => {
    expect(at(90, 100, { first: 90, last: 99 })).toBe(1);
  });

  test('without windows every detection costs all', () => {
    const input = { files: [file(100)], scores: [hits(100, 20, 21, 22)] };
    expect(scoreNab(input, standard, 1).raw).toBeCloseTo(-0.33, 12);
    expect(scoreNab(input, standard, 1).normalised).toBeNull();
  });
});

describe('the probation', () => {
  test('is 15 % of a file, rounded down, and 750 rows at most', () => {
    expect([0, 6, 7, 4032, 5000, 22_000].map(nabProbation)).toEqual([0, 0, 1, 604, 750, 750]);
  });

  test('its rows count nowhere: no hit, no miss, no false alarm, no threshold', () => {
    const scores = hits(100, 3);
    scores.set([0.5], 50);
    const [best] = scoreNabOptimised(
      { files: [file(100, { first: 50, last: 59 })], scores: [scores] },
      [standard],
    );
    expect(best).toMatchObject({ threshold: 0.5, raw: 1 });
    expect(best?.files[0]).toMatchObject({ tp: 1, fn: 9, fp: 0, tn: 75 });
  });

  test('a window that begins in it keeps its whole width, but only rows behind can be hits', () => {
    const window = { first: 10, last: 19 };
    expect(at(12, 100, window)).toBe(-1);
    const y = -(19 - 15 + 1) / 10;
    expect(at(15, 100, window)).toBeCloseTo(scaledSigmoid(y) / scaledSigmoid(-1), 12);
  });

  test('a window that lies in it cannot be missed, but still counts for perfection', () => {
    const files = [file(100, { first: 5, last: 9 }, { first: 50, last: 59 })];
    const silent = scoreNab({ files, scores: [hits(100)] }, standard, 1);
    expect(silent).toMatchObject({ raw: -1, normalised: 0 });
    expect(normaliseNab(1, files, standard)).toBeCloseTo((100 * 2) / 3, 12);
    // Behind it false alarms are cheap all the same.
    expect(files[0]?.worth[10]).toBeCloseTo(scaledSigmoid(1 / 4), 12);
  });
});

describe('a threshold', () => {
  const window = { first: 40, last: 49 };

  test('is met by a score that equals it', () => {
    const scores = hits(100);
    scores[40] = 0.857142857143;
    const input = { files: [file(100, window)], scores: [scores] };
    expect(scoreNab(input, standard, 0.857142857143).raw).toBe(1);
    expect(scoreNab(input, standard, 0.857142857144).raw).toBe(-1);
  });

  test('makes of a window its best detection only, and of false alarms each one', () => {
    const input = { files: [file(100, window)], scores: [hits(100, 20, 21, 40, 41, 45)] };
    const score = scoreNab(input, standard, 1);
    expect(score.raw).toBeCloseTo(1 - 0.22, 12);
    expect(score.files).toMatchObject([{ tp: 3, fn: 7, fp: 2, tn: 73 }]);
  });

  test('is the highest of those that score the same', () => {
    const scores = hits(100);
    // The second detection in the window changes nothing.
    scores.set([0.9, 0.4], 40);
    const input = { files: [file(100, window)], scores: [scores] };
    expect(scoreNabOptimised(input, [standard])[0]).toMatchObject({ threshold: 0.9, raw: 1 });
  });

  test('is 1.1, silence, where every detection costs', () => {
    const input = { files: [file(100, window)], scores: [new Float64Array(100).fill(0.5)] };
    const scored = scoreNabOptimised(input, nabProfileList);
    expect(scored.map(({ threshold, raw, normalised }) => [threshold, raw, normalised])).toEqual([
      [1.1, -1, 0],
      [1.1, -1, 0],
      [1.1, -2, 0],
    ]);
  });

  test('may lie below every score of a file: then all of it is detected', () => {
    const files = [file(100, window), file(40)];
    const scores = [hits(100, 40), new Float64Array(40).fill(0.9)];
    const { files: each } = scoreNab({ files, scores }, standard, 0.8);
    expect(each[1]).toMatchObject({ tp: 0, fn: 0, fp: 34, tn: 0 });
    expect(each[1]?.score).toBeCloseTo(-0.11 * 34, 12);
  });

  test('comes from one part and is held against another', () => {
    const files = [file(100, window), file(100, window), file(100, window)];
    const scores = [0.3, 0.6, 0.9].map((score) => hits(100).fill(score, 40, 41));
    const input = { files, scores };
    const [easy] = scoreNabHeldOut(input, [standard], { fit: [0], hold: [1, 2] });
    expect(easy).toMatchObject({ threshold: 0.3, raw: 2, normalised: 100 });
    const [hard] = scoreNabHeldOut(input, [standard], { fit: [2], hold: [0, 1] });
    expect(hard).toMatchObject({ threshold: 0.9, raw: -2, normalised: 0 });
    expect(() => scoreNabHeldOut(input, [standard], { fit: [3], hold: [0] })).toThrow(RangeError);
  });
});

test('a miss costs twice where misses are dear, and a false alarm where those are', () => {
  const input = {
    files: [file(100, { first: 40, last: 49 })],
    scores: [hits(100, 20)],
  };
  const raws = nabProfileList.map((profile) => scoreNab(input, profile, 1).raw);
  expect(raws.map((raw) => Number(raw.toFixed(6)))).toEqual([-1.11, -1.22, -2.11]);
});

describe('what cannot be scored is refused', () => {
  test.each<[string, ...RowWindow[]]>([
    ['overlap', { first: 1, last: 5 }, { first: 5, last: 6 }],
    ['are out of order', { first: 7, last: 8 }, { first: 1, last: 2 }],
    ['end before they begin', { first: 4, last: 3 }],
    ['leave the file', { first: 8, last: 10 }],
    ['have no number', { first: NaN, last: 3 }],
  ])('windows that %s', (_what, ...windows) => {
    expect(() => file(10, ...windows)).toThrow(RangeError);
  });

  test.each([
    ['above 1', [1.01]],
    ['below 0', [-0.01]],
    ['not a number', [NaN]],
    ['too few', []],
    ['too many', [0, 0]],
  ])('scores that are %s', (_what, scores) => {
    const input = { files: [file(1)], scores: [Float64Array.from(scores)] };
    expect(() => scoreNab(input, standard, 1)).toThrow(RangeError);
    expect(() => scoreNabOptimised(input, [standard])).toThrow(RangeError);
  });
});

describe('what goes with it', () => {
  test('the onset filter leaves of a held score its beginning, by time', () => {
    const timesUs = Float64Array.from({ length: 60 }, (_, i) => i * 300e6);
    const cadenceUs = usualCadenceUs(timesUs);
    expect(cadenceUs).toBe(300e6);
    const scores = new Float64Array(60).fill(0.5, 10, 50);
    scores[12] = 0.9;
    const alerts = onsetScores({ timesUs, scores, cadenceUs });
    const loud = [...alerts.entries()].filter(([, score]) => score > 0);
    // Twenty rows of five minutes are the window: from row 32 on the score counts anew.
    expect(loud).toEqual([
      [10, 0.5],
      [12, 0.9],
      [32, 0.5],
    ]);
    expect(usualCadenceUs(Float64Array.of(7))).toBe(0);
  });

  test('halves are fixed by their seed, and hold every file once', () => {
    const halves = (seed: number) => randomHalves(25, randomFunction(seed, 'halves'));
    expect(halves(1)).toEqual(halves(1));
    expect(halves(1)).not.toEqual(halves(2));
    const { fit, hold } = halves(3);
    expect([fit.length, hold.length]).toEqual([12, 13]);
    expect([...fit, ...hold].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 25 }, (_, i) => i),
    );
  });
});
