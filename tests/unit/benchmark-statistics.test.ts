/** Intervals and tests: numbers of tables, and how often they are wrong where the truth is known. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  againstRandom,
  areasUnderCurves,
  bootstrapInterval,
  compareDetectors,
  holmCorrection,
  marksOfWindows,
  mcnemarTest,
  mean,
  nabProfiles,
  permutationTest,
  prepareNabRows,
  scoreNabOptimised,
  shareInterval,
} from '../../engine/benchmark/index.ts';
import { randomFunction } from '../../engine/replay/random.ts';
import { tries } from '../support/effort.ts';

const random = (name: string, seed = 1) => randomFunction(seed, name);
const draws = (count: number, draw: () => number): number[] => Array.from({ length: count }, draw);
const seeds = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

describe('the bootstrap', () => {
  test('is as wide as theory has it', () => {
    const values = draws(200, random('values'));
    const interval = bootstrapInterval(values, mean, { random: random('bootstrap') });
    const middle = mean(values)!;
    const deviation = Math.sqrt(mean(values.map((value) => (value - middle) ** 2))!);
    const half = (1.96 * deviation) / Math.sqrt(200);
    expect(middle - interval!.low).toBeCloseTo(half, 2);
    expect(interval!.high - middle).toBeCloseTo(half, 2);
  });

  test('covers the truth about as often as it says, of skewed values too', () => {
    const covered = seeds(200).filter((seed) => {
      const next = random('exponential', seed);
      const values = draws(30, () => -Math.log(1 - next()));
      const options = { random: random('bootstrap', seed), resamples: 400 };
      const { low, high } = bootstrapInterval(values, mean, options)!;
      return low <= 1 && high >= 1;
    });
    expect(covered.length / 200).toBeGreaterThan(0.87);
    expect(covered.length / 200).toBeLessThan(0.99);
  });

  test('is the same with the same seed, wider with more confidence', () => {
    const values = draws(20, random('values'));
    const interval = (confidence: number) =>
      bootstrapInterval(values, mean, { random: random('bootstrap'), confidence })!;
    expect(interval(0.9)).toEqual(interval(0.9));
    expect(interval(0.99).low).toBeLessThan(interval(0.9).low);
    expect(interval(0.99).high).toBeGreaterThan(interval(0.9).high);
  });

  test('says nothing of one scenario, or where most samples have no figure', () => {
    expect(bootstrapInterval([1], mean, { random: random('x') })).toBeNull();
    expect(bootstrapInterval([1, 2], () => null, { random: random('x') })).toBeNull();
    expect(mean([])).toBeNull();
  });
});

test('the interval of a share: Wilson’s, which is not certain of five out of five', () => {
  expect(shareInterval(5, 5)?.low).toBeCloseTo(0.5655, 4);
  expect(shareInterval(5, 5)?.high).toBeCloseTo(1, 12);
  expect(shareInterval(0, 10)?.high).toBeCloseTo(0.2775, 4);
  expect(shareInterval(81, 263)?.low).toBeCloseTo(0.2553, 4);
  expect(shareInterval(81, 263)?.high).toBeCloseTo(0.3662, 4);
  expect(shareInterval(0, 0)).toBeNull();
});

describe('the permutation test', () => {
  const signFlips = (differences: readonly number[], seed = 1) =>
    permutationTest(differences, { random: random('signs', seed), rounds: 500 });

  test('counts all signs of a few differences', () => {
    expect(signFlips([1, 2, 3])).toBe(2 / 8);
    expect(signFlips([1, 2, -3])).toBe(1);
    expect(signFlips([1, 1, 1, 1, 1, 1])).toBe(2 / 64);
    // Sums whose terms only come in another order are equal, whatever their last bits.
    expect(signFlips([0.1, 0.2, 0.3, -0.6])).toBe(1);
  });

  test('has nothing to tell of no difference', () => {
    expect(signFlips([])).toBe(1);
    expect(signFlips([0, 0, 0])).toBe(1);
    expect(signFlips([0, 0, 1, 2, 3])).toBe(2 / 8);
  });

  test('takes samples of many, never certain, and near what counting gives', () => {
    expect(signFlips(draws(40, () => 1))).toBe(1 / 501);
    const next = random('near');
    const few = draws(16, () => next() - 0.35);
    const many = permutationTest([...few, 1e-9], { random: random('signs'), rounds: 4_000 });
    expect(Math.abs(many - signFlips(few))).toBeLessThan(0.03);
  });

  test('is wrong about as often as it says where two are alike', () => {
    const wrong = seeds(300).filter((seed) => {
      const next = random('alike', seed);
      return (
        signFlips(
          draws(20, () => next() - next()),
          seed,
        ) < 0.05
      );
    });
    expect(wrong.length / 300).toBeLessThan(0.08);
    expect(wrong.length / 300).toBeGreaterThan(0.02);
  });

  test('does not know which is which, nor the unit', () => {
    const differences = fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 10 });
    fc.assert(
      fc.property(differences, (all) => {
        const p = signFlips(all);
        expect(signFlips(all.map((difference) => -difference))).toBe(p);
        expect(signFlips(all.map((difference) => difference * 64))).toBe(p);
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
      }),
      { numRuns: tries(50) },
    );
  });
});

describe('McNemar’s test', () => {
  /** Cases that only one, the other, or both got right. */
  const p = (onlyA: number, onlyB: number, both = 3) => {
    const cases = [
      ...Array<[boolean, boolean]>(onlyA).fill([true, false]),
      ...Array<[boolean, boolean]>(onlyB).fill([false, true]),
      ...Array<[boolean, boolean]>(both).fill([true, true]),
    ];
    return mcnemarTest(
      cases.map(([a]) => a),
      cases.map(([, b]) => b),
    );
  };

  test('is a coin toss over the cases that only one got right', () => {
    expect(p(5, 0)).toBeCloseTo(2 / 32, 12);
    expect(p(10, 2)).toBeCloseTo((2 * (1 + 12 + 66)) / 4096, 12);
    expect(p(2, 10)).toBe(p(10, 2));
    expect(p(10, 2, 1_000)).toBe(p(10, 2));
    expect(p(4, 4)).toBe(1);
    expect(p(0, 0)).toBe(1);
  });

  test('holds for thousands of cases', () => {
    expect(p(1_500, 1_500)).toBe(1);
    expect(p(1_600, 1_400)).toBeCloseTo(0.00028, 5);
    expect(p(3_000, 0)).toBeLessThan(1e-300);
  });

  test('wants the same cases', () => {
    expect(() => mcnemarTest([true], [])).toThrow(RangeError);
  });
});

test('Holm’s correction: the smallest times all, the next times one less, never falling', () => {
  expect(holmCorrection([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
  expect(holmCorrection([0.9, 0.001, 0.8])).toEqual([1, 0.003, 1]);
  expect(holmCorrection([])).toEqual([]);
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (pValues) => {
      const corrected = holmCorrection(pValues);
      corrected.forEach((own, i) => {
        expect(own).toBeGreaterThanOrEqual(pValues[i]!);
        expect(own).toBeLessThanOrEqual(Math.min(1, pValues[i]! * pValues.length));
        corrected.forEach((other, j) => {
          if (pValues[i]! < pValues[j]!) expect(own).toBeLessThanOrEqual(other);
        });
      });
    }),
    { numRuns: tries(50) },
  );
});

describe('a table of detectors', () => {
  const next = random('scores');
  const base = draws(25, () => next());
  const noisy = (plus: number) => base.map((score) => score + plus + (next() - 0.5) * 0.1);
  const good = { detector: 'good', scores: noisy(0.12) };
  const twin = { detector: 'twin', scores: noisy(0.12) };
  const poor = { detector: 'poor', scores: noisy(0) };

  test('ranks by what is significant, and says who ties', () => {
    const { detectors, pairs } = compareDetectors([poor, good, twin], random);
    expect(detectors.map(({ detector, rank }) => [detector, rank]).sort()).toEqual([
      ['good', 1],
      ['poor', 3],
      ['twin', 1],
    ]);
    expect(detectors[2]).toMatchObject({ detector: 'poor', tiesWith: [] });
    expect(detectors.find(({ detector }) => detector === 'good')?.tiesWith).toEqual(['twin']);
    // Scenarios differ more than the detectors do: only the pairs tell.
    const [a, , c] = detectors;
    expect(a!.interval!.low).toBeLessThan(c!.interval!.high);
    expect(pairs.find(({ a: one, b }) => one === 'poor' && b === 'good')?.better).toBe('good');
  });

  test('is the same for every detector when another one joins', () => {
    const before = compareDetectors([poor, good], random);
    const after = compareDetectors([poor, twin, good], random);
    const of = ({ detectors }: typeof before, name: string) =>
      detectors.find(({ detector }) => detector === name)?.interval;
    for (const name of ['poor', 'good']) expect(of(after, name)).toEqual(of(before, name));
    const pair = after.pairs.find(({ a, b }) => a === 'poor' && b === 'good');
    expect(pair?.p).toBe(before.pairs[0]?.p);
    expect(pair?.interval).toEqual(before.pairs[0]?.interval);
  });

  test('compares over the scenarios that both have a score for', () => {
    const half = { detector: 'half', scores: good.scores.map((s, i) => (i % 2 === 0 ? s : null)) };
    const none = { detector: 'none', scores: good.scores.map(() => null) };
    const { detectors, pairs } = compareDetectors([none, half, good], random);
    expect(pairs.find(({ a, b }) => a === 'half' && b === 'good')).toMatchObject({
      difference: 0,
      p: 1,
      better: null,
    });
    expect(detectors.at(-1)).toMatchObject({ detector: 'none', mean: null, interval: null });
    expect(() => compareDetectors([good, { detector: 'x', scores: [1] }], random)).toThrow(
      RangeError,
    );
  });

  test('does not take the last bits of sums for a difference', () => {
    const nudged = { detector: 'nudged', scores: good.scores.map((s) => s * (1 + 2e-16)) };
    const { pairs } = compareDetectors([nudged, good], random);
    expect(pairs).toMatchObject([{ p: 1, better: null }]);
  });
});

/** Series with windows, and detectors that say all kinds of things about them. */
const rows = 600;
const corpus = (seed: number, scenarios = 12) =>
  seeds(scenarios).map((scenario) => {
    const next = random(`scenario ${scenario}`, seed);
    const first = 150 + Math.floor(next() * 350);
    const windows = [{ first, last: first + 20 + Math.floor(next() * 40) }];
    return { name: `s${scenario}`, rows, windows, marks: marksOfWindows(rows, windows), next };
  });
const constant = (value: number) => new Float64Array(rows).fill(value);

describe('what must not win', () => {
  test('a constant detector never ranks above null significantly', () => {
    for (const seed of seeds(20)) {
      const all = corpus(seed);
      const files = all.map(prepareNabRows);
      const nab = (value: number) =>
        scoreNabOptimised({ files, scores: files.map(() => constant(value)) }, [
          nabProfiles.standard,
        ])[0]!.files.map(({ score }) => score);
      const areas = (value: number) =>
        all.map(({ marks }) => areasUnderCurves(marks, constant(value)).aucPr);
      for (const scoresOf of [nab, areas]) {
        const { detectors } = compareDetectors(
          [
            { detector: 'null', scores: scoresOf(0) },
            { detector: 'constant', scores: scoresOf(0.7) },
          ],
          (name) => random(name, seed),
        );
        expect(detectors.map(({ rank }) => rank)).toEqual([1, 1]);
      }
    }
  });

  test('a permuted-label run gives scores whose interval covers chance', () => {
    const covers = seeds(60).filter((seed) => {
      // The detector is right of the true labels, which are then moved around the series.
      const beyondChance = corpus(seed, 40).map(({ marks, next }) => {
        const scores = Float64Array.from(marks, (mark) => mark * 0.5 + next() * 0.5);
        const by = Math.floor(next() * rows);
        const moved = marks.map((_, row) => marks[(row + by) % rows]!);
        return areasUnderCurves(moved, scores).aucRoc! - 0.5;
      });
      const interval = bootstrapInterval(beyondChance, mean, {
        random: random('bootstrap', seed),
        resamples: 500,
      })!;
      return interval.low <= 0 && interval.high >= 0;
    });
    // Few and skewed: in theory 95 %, and 91 % with forty scenarios.
    expect(covers.length / 60).toBeGreaterThan(0.85);
  });

  test('with its true labels the same detector is far from chance', () => {
    const beyondChance = corpus(1).map(({ marks, next }) => {
      const scores = Float64Array.from(marks, (mark) => mark * 0.5 + next() * 0.5);
      return areasUnderCurves(marks, scores).aucRoc! - 0.5;
    });
    expect(bootstrapInterval(beyondChance, mean, { random: random('b') })!.low).toBeGreaterThan(
      0.4,
    );
  });
});

describe('the badge "not distinguishable from random"', () => {
  const aucPr =
    (scores: (scenario: ReturnType<typeof corpus>[number]) => Float64Array) =>
    (all: ReturnType<typeof corpus>) =>
      all.map((scenario) => areasUnderCurves(scenario.marks, scores(scenario)).aucPr);
  const dice = aucPr(({ next }) => Float64Array.from({ length: rows }, next));
  const judge = (seed: number, of: (all: ReturnType<typeof corpus>) => (number | null)[]) => {
    const all = corpus(seed);
    const own = of(all);
    return againstRandom({ own, seeds: [dice(all), dice(all), dice(all)] }, random('judge', seed));
  };

  test('is on a detector that rolls dice, but for the share of the level', () => {
    const verdicts = seeds(60).map((seed) => judge(seed, dice).verdict);
    expect(verdicts.filter((verdict) => verdict === 'alike').length / 60).toBeGreaterThan(0.87);
  });

  test('is not on one that sees a little', () => {
    const little = aucPr(({ marks, next }) =>
      Float64Array.from(marks, (mark) => mark * 0.3 + next() * 0.7),
    );
    expect(judge(1, little)).toMatchObject({ verdict: 'better' });
    expect(judge(1, little).difference).toBeGreaterThan(0.05);
  });

  test('is not on one that is worse than dice: that is another verdict', () => {
    const wrong = aucPr(({ marks, next }) =>
      Float64Array.from(marks, (mark) => (next() + 1 - mark) / 2),
    );
    expect(judge(1, wrong).verdict).toBe('worse');
  });

  test('is on everything where there are too few scenarios to tell, or none', () => {
    const perfect = { own: [1], seeds: [[0.1], [0.2], [0.1]] };
    expect(againstRandom(perfect, random('x')).verdict).toBe('alike');
    const nothing = { difference: null, p: 1, verdict: 'alike' };
    expect(againstRandom({ own: [null], seeds: [[1]] }, random('x'))).toEqual(nothing);
    expect(againstRandom({ own: [1], seeds: [] }, random('x'))).toEqual(nothing);
  });
});
