import { describe, expect, test } from 'vitest';
import type { CallModel, RetryModel } from '../../engine/scenario/model.ts';
import { simulate } from '../../engine/simulator/index.ts';
import { failedShare, meanSojourn, stepped } from '../support/simulation.ts';
import {
  act,
  answering,
  call,
  constant,
  endpoint,
  exponential,
  fault,
  millisecond,
  minute,
  pool,
  retries,
  scenarioOf,
  second,
  service,
  users,
} from '../support/topology.ts';

const broken = { kind: 'errors', endpoint: null, share: 1, message: '' } as const;

/** A chain of services, the last of which fails every request. */
function chain(depth: number, how: Partial<CallModel>): ReturnType<typeof scenarioOf> {
  const services = Array.from({ length: depth + 1 }, (_, s) =>
    service(`tier-${s}`, {
      workers: 5_000,
      ...(s < depth ? answering(constant(1), call(s + 1, how)) : answering(constant(1))),
    }),
  );
  return scenarioOf(services, {
    durationUs: 5 * minute,
    traffic: [users(5)],
    faults: [fault(depth, { at: 0 }, broken)],
  });
}

describe('retries', () => {
  test.each([
    [1, 2],
    [2, 2],
    [3, 3],
  ])('multiply where all fails: (1 + %i) ^ %i', (max, depth) => {
    const { endpoints, arrivals } = simulate(chain(depth, retries(max)), { seed: 2 }).statistics;
    const amplification = (endpoints[depth]?.admitted ?? 0) / arrivals;
    // Those that are under way at the end have not got there yet.
    expect(amplification / (1 + max) ** depth).toBeGreaterThan(0.98);
    expect(amplification).toBeLessThanOrEqual((1 + max) ** depth);
  });

  test('a budget bounds what they add', () => {
    const budget: RetryModel['budget'] = 0.2;
    const { calls, arrivals } = simulate(chain(1, retries(3, { budget })), { seed: 2 }).statistics;
    const attempts = calls[0]?.attempts ?? Number.NaN;
    // Each first attempt earns its share; ten are saved up from the beginning.
    expect(attempts).toBeLessThanOrEqual(arrivals * (1 + budget) + 10);
    expect(attempts).toBeGreaterThan(arrivals * (1 + budget) - 1);
  });

  test('pause twice as long each time, and a share of it is drawn', () => {
    const last = (jitter: number): number => {
      const [first] = simulate(chain(1, retries(3, { jitter })), { seed: 2 }).statistics.endpoints;
      return first ? meanSojourn(first) : Number.NaN;
    };
    // 100 + 200 + 400 ms of pauses, and 1 ms of work here and there each time.
    expect(last(0) / millisecond).toBeCloseTo(705, 5);
    expect(last(1) / millisecond).toBeGreaterThan(340);
    expect(last(1) / millisecond).toBeLessThan(370);
  });

  test('disable-retries: nobody tries again, or one caller does not', () => {
    for (const [s, factor] of [
      [null, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      const inputs = [act(0, { kind: 'disable-retries', service: s })];
      const run = stepped(chain(2, retries(1)), { inputs });
      const { endpoints, arrivals } = run.to(5 * minute);
      expect((endpoints[2]?.admitted ?? 0) / arrivals).toBeCloseTo(factor, 1);
    }
  });
});

describe('a circuit breaker', () => {
  const breaker = { failureShare: 0.5, windowUs: 10 * second, callsMin: 20, openUs: 30 * second };

  test('stops calls within its window, tries one when it is over, and closes when that is well', () => {
    const scenario = {
      ...chain(1, { breaker }),
      faults: [fault(1, { at: minute, until: 100 * second }, broken)],
    };
    const run = stepped(scenario);
    expect(run.since(minute)[1]?.failed).toBe(0);
    // 5 a second: half of those in the window have failed after at most 10 s more.
    expect(run.since(72 * second)[1]?.failed).toBeLessThanOrEqual(50);
    expect(run.since(85 * second)[1]?.admitted).toBe(0);
    // One try that fails, and 30 s later one that does not.
    const [, tried] = run.since(121 * second);
    expect(tried?.admitted).toBeGreaterThanOrEqual(1);
    expect(tried?.admitted).toBeLessThanOrEqual(2);
    run.since(140 * second);
    const [asked, answered] = run.since(5 * minute);
    expect(answered?.ok).toBe(asked?.ok);
    expect(failedShare(asked)).toBe(0);
  });

  test('opened by hand never closes', () => {
    const inputs = [act(minute, { kind: 'open-breaker', service: 0, callee: 1 })];
    const run = stepped({ ...chain(1, { optional: true }), faults: [] }, { inputs });
    expect(run.since(minute)[1]?.admitted).toBeGreaterThan(250);
    const [asked, answered] = run.since(5 * minute);
    expect(answered?.admitted).toBe(0);
    expect(failedShare(asked)).toBe(0);
  });

  test('a full bulkhead does not use up its try', () => {
    // Two at a time; the callee hangs for a while, so that both places are taken when the breaker tries.
    const slow = { kind: 'latency', endpoint: null, factor: 1, addUs: 2 * second } as const;
    const scenario = {
      ...chain(1, {
        breaker: { ...breaker, openUs: 500 * millisecond },
        concurrencyMax: 2,
        timeoutUs: second,
      }),
      faults: [fault(1, { at: 30 * second, until: 60 * second }, slow)],
    };
    const run = stepped(scenario);
    run.since(90 * second);
    expect(failedShare(run.since(5 * minute)[0])).toBe(0);
  });
});

describe('pools, bulkheads and timeouts', () => {
  test('a bulkhead lets so many through and refuses the rest at once', () => {
    const scenario = chain(1, { concurrencyMax: 3, optional: true });
    const slow = fault(1, { at: 0 }, { kind: 'latency', endpoint: null, factor: 1, addUs: minute });
    const run = stepped({ ...scenario, faults: [slow] });
    const { calls, services } = run.to(30 * second);
    expect(services[1]?.inFlight).toBe(3);
    expect(calls[0]?.ended.bulkheadFull).toBeGreaterThan(100);
  });

  test('raise-timeout: from then on callers wait longer', () => {
    const scenario = chain(1, { timeoutUs: 100 * millisecond });
    const slow = fault(1, { at: 0 }, { kind: 'latency', endpoint: null, factor: 1, addUs: second });
    const inputs = [
      act(minute, { kind: 'raise-timeout', service: 0, callee: 1, timeoutUs: 5 * second }),
    ];
    const run = stepped({ ...scenario, faults: [slow] }, { inputs });
    expect(failedShare(run.since(minute)[0])).toBe(1);
    run.since(minute + second);
    expect(failedShare(run.since(5 * minute)[0])).toBe(0);
  });

  const pooled = (connectionsMax: number, size: number) =>
    scenarioOf(
      [
        service('web', {
          instances: 3,
          pools: [pool(size, { timeoutUs: second })],
          ...answering(constant(1), call(1, { pool: 0 })),
        }),
        service('db', { connectionsMax, workers: 64, ...answering(exponential(100)) }),
      ],
      { durationUs: 4 * minute, traffic: [users(40)] },
    );

  test('a pool makes requests wait, and not the database', () => {
    const run = stepped(pooled(Infinity, 1));
    const { endpoints, services } = run.to(4 * minute);
    expect(endpoints[1]?.waitSum).toBe(0);
    expect(services[1]?.busyIntegral).toBeLessThanOrEqual(3 * 4 * minute);
    expect(failedShare(endpoints[0])).toBeGreaterThan(0.1);
    expect(run.to(4 * minute).calls[0]?.ended.poolTimeout).toBeGreaterThan(100);
  });

  test('raise-pool helps, unless the database takes no more connections', () => {
    const inputs = [act(minute, { kind: 'raise-pool', service: 0, pool: 0, size: 20 })];
    for (const [connectionsMax, helps] of [
      [Infinity, true],
      [4, false],
    ] as const) {
      const run = stepped(pooled(connectionsMax, 1), { inputs });
      run.since(minute + 2 * second);
      const [asked] = run.since(4 * minute);
      if (helps) expect(failedShare(asked)).toBe(0);
      else expect(failedShare(asked)).toBeGreaterThan(0.1);
      const { calls, pools } = run.to(4 * minute);
      expect(pools[0]?.used).toBeLessThanOrEqual(connectionsMax);
      if (helps) expect(calls[0]?.ended.connectionsFull).toBe(0);
      else expect(calls[0]?.ended.connectionsFull).toBeGreaterThan(100);
    }
  });

  test('a smaller pool takes connections away as they come back', () => {
    const inputs = [act(minute, { kind: 'raise-pool', service: 0, pool: 0, size: 1 })];
    const run = stepped(pooled(Infinity, 20), { inputs });
    const most = Array.from({ length: 60 }, (_, t) => run.to(t * second).pools[0]?.used ?? 0);
    expect(Math.max(...most)).toBeGreaterThan(6);
    for (let t = minute + 2 * second; t <= 4 * minute; t += second) {
      expect(run.to(t).pools[0]?.used).toBeLessThanOrEqual(3);
    }
  });
});

describe('calls at the same time', () => {
  const group = (own: Partial<CallModel> = {}) =>
    scenarioOf(
      [
        service('page', {
          ...answering(
            constant(1),
            call(1, { group: 'page' }),
            call(2, { group: 'page', ...own }),
            call(3),
          ),
        }),
        service('fast', answering(constant(10))),
        service('slow', answering(constant(50))),
        service('after', answering(constant(5))),
      ],
      { durationUs: minute, traffic: [users(10)] },
    );

  test('take as long as the slowest of them', () => {
    const [page] = simulate(group(), { seed: 2 }).statistics.endpoints;
    expect(page && meanSojourn(page)).toBe(56 * millisecond);
  });

  test('fail the request when one of them fails, after all have ended; an optional one does not', () => {
    for (const optional of [false, true]) {
      const scenario = { ...group({ optional }), faults: [fault(2, { at: 0 }, broken)] };
      const { endpoints } = simulate(scenario, { seed: 2 }).statistics;
      expect(failedShare(endpoints[0])).toBe(optional ? 0 : 1);
      expect(endpoints[1]?.ok).toBe(endpoints[1]?.admitted);
      expect(endpoints[3]?.admitted).toBe(optional ? endpoints[0]?.ok : 0);
      expect(endpoints[0] && meanSojourn(endpoints[0])).toBe((optional ? 56 : 51) * millisecond);
    }
  });

  test('a call that is made several times takes as many times as long', () => {
    const scenario = scenarioOf(
      [
        service('a', answering(constant(1), call(1, { times: 4 }))),
        service('b', { endpoints: [endpoint({ serviceTime: constant(5) })] }),
      ],
      { durationUs: minute, traffic: [users(10)] },
    );
    const { endpoints } = simulate(scenario, { seed: 2 }).statistics;
    expect(endpoints[0] && meanSojourn(endpoints[0])).toBe(21 * millisecond);
  });
});
