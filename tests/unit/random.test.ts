import { describe, expect, test } from 'vitest';
import {
  exponential,
  makeStreams,
  nextBits,
  normalQuantile,
  randomFunction,
  uniform,
} from '../../engine/replay/random.ts';

describe('xoshiro128**', () => {
  // Outputs of the reference implementation 1.1 (prng.di.unimi.it) for the state 1, 2, 3, 4.
  test('gives the reference outputs', () => {
    const state = Int32Array.of(1, 2, 3, 4);
    const outputs = Array.from({ length: 10 }, () => nextBits(state, 0) >>> 0);
    expect(outputs).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597,
      4258142804,
    ]);
  });

  test('a stream depends on seed and name alone', () => {
    const few = makeStreams(7, ['a', 'b']);
    const many = makeStreams(7, ['x', 'b', 'a']);
    expect(many.slice(8, 12)).toEqual(few.slice(0, 4));
    expect(many.slice(4, 8)).toEqual(few.slice(4, 8));
    expect(makeStreams(8, ['a'])).not.toEqual(few.slice(0, 4));
  });

  test('drawing from one stream leaves its neighbours alone', () => {
    const states = makeStreams(1, ['a', 'b', 'c']);
    const before = states.slice();
    nextBits(states, 1);
    expect(states.slice(0, 4)).toEqual(before.slice(0, 4));
    expect(states.slice(8)).toEqual(before.slice(8));
    expect(states.slice(4, 8)).not.toEqual(before.slice(4, 8));
  });

  test('the ends of the range stay out of the logarithm', () => {
    // -2^31 and 2^31 - 1 are the least and the greatest value of 32 bits.
    expect((-2147483648 + 2147483648.5) * 2 ** -32).toBeGreaterThan(0);
    expect((2147483647 + 2147483648.5) * 2 ** -32).toBeLessThan(1);
    const next = randomFunction(1, 'hook');
    for (let i = 0; i < 1000; i++) expect(next()).toBeLessThan(1);
  });
});

describe('distributions', () => {
  // Python 3.11, statistics.NormalDist().inv_cdf
  test.each([
    [0.5, 0],
    [0.6, 0.2533471031357997],
    [0.975, 1.9599639845400536],
    [0.01, -2.3263478740408408],
    [1e-6, -4.753424308822899],
    [1e-9, -5.9978070150076865],
  ])('normal quantile of %d', (p, z) => {
    expect(normalQuantile(p)).toBeCloseTo(z, 5);
  });

  test('uniform and exponential have their moments', () => {
    const states = makeStreams(3, ['u', 'e']);
    const n = 200_000;
    let sum = 0;
    let exponentialSum = 0;
    for (let i = 0; i < n; i++) {
      sum += uniform(states, 0);
      exponentialSum += exponential(states, 1);
    }
    expect(Math.abs(sum / n - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(exponentialSum / n - 1)).toBeLessThan(4 / Math.sqrt(n));
  });
});
