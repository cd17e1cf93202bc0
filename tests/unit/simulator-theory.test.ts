import { describe, expect, test } from 'vitest';
import { simulate } from '../../engine/simulator/index.ts';
import { batchMeansInterval, erlangWaitUs, pollaczekWaitUs } from '../perf/queueing.ts';
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

const exponential = '{ distribution: exponential, mean: 4ms }';
const closedForms = [
  [
    'M/M/1 at 0.5',
    1,
    125,
    exponential,
    erlangWaitUs({ servers: 1, ratePerUs: 125e-6, meanUs: 4e3 }),
  ],
  ['M/M/4 at 0.8', 4, 800, exponential, erlangWaitUs({ servers: 4, ratePerUs: 8e-4, meanUs: 4e3 })],
  [
    'M/D/1 at 0.8',
    1,
    200,
    '{ distribution: constant, value: 4ms }',
    pollaczekWaitUs({ ratePerUs: 2e-4, meanUs: 4e3, secondMoment: 16e6 }),
  ],
] as const;

describe('mean wait', () => {
  test.each(closedForms)('%s is the closed form', (_, servers, rate, work, expected) => {
    const { batchWaits } = simulate(queue({ servers, rate, work }), { batches: 40 });
    const { low, high } = batchMeansInterval(batchWaits.map((waits) => waits[0] ?? Number.NaN));
    expect(low).toBeLessThan(expected);
    expect(high).toBeGreaterThan(expected);
    expect(high - low).toBeLessThan(expected * 0.25);
  });

  test('M/G/1 with lognormal work is Pollaczek–Khinchine', () => {
    const mu = Math.log(2_000);
    const sigma = Math.log(8) / 2.3263478740408408;
    const meanUs = Math.exp(mu + sigma ** 2 / 2);
    const secondMoment = Math.exp(2 * mu + 2 * sigma ** 2);
    const expected = pollaczekWaitUs({ ratePerUs: 2e-4, meanUs, secondMoment });
    const scenario = queue({ servers: 1, rate: 200, work: '{ p50: 2ms, p99: 16ms }' });
    const { batchWaits } = simulate(scenario, { batches: 40 });
    const { low, high } = batchMeansInterval(batchWaits.map((waits) => waits[0] ?? Number.NaN));
    expect(low).toBeLessThan(expected);
    expect(high).toBeGreaterThan(expected);
  });
});

test('arrivals are Poisson: as many as the rate says, with the variance of the mean', () => {
  const counts = Array.from({ length: 40 }, (_, seed) => {
    const scenario = queue({ servers: 4, rate: 20, work: exponential });
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
