/**
 * A metastable failure in small (Bronson et al., HotOS '21; Huang et al., OSDI '22): load pushes a
 * service over, retries keep it there. The callers wait for less time than a full queue takes, so all it
 * does is done for nobody, and each user asks four times.
 */
import { describe, expect, test } from 'vitest';
import type { ActionInput } from '../../engine/scenario/model.ts';
import { failedShare, stepped } from '../support/simulation.ts';
import {
  act,
  answering,
  call,
  constant,
  exponential,
  millisecond,
  minute,
  retries,
  scenarioOf,
  second,
  service,
  users,
} from '../support/topology.ts';

const surge = { at: minute, until: 80 * second, factor: 3, rampUs: 0 };

/** 100 requests a second can be served, 60 come, and a full queue takes a second; a cold start serves 33. */
function model(retriesMax: number): ReturnType<typeof scenarioOf> {
  const patient = { timeoutUs: 200 * millisecond, ...retries(retriesMax) };
  return scenarioOf(
    [
      service('web', { workers: 5_000, ...answering(constant(1), call(1, patient)) }),
      service('api', {
        workers: 2,
        queue: 100,
        startup: {
          us: 5 * second,
          warmupUs: 20 * second,
          warmupFactor: 3,
          calls: [],
          retryUs: second,
          jitter: 0,
        },
        ...answering(exponential(20)),
      }),
    ],
    { durationUs: 6 * minute, traffic: [users(60, { surges: [surge] })] },
  );
}

/** Shares of users that got nothing: before the surge, well after it, and at the end. */
function failing(seed: number, retriesMax: number, inputs: readonly ActionInput[] = []) {
  const run = stepped(model(retriesMax), { seed, inputs });
  const before = failedShare(run.since(minute)[0]);
  run.since(90 * second);
  const after = failedShare(run.since(2 * minute)[0]);
  run.since(5 * minute);
  return { before, after, end: failedShare(run.since(6 * minute)[0]) };
}

const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

describe.each(seeds)('seed %i', (seed) => {
  test('with retries the service stays down when the surge is over and the load is what it was', () => {
    const { before, after, end } = failing(seed, 3);
    expect(before).toBeLessThan(0.01);
    expect(after).toBeGreaterThan(0.9);
    expect(end).toBeGreaterThan(0.9);
  });

  test('without retries it never locks in', () => {
    const { after, end } = failing(seed, 0);
    expect(after).toBeLessThan(0.05);
    expect(end).toBeLessThan(0.05);
  });

  test('a restart of the callee alone does not help', () => {
    const restart = act(3 * minute, { kind: 'restart', service: 1, which: 'all' });
    expect(failing(seed, 3, [restart]).end).toBeGreaterThan(0.9);
  });

  test('shedding load for a minute does, and so do callers that do not try again', () => {
    const shed = [
      act(3 * minute, { kind: 'shed-load', service: 0, share: 0.8 }),
      act(4 * minute, { kind: 'shed-load', service: 0, share: 0 }),
    ];
    expect(failing(seed, 3, shed).end).toBeLessThan(0.01);
    const silent = act(3 * minute, { kind: 'disable-retries', service: 0 });
    expect(failing(seed, 3, [silent]).end).toBeLessThan(0.05);
  });
});
