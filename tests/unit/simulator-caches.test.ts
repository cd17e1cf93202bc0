import { describe, expect, test } from 'vitest';
import type { CacheModel, SimulatedScenario } from '../../engine/scenario/model.ts';
import { simulate } from '../../engine/simulator/index.ts';
import { popularityOf } from '../../engine/simulator/popularity.ts';
import { stepped } from '../support/simulation.ts';
import {
  act,
  answering,
  call,
  constant,
  fault,
  minute,
  scenarioOf,
  second,
  service,
  users,
} from '../support/topology.ts';

const rate = 50;

function cached(
  own: Partial<CacheModel>,
  more: Partial<SimulatedScenario> = {},
): SimulatedScenario {
  const cache: CacheModel = {
    name: 'cache',
    store: null,
    keys: 200,
    skew: 1,
    ttlUs: Infinity,
    jitter: 0,
    warm: false,
    coalesce: false,
    ...own,
  };
  return scenarioOf(
    [
      service('web', { caches: [cache], ...answering(constant(1), call(1, { cache: 0 })) }),
      service('origin', answering(constant(5))),
      service('store', answering(constant(1))),
    ],
    { durationUs: 10 * minute, traffic: [users(rate)], ...more },
  );
}

function hitRatio(scenario: SimulatedScenario): number {
  const [cache] = simulate(scenario, { seed: 4 }).statistics.caches;
  return cache ? cache.hits / (cache.hits + cache.misses) : Number.NaN;
}

/** Share of each key by Zipf's law. */
function shares(keys: number, skew: number): number[] {
  return [...popularityOf(keys, skew)].map((sum, k, sums) => sum - (sums[k - 1] ?? 0));
}

describe('how often a cache knows the answer', () => {
  test('a warm one that forgets nothing: always', () => {
    expect(hitRatio(cached({ warm: true }))).toBe(1);
  });

  test('a cold one misses each key once', () => {
    const [cache] = simulate(cached({}), { seed: 4 }).statistics.caches;
    expect(cache?.misses).toBeGreaterThan(195);
    expect(cache?.misses).toBeLessThanOrEqual(200 + 5);
  });

  // Each key is a renewal process: it is there for T, and then until somebody asks, 1/λ in the mean.
  test.each([
    [0, 2],
    [1, 2],
    [1, 10],
    [1.5, 5],
  ])('one that forgets after a time (Zipf %d, %i s): Σ pₖ · λₖT / (1 + λₖT)', (skew, seconds) => {
    const expected = shares(200, skew).reduce((sum, share) => {
      const asked = share * rate * seconds;
      return sum + (share * asked) / (1 + asked);
    }, 0);
    for (const warm of [false, true]) {
      const measured = hitRatio(cached({ skew, ttlUs: seconds * second, warm }));
      expect(Math.abs(measured - expected)).toBeLessThan(0.02);
    }
  });

  test('the origin gets what the cache does not know', () => {
    const { caches, endpoints } = simulate(cached({ ttlUs: 2 * second }), { seed: 4 }).statistics;
    expect(endpoints[1]?.admitted).toBe(caches[0]?.misses);
    expect(endpoints[0]?.ok).toBe(endpoints[0]?.admitted);
  });

  test('jitter draws part of the time to live', () => {
    const expected = hitRatio(cached({ skew: 0, ttlUs: 2 * second }));
    expect(hitRatio(cached({ skew: 0, ttlUs: 2 * second, jitter: 1 }))).toBeLessThan(
      expected - 0.05,
    );
  });
});

describe('a cache in a store', () => {
  const store = { service: 2, endpoint: 0 };

  test('is shared by all instances, asked each time, and slower than memory', () => {
    const { caches, endpoints } = simulate(cached({ store, warm: true }), { seed: 4 }).statistics;
    expect(endpoints[2]?.admitted).toBe(caches[0]?.lookups);
    expect(caches[0]?.hits).toBe(caches[0]?.lookups);
  });

  test('that is down sends everybody to the origin', () => {
    const scenario = cached(
      { store, warm: true },
      { faults: [fault(2, { at: 5 * minute }, { kind: 'crash', restartAfterUs: null })] },
    );
    const run = stepped(scenario);
    expect(run.since(5 * minute)[1]?.admitted).toBe(0);
    const [, origin] = run.since(10 * minute);
    expect(origin?.admitted).toBeGreaterThan(0.9 * rate * 300);
    expect(run.to(10 * minute).endpoints[0]?.failed).toBe(0);
  });

  test('loses only the keys of the instance that died', () => {
    const scenario = cached({ store, warm: true });
    const three = scenario.services.map((one) =>
      one.name === 'store' ? { ...one, instances: 4, instancesMax: 4 } : one,
    );
    const faults = [fault(2, { at: 1 }, { kind: 'crash', restartAfterUs: 1 }, { instances: 1 })];
    const [cache] = simulate({ ...scenario, services: three, faults }, { seed: 4 }).statistics
      .caches;
    // A quarter of 200 keys, each missed once, a few of them twice before they were filled.
    expect(cache?.misses).toBeGreaterThan(40);
    expect(cache?.misses).toBeLessThan(60);
  });
});

describe('what is forgotten, and what is filled', () => {
  test('a flush makes the hit ratio fall in a step; a warm-up brings it back', () => {
    const scenario = cached(
      { warm: true, keys: 5000, skew: 0.5 },
      { faults: [fault(0, { at: 4 * minute }, { kind: 'cache-flush', cache: 0 })] },
    );
    const inputs = [act(5 * minute, { kind: 'warm-cache', service: 0, cache: 0 })];
    const run = stepped(scenario, { inputs });
    expect(run.since(4 * minute)[1]?.admitted).toBe(0);
    const [asked, origin] = run.since(5 * minute);
    expect((origin?.admitted ?? 0) / (asked?.admitted ?? 1)).toBeGreaterThan(0.5);
    expect(run.since(10 * minute)[1]?.admitted).toBeLessThan(3);
  });

  test('flush-cache forgets as well', () => {
    const inputs = [act(5 * minute, { kind: 'flush-cache', service: 0, cache: 0 })];
    const run = stepped(cached({ warm: true }), { inputs });
    expect(run.since(5 * minute)[1]?.admitted).toBe(0);
    expect(run.since(10 * minute)[1]?.admitted).toBeGreaterThan(150);
  });

  test('with coalescing one request asks for a key, and the others wait for it', () => {
    const stampede = (coalesce: boolean): number => {
      const scenario = cached({ keys: 1, ttlUs: second, coalesce }, { durationUs: minute });
      const slow = scenario.services.map((one) =>
        one.name === 'origin' ? service('origin', answering(constant(500))) : one,
      );
      const { endpoints } = simulate({ ...scenario, services: slow }, { seed: 4 }).statistics;
      expect(endpoints[0]?.failed).toBe(0);
      return endpoints[1]?.admitted ?? Number.NaN;
    };
    // Half a second to fill, a second to live: 40 times in a minute, by one or by some 25 requests.
    expect(stampede(true)).toBeLessThanOrEqual(41);
    expect(stampede(false)).toBeGreaterThan(500);
  });

  test('when the one that asks fails, all that wait for it fail', () => {
    const scenario = cached(
      { keys: 1, coalesce: true },
      {
        durationUs: minute,
        faults: [fault(1, { at: 0 }, { kind: 'errors', endpoint: null, share: 1, message: '' })],
      },
    );
    const { endpoints } = simulate(scenario, { seed: 4 }).statistics;
    expect(endpoints[0]?.ok).toBe(0);
    expect(endpoints[1]?.admitted).toBeLessThan(endpoints[0]?.failed ?? 0);
  });
});
