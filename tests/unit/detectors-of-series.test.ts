/** What the bundled detectors of single series rest on, held against definitions and slow twins. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logs, noise, points, testDetector } from '../../engine/detect/testing/index.ts';
import { candidateOf, show, type Candidate } from '../../engine/detect/testing/screen.ts';
import { limits } from '../../engine/limits.ts';
import { randomFunction } from '../../engine/replay/random.ts';
import { defineDetector } from '../../engine/sdk/index.ts';
import {
  density,
  runLengths,
  step,
  youngMass,
} from '../../plugins/bayesian-change-point/run-lengths.ts';
import { dayShape, distanceFromDays } from '../../plugins/general/day-shape.ts';
import general from '../../plugins/general/detector.ts';
import { heldAgainst, recordBar } from '../../plugins/general/record-bar.ts';
import { distanceFromPast, windowMemory } from '../../plugins/general/window-memory.ts';
import {
  cutTree,
  displacement,
  insert,
  remove,
  type CutTree,
} from '../../plugins/random-cut-forest/tree.ts';
import seasonal from '../../plugins/seasonal/detector.ts';
import { judge, residuals, running, spreadOf, take } from '../../plugins/shared/index.ts';
import { gaussianTail } from '../../plugins/tail-likelihood/gaussian-tail.ts';

const anyValue = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const manyValues = fc.array(anyValue, { minLength: 1, maxLength: 200 });

function examined(detector: unknown): Candidate {
  const candidate = candidateOf(detector);
  if ('detector' in candidate) return candidate;
  throw new Error(candidate.join('; '));
}

/** Kept steps of the score, by the row at which they were made. */
const scoresOf = (values: readonly number[], every = 300): Map<number, number> =>
  new Map(
    show(examined(general), {
      seconds: values.length * every,
      records: points({ service: 's', metric: 'm', every, values }),
    }).scores.map(({ t, score }) => [t / (every * 1e6), score]),
  );

describe('a running mean and spread', () => {
  test('are those of all values while memory lasts', () => {
    fc.assert(
      fc.property(manyValues, (values) => {
        const state = running();
        for (const value of values) take(state, value, 1000);
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const variance =
          values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
        expect(state.mean).toBeCloseTo(mean, 5);
        expect(Math.abs(state.variance - variance)).toBeLessThanOrEqual(
          1e-9 * (1 + mean ** 2 + variance),
        );
      }),
    );
  });

  test('forget what is older than their memory', () => {
    const state = running();
    for (const value of noise({ mean: 1000, deviation: 50, count: 500, seed: 1 }))
      take(state, value, 50);
    for (const value of noise({ mean: 5, deviation: 1, count: 2000, seed: 2 }))
      take(state, value, 50);
    expect(state.mean).toBeCloseTo(5, 0);
    expect(spreadOf(state)).toBeLessThan(1.5);
  });
});

test('residuals are judged by those before them, and one giant teaches like ten deviations', () => {
  const rules = { memory: 100, warmUp: 20, floor: 0, limit: 6 };
  const state = residuals();
  for (const value of noise({ mean: 0, deviation: 2, count: 400, seed: 3 }))
    judge(state, value, rules);
  const before = state.deviation;
  expect(judge(state, 1e9, rules)).toBeCloseTo(1e9 / before, -3);
  expect(state.deviation).toBeLessThan(1.5 * before);
});

describe('a record bar', () => {
  test('says how a value compares with the highest of its memory', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.1, max: 1e3, noNaN: true }), { maxLength: 120 }),
        (values) => {
          const bar = recordBar();
          const ratios = values.map((value, row) =>
            heldAgainst(bar, { value, row, dust: 0 }, { memory: 1e9, youth: 0 }),
          );
          values.forEach((value, row) => {
            if (row === 0) return;
            expect(ratios[row]).toBeCloseTo(value / Math.max(...values.slice(0, row)), 9);
          });
        },
      ),
    );
  });

  test('forgets a record when its time is over, and not before', () => {
    const bar = recordBar();
    const held = (value: number, row: number) =>
      heldAgainst(bar, { value, row, dust: 0 }, { memory: 100, youth: 0 });
    held(10, 0);
    for (let row = 1; row < 85; row++) expect(held(1, row)).toBeCloseTo(0.1, 9);
    for (let row = 85; row < 120; row++) held(1, row);
    expect(held(1, 120)).toBe(1);
  });

  test('does not trust the first values', () => {
    const bar = recordBar();
    heldAgainst(bar, { value: 1, row: 0, dust: 0 }, { memory: 100, youth: 50 });
    expect(
      heldAgainst(bar, { value: 3, row: 50, dust: 0 }, { memory: 100, youth: 50 }),
    ).toBeCloseTo(1.5, 9);
  });
});

describe('a memory of windows', () => {
  test('knows what has happened once', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { minLength: 8, maxLength: 8 }), (pattern) => {
        const memory = windowMemory(8);
        let last: number | null = null;
        for (let i = 0; i < 40; i++)
          last = distanceFromPast(memory, pattern[i % 8] ?? 0, 0) ?? last;
        expect(last).toBeLessThan(1e-6);
      }),
    );
  });

  test('finds the nearest of all windows that it keeps, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { minLength: 40, maxLength: 90 }), (values) => {
        const memory = windowMemory(8);
        // Nothing is known well enough to be left out: every window is kept.
        const said = values.map((value) => distanceFromPast(memory, value, 0));
        const sorted = (end: number) => values.slice(end - 7, end + 1).toSorted((a, b) => a - b);
        values.forEach((_, end) => {
          if (end < 16) return;
          const now = sorted(end);
          let nearest = Infinity;
          for (let other = 7; other <= end - 8; other++) {
            const then = sorted(other);
            const distance =
              now.reduce((sum, value, i) => sum + Math.abs(value - (then[i] ?? 0)), 0) / 8;
            nearest = Math.min(nearest, distance);
          }
          expect(said[end]).toBeCloseTo(nearest, 5);
        });
      }),
    );
  });

  test('does not grow with the series', () => {
    const memory = windowMemory(32);
    const random = randomFunction(1, 'windows');
    for (let i = 0; i < 20_000; i++) distanceFromPast(memory, random() * i, 0);
    expect(memory.patterns.length).toBe(128 * 12);
    expect(memory.waiting.length).toBeLessThanOrEqual(9);
  });
});

test('shapes of days are compared at the same time of day only', () => {
  const minute = 60_000_000;
  const play = (valueAt: (slot: number) => number, days: number): number[] => {
    const shape = dayShape(20 * minute);
    const said: number[] = [];
    for (let slot = 0; slot < days * 72; slot++) {
      const distance = distanceFromDays(shape, valueAt(slot), slot * 20 * minute, 0);
      if (distance !== null) said.push(distance);
    }
    return said;
  };
  const rush = (slot: number) => (slot % 72 > 24 && slot % 72 < 36 ? 100 : 0);
  expect(Math.max(...play(rush, 5))).toBe(0);
  // The same rush at night is none of any day.
  const moved = play((slot) => rush(slot < 4 * 72 ? slot : slot + 30), 5);
  expect(Math.max(...moved)).toBeGreaterThan(50);
});

describe('the general detector', () => {
  const usual = noise({ mean: 50, deviation: 5, count: 1500, seed: 5 });

  test('does not depend on the unit', () => {
    const values = usual.map((value, i) => (i === 1200 ? 120 : value));
    // Powers of two change no digit.
    for (const factor of [2 ** -20, 2 ** 20]) {
      expect(scoresOf(values.map((value) => factor * value))).toEqual(scoresOf(values));
    }
  });

  test('scores what nobody has seen above a half, and what has been seen below', () => {
    const scores = scoresOf(usual.map((value, i) => (i === 1000 || i === 1400 ? 150 : value)));
    expect(scores.get(1000)).toBeGreaterThan(0.8);
    expect(scores.get(1400) ?? 0).toBeLessThan(0.51);
    const quiet = [...scores].filter(([row]) => row < 1000).map(([, score]) => score);
    expect(Math.max(...quiet)).toBeLessThan(0.55);
  });

  test('says that a constant series has changed, for as long as it lasts', () => {
    const values = Array.from({ length: 600 }, (_, i) => (i >= 400 && i < 440 ? 9 : 4));
    const { findings } = show(examined(general), {
      seconds: values.length * 10,
      records: points({ service: 's', metric: 'm', every: 10, values }),
    });
    const rows = findings.map(({ t }) => t / 1e7);
    expect(rows[0]).toBe(400);
    expect(rows.length).toBeGreaterThan(30);
    expect(Math.max(...rows)).toBeLessThan(450);
  });

  test('keeps its state small on a series that never repeats itself', { timeout: 60_000 }, () => {
    const random = randomFunction(2, 'endless');
    let level = 0;
    const values = Array.from(
      { length: 30_000 },
      () => (level += (random() - 0.5) * 10 ** (4 * random())),
    );
    const { snapshot, failures } = show(examined(general), {
      seconds: values.length * 60,
      records: points({ service: 's', metric: 'm', every: 60, values }),
    });
    expect(failures).toEqual([]);
    const bytes = Buffer.byteLength(JSON.stringify(snapshot.lanes[0]?.state));
    expect(bytes).toBeLessThan(limits.detectorStateBytesMax / 2);
  });
});

test('seasonal learns that Sundays are quiet, and then a busy one is news', () => {
  const day = 86_400;
  const visits = (i: number) => {
    const hour = (i % 144) / 6;
    const isQuiet = Math.floor(i / 144) % 7 === 6 && i < 41 * 144;
    return isQuiet ? 20 : 60 + 40 * Math.sin((2 * Math.PI * (hour - 6)) / 24);
  };
  const chance = noise({ mean: 0, deviation: 2, count: 42 * 144, seed: 4 });
  const values = chance.map((one, i) => visits(i) + one);
  const { findings } = show(examined(seasonal), {
    seconds: 42 * day,
    records: points({ service: 's', metric: 'visits', every: 600, values }),
  });
  const days = findings.map(({ t }) => Math.floor(t / (day * 1e6)));
  expect(days.filter((one) => one > 20 && one < 41)).toEqual([]);
  expect(days).toContain(41);
});

describe('the posterior over run lengths', () => {
  test.each([
    [0, 0, 1],
    [3, 0.5, 2],
    [80, -1, 60],
  ])('predicts with a density: after %i values', (length, mean, squares) => {
    let area = 0;
    // Student's t with two degrees of freedom falls as slowly as 1/x³: far out counts.
    for (let i = -200_000; i < 200_000; i++)
      area += density(i / 1000, length, mean, squares) / 1000;
    expect(area).toBeCloseTo(1, 2);
  });

  test('is a probability, and moves to the young when the mean moves', () => {
    const state = runLengths();
    const values = [
      ...noise({ mean: 0, deviation: 1, count: 200, seed: 6 }),
      ...noise({ mean: 5, deviation: 1, count: 10, seed: 7 }),
    ];
    values.forEach((value, i) => {
      step(state, value, 1 / 500);
      expect(state.probability.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
      if (i === 199) expect(youngMass(state, 12)).toBeLessThan(0.2);
    });
    expect(youngMass(state, 12)).toBeGreaterThan(0.99);
  });
});

describe('a random cut tree', () => {
  test('holds exactly the points that were put in, each in the boxes above it', () => {
    fc.assert(
      fc.property(fc.integer(), fc.boolean(), (seed, isCoarse) => {
        const random = randomFunction(seed, 'tree');
        // Coarse points are often equal.
        const points = Array.from({ length: 32 }, () =>
          isCoarse ? Math.floor(random() * 3) : random(),
        );
        const tree = cutTree(16, 2);
        const held = new Set<number>();
        for (let round = 0; round < 80; round++) {
          const leaf = Math.floor(random() * 16);
          if (held.delete(leaf)) remove(tree, points, leaf);
          else {
            held.add(leaf);
            insert(tree, points, leaf, random);
          }
          expect([...leavesUnder(tree, points, tree.root)].sort()).toEqual([...held].sort());
        }
      }),
    );
  });

  test('is displaced most by the point that stands apart', () => {
    const random = randomFunction(1, 'apart');
    const points = [...noise({ mean: 0, deviation: 1, count: 63, seed: 8 }), 30];
    let far = 0;
    let near = 0;
    for (let round = 0; round < 20; round++) {
      const tree = cutTree(64, 1);
      points.forEach((_, leaf) => insert(tree, points, leaf, random));
      far += displacement(tree, 63);
      near += displacement(tree, 0);
    }
    expect(far).toBeGreaterThan(5 * near);
  });
});

/** The leaves below a node; checks its mass and box on the way. */
function leavesUnder(tree: CutTree, points: readonly number[], node: number): Set<number> {
  if (node < 0) return new Set();
  if (node < tree.leaves) return new Set([node]);
  const inner = node - tree.leaves;
  const below = new Set([
    ...leavesUnder(tree, points, tree.left[inner] as number),
    ...leavesUnder(tree, points, tree.right[inner] as number),
  ]);
  expect(tree.mass[node]).toBe(below.size);
  for (let d = 0; d < tree.dimensions; d++) {
    const values = [...below].map((leaf) => points[leaf * tree.dimensions + d] as number);
    expect(tree.low[inner * tree.dimensions + d]).toBe(Math.min(...values));
    expect(tree.high[inner * tree.dimensions + d]).toBe(Math.max(...values));
  }
  return below;
}

test.each([
  [0.5, 0.30853754],
  [1.959963985, 0.025],
  [4, 3.1671242e-5],
  [8, 6.22096e-16],
])('the tail of a Gaussian beyond %f', (z, share) => {
  expect(gaussianTail(z) / share).toBeCloseTo(1, 1);
});

test('the contract catches a detector that knows when its stream ends', () => {
  const results = testDetector(
    defineDetector({
      apiVersion: 1,
      id: 'prophet',
      summary: 'Scores by the share of the stream that is over.',
      per: 'service',
      options: {},
      messages: { over: 'It is nearly over.' },
      init: ({ intervals }) => ({ end: intervals.at(-1)?.to ?? 0 }),
      on: {
        log(state, _, { now, report }) {
          if (now > state.end / 2) report({ message: 'over', values: {}, score: 0.5 });
          return Math.min(1, now / state.end);
        },
      },
    }),
    {
      quiet: [],
      fires: [
        {
          name: 'a minute of logs',
          scene: {
            seconds: 60,
            records: logs({ service: 's', perSecond: 1, from: 0, to: 60 }),
            recorded: [[0, 60]],
          },
          expect: [{ message: 'over', first: [31, 31] }],
        },
      ],
    },
  );
  const broken = results.filter(({ pass }) => !pass).map(({ name }) => name);
  expect(broken).toEqual([
    'has a quiet and a firing example',
    'says of a beginning what it says of the whole',
  ]);
});
