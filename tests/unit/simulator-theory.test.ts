import { describe, expect, test } from 'vitest';
import { randomFunction } from '../../engine/replay/random.ts';
import { simulate } from '../../engine/simulator/index.ts';
import { batchMeans, studentQuantile } from '../perf/batch-means.ts';
import { measureQueues } from '../perf/queue-figures.ts';
import { queueModels } from '../perf/queue-models.ts';
import { erlangWaitUs, lognormalMoments, pollaczekWaitUs } from '../perf/queueing.ts';
import { simulated } from '../support/simulated.ts';

function queue(options: {
  readonly servers: number;
  readonly rate: number;
  readonly work: string;
}): ReturnType<typeof simulated> {
  return simulated(`seed: 1
duration: 1000s
services:
  - { name: q, instances: 1, workers: ${options.servers}, queue: 100000, service_time: ${options.work} }
traffic: [{ entry: q, rate: ${options.rate}/s }]
`);
}

/**
 * Small versions of `npm run perf -- simulator`. Each interval holds 99.95 %, so that all twenty hold
 * what theory says at 99 % (Bonferroni): another stream of random numbers is no reason to fail.
 */
describe('mean wait and mean queue are the closed forms', () => {
  const batches = { measured: 20, warmup: 1, confidence: 0.9995 };
  const cases = queueModels.flatMap((model) =>
    [0.5, 0.8].map(
      (utilisation) => [`${model.title} at ${utilisation}`, model, utilisation] as const,
    ),
  );

  // M/M/c: Erlang 1917, Kleinrock I (3.40). M/G/1: Pollaczek 1930, Khinchine 1932, Kleinrock I (5.63).
  // Tandem: Burke 1956, Jackson 1957. Queues from waits: Little 1961.
  test.each(cases)('%s', (_, model, utilisation) => {
    const load = { utilisation, arrivals: 200_000 };
    const { figures, littleGap } = measureQueues(model, load, { seed: 1, batches });
    expect(figures).toHaveLength(model.stations.length * 2);
    for (const figure of figures) {
      expect(figure).toMatchObject({ inside: true });
      expect(figure.high - figure.low).toBeLessThan(figure.expected * 0.5);
    }
    expect(littleGap).toBeLessThan(1e-3);
  });

  test('M/D/1 at 0.8', () => {
    const expected = pollaczekWaitUs({ ratePerUs: 2e-4, meanUs: 4e3, secondMoment: 16e6 });
    const scenario = queue({
      servers: 1,
      rate: 200,
      work: '{ distribution: constant, value: 4ms }',
    });
    const { batchWaits } = simulate(scenario, { batches: 20 });
    const { low, high } = batchMeans(
      batchWaits.map((waits) => waits[0] ?? Number.NaN),
      0.9995,
    );
    expect(low).toBeLessThan(expected);
    expect(high).toBeGreaterThan(expected);
    expect(high - low).toBeLessThan(expected * 0.25);
  });
});

describe('the closed forms agree with each other and with the books', () => {
  const meanUs = 4_000;

  test('Erlang C is ρ/(μ−λ) for one server, and ρ²/(μ(1−ρ²)) for two', () => {
    for (const rho of [0.1, 0.5, 0.8, 0.95]) {
      const one = erlangWaitUs({ servers: 1, ratePerUs: rho / meanUs, meanUs });
      expect(one).toBeCloseTo((rho * meanUs) / (1 - rho), 6);
      const two = erlangWaitUs({ servers: 2, ratePerUs: (2 * rho) / meanUs, meanUs });
      expect(two).toBeCloseTo((rho ** 2 * meanUs) / (1 - rho ** 2), 6);
    }
  });

  test('Pollaczek–Khinchine is M/M/1 for exponential work, and half of it for constant work', () => {
    const ratePerUs = 0.8 / meanUs;
    const exponential = pollaczekWaitUs({ ratePerUs, meanUs, secondMoment: 2 * meanUs ** 2 });
    expect(exponential).toBeCloseTo(erlangWaitUs({ servers: 1, ratePerUs, meanUs }), 6);
    const constant = pollaczekWaitUs({ ratePerUs, meanUs, secondMoment: meanUs ** 2 });
    expect(constant).toBeCloseTo(exponential / 2, 6);
  });

  test('lognormal moments', () => {
    // p99/p50 of e^z99 is a sigma of 1: the mean is e^½ times the median.
    const moments = lognormalMoments({ p50Us: 1_000, p99Us: 1_000 * Math.exp(2.3263478740408408) });
    expect(moments.meanUs).toBeCloseTo(1_000 * Math.exp(0.5), 6);
    expect(moments.secondMoment).toBeCloseTo(1e6 * Math.exp(2), 3);
  });
});

describe('batch means', () => {
  test.each([
    [0.995, 15, 2.947],
    [0.995, 39, 2.708],
    [0.9995, 15, 4.073],
    [0.9995, 29, 3.659],
  ])("Student's t for %f and %i degrees of freedom is as in the tables", (p, freedom, t) => {
    expect(Math.abs(studentQuantile(p, freedom) - t)).toBeLessThan(0.002);
  });

  test('the interval holds the mean as often as it says, of values as skew as waits', () => {
    const random = randomFunction(3, 'intervals');
    const value = (): number => -Math.log(1 - random()) - Math.log(1 - random());
    let held = 0;
    for (let i = 0; i < 2_000; i++) {
      const { low, high } = batchMeans(Array.from({ length: 40 }, value), 0.9);
      if (low <= 2 && 2 <= high) held++;
    }
    // 90 %, within four standard errors and what the skew costs.
    expect(Math.abs(held / 2_000 - 0.9)).toBeLessThan(0.035);
  });

  test('neighbours that go together, or against each other, show', () => {
    expect(batchMeans([1, 2, 3, 4, 5, 6, 7, 8]).lagOne).toBeGreaterThan(0.5);
    expect(batchMeans([1, 2, 1, 2, 1, 2, 1, 2]).lagOne).toBeLessThan(-0.8);
  });
});

test('arrivals are Poisson: as many as the rate says, with the variance of the mean', () => {
  const counts = Array.from({ length: 40 }, (_, seed) => {
    const scenario = queue({
      servers: 4,
      rate: 20,
      work: '{ distribution: exponential, mean: 4ms }',
    });
    return simulate({ ...scenario, durationUs: 50_000_000 }, { seed }).statistics.arrivals;
  });
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / 39;
  expect(Math.abs(mean - 1000)).toBeLessThan(4 * Math.sqrt(1000 / 40));
  // Chi-square with 39 degrees of freedom, 0.1 % on each side.
  expect(variance / mean).toBeGreaterThan(0.42);
  expect(variance / mean).toBeLessThan(1.9);
});

test('a daily shape keeps the mean over a day and peaks in the afternoon', () => {
  const scenario = simulated(`seed: 2
start: 2026-03-02T00:00:00Z
duration: 24h
services: [{ name: q, service_time: { p50: 1ms, p99: 2ms } }]
traffic: [{ entry: q, rate: 2/s, shape: daily }]
`);
  const whole = simulate(scenario).statistics.arrivals;
  const night = simulate({ ...scenario, durationUs: 6 * 3_600_000_000 }).statistics.arrivals;
  expect(Math.abs(whole / (2 * 86_400) - 1)).toBeLessThan(0.02);
  expect(night / (2 * 6 * 3_600)).toBeLessThan(0.7);
});
