import { describe, expect, test } from 'vitest';
import type { EndpointModel, ServiceModel } from '../../engine/scenario/model.ts';
import { clockOffset, diskFull, diskUsed } from '../../engine/simulator/machines.ts';
import { lagUs } from '../../engine/simulator/replicas.ts';
import { failedShare, meanSojourn, stepped } from '../support/simulation.ts';
import {
  act,
  answering,
  call,
  constant,
  endpoint,
  fault,
  millisecond,
  minute,
  scenarioOf,
  second,
  service,
  users,
} from '../support/topology.ts';

function database(
  endpoints: readonly EndpointModel[],
  own: Partial<ServiceModel> = {},
  rate = 20,
): ReturnType<typeof scenarioOf> {
  return scenarioOf([service('db', { kind: 'database', workers: 500, endpoints, ...own })], {
    durationUs: 10 * minute,
    traffic: endpoints.map((_, e) => users(rate, { endpoint: e })),
  });
}

const two = [
  endpoint({ name: 'INSERT orders', table: 'orders', writes: true, lockTimeoutUs: 10 * second }),
  endpoint({ name: 'SELECT users', table: 'users', lockTimeoutUs: 10 * second }),
];

describe('locks', () => {
  const alter = fault(
    0,
    { at: minute, until: 3 * minute },
    { kind: 'lock-queue', table: 'orders', statement: 'ALTER' },
  );

  test('hold up one table, and no other; those that wait too long fail, and all is well after', () => {
    const run = stepped({ ...database(two), faults: [alter] });
    run.since(minute);
    const [orders, others] = run.since(3 * minute);
    expect(orders?.ok).toBe(0);
    expect(orders && meanSojourn(orders)).toBe(10 * second);
    expect(failedShare(others)).toBe(0);
    expect(others && meanSojourn(others)).toBe(millisecond);
    expect(failedShare(run.since(3 * minute + second)[0])).toBe(0);
    expect(failedShare(run.since(10 * minute)[0])).toBe(0);
  });

  test('fill all workers where they are few: then everybody waits', () => {
    const run = stepped({ ...database(two, { workers: 20, queue: 0 }), faults: [alter] });
    run.since(minute + 5 * second);
    const [, others] = run.since(3 * minute);
    expect(failedShare(others)).toBeGreaterThan(0.8);
  });

  test('kill-query frees the table; those that had waited for long are told', () => {
    const inputs = [act(minute + 5 * second, { kind: 'kill-query', service: 0 })];
    const run = stepped({ ...database(two), faults: [alter] }, { inputs });
    run.since(minute + 5 * second);
    const [orders] = run.since(10 * minute);
    // Four of five seconds of them had waited for one or longer; the rest go on.
    expect(orders?.failed).toBeGreaterThan(60);
    expect(orders?.failed).toBeLessThan(100);
    expect(run.world.locks.blocked[0]).toBe(0);
  });

  test('a restart at the very moment at which the table is freed loses all in line, and no more', () => {
    const inputs = [
      act(minute + 500 * millisecond, { kind: 'kill-query', service: 0 }),
      act(minute + 500 * millisecond, { kind: 'restart', service: 0, which: 'all' }),
    ];
    const run = stepped({ ...database(two), faults: [alter] }, { inputs });
    run.since(minute);
    const [orders] = run.since(minute + second);
    expect(orders?.reset).toBeGreaterThan(3);
    expect(run.world.locks.waiting[0]).toBe(0);
    expect(run.world.locks.head[0]).toBe(-1);
    run.since(minute + 5 * second);
    expect(failedShare(run.since(10 * minute)[0])).toBe(0);
  });

  test('two statements: the table is free when both are gone', () => {
    const other = fault(
      0,
      { at: 2 * minute, until: 4 * minute },
      { kind: 'lock-queue', table: 'orders', statement: 'ALTER' },
    );
    const run = stepped({ ...database(two), faults: [alter, other] });
    run.since(3 * minute);
    expect(run.since(4 * minute)[0]?.ok).toBe(0);
    expect(failedShare(run.since(10 * minute)[0])).toBe(0);
  });
});

describe('replicas', () => {
  const replicated = (applyMs: number, freshUs: number | null = null) =>
    scenarioOf(
      [
        service('app', answering(constant(1), call(2, { freshUs }))),
        service('primary', { endpoints: [endpoint({ writes: true })] }),
        service('replica', { replicaOf: 1, applyUs: applyMs * millisecond }),
      ],
      { durationUs: 10 * minute, traffic: [users(20), users(20, { service: 1 })] },
    );

  test('fall behind by as much as there is more to apply than they can', () => {
    const burst = fault(
      1,
      { at: minute, until: 4 * minute },
      { kind: 'write-burst', workUsPerSecond: 1.5e6 },
    );
    const run = stepped({ ...replicated(0), faults: [burst] });
    const lag = (at: number): number => {
      run.to(at);
      return lagUs(run, 2);
    };
    expect(lag(minute)).toBe(0);
    expect(lag(2 * minute)).toBe(0.5 * minute);
    expect(lag(4 * minute)).toBe(1.5 * minute);
    // Then it catches up, a second in each second.
    expect(lag(5 * minute)).toBe(0.5 * minute);
    expect(lag(6 * minute)).toBe(0);
  });

  test('apply what requests write: 20 a second × 60 ms are 1.2 s of work in each', () => {
    const run = stepped(replicated(60));
    run.to(10 * minute);
    const behind = lagUs(run, 2) / (10 * minute);
    expect(behind).toBeGreaterThan(0.15);
    expect(behind).toBeLessThan(0.25);
  });

  test('who needs fresh data does not find it: P(age < lag)', () => {
    const burst = fault(1, { at: 0 }, { kind: 'write-burst', workUsPerSecond: 2e6 });
    const run = stepped({ ...replicated(0, 60 * second), faults: [burst] });
    run.since(minute);
    const [app] = run.since(minute + 10 * second);
    // The lag is 60 to 70 s then, the age exponential with a mean of 60 s.
    expect(failedShare(app)).toBeGreaterThan(0.55);
    expect(failedShare(app)).toBeLessThan(0.75);
    expect(run.to(minute + 10 * second).calls[0]?.ended.stale).toBeGreaterThan(100);
  });
});

describe('what runs out', () => {
  test('a disk fills at its time; then writes fail, reads do not; freed, it fills again', () => {
    const disk = { sizeBytes: 10e9, usedBytes: 4e9 };
    // 6 GB at 50 MB a second: two minutes.
    const fill = fault(0, { at: minute }, { kind: 'disk-fill', bytesPerSecond: 50e6 });
    const run = stepped(
      { ...database(two, { disk }), faults: [fill] },
      { inputs: [act(5 * minute, { kind: 'free-disk', service: 0 })] },
    );
    run.since(3 * minute - second);
    expect(diskUsed(run, 0)).toBeCloseTo(10e9 - 50e6, 0);
    expect(failedShare(run.to(3 * minute).endpoints[0])).toBe(0);
    run.since(3 * minute);
    expect(diskFull(run, 0)).toBe(true);
    const [writes, reads] = run.since(5 * minute);
    expect(failedShare(writes)).toBe(1);
    expect(failedShare(reads)).toBe(0);
    expect(failedShare(run.since(7 * minute - second)[0])).toBe(0);
    run.since(7 * minute + second);
    expect(failedShare(run.since(10 * minute)[0])).toBe(1);
  });

  test('a counter: so many go well, and none after', () => {
    const own = {
      kind: 'exhaustion',
      endpoint: 0,
      counter: 'orders.id',
      max: 2147483647,
      left: 500,
    } as const;
    const run = stepped({ ...database(two), faults: [fault(0, { at: minute }, own)] });
    run.since(minute);
    const [inserts, reads] = run.since(10 * minute);
    expect(inserts?.ok).toBe(500);
    expect(inserts?.failed).toBeGreaterThan(9000);
    expect(failedShare(reads)).toBe(0);
  });
});

describe('clocks', () => {
  const leeway = 5 * second;
  const skewed = (offsetUs: number, drift = 0) => ({
    ...database([endpoint({ tokenLeewayUs: leeway })], { instances: 2 }),
    faults: [
      fault(
        0,
        { at: minute },
        { kind: 'clock-skew', offsetUs, driftUsPerSecond: drift },
        { instances: 1 },
      ),
    ],
  });

  // A clock that is behind refuses tokens that are younger than it is late: age exponential, mean 2 min.
  test.each([10, 30, 120])(
    'behind by %i s: P(age < |offset| − leeway) of one instance',
    (seconds) => {
      const run = stepped(skewed(-seconds * second));
      expect(failedShare(run.since(minute)[0])).toBe(0);
      const expected = (1 - Math.exp(-(seconds - 5) / 120)) / 2;
      expect(failedShare(run.since(10 * minute)[0])).toBeCloseTo(expected, 1.5);
    },
  );

  test('within the leeway nobody notices', () => {
    expect(failedShare(stepped(skewed(-4 * second)).since(10 * minute)[0])).toBe(0);
  });

  test('drift adds up from the beginning of the fault', () => {
    const run = stepped(skewed(second, 1000));
    run.to(minute);
    expect(clockOffset(run.world, 0)).toBe(0);
    run.to(3 * minute);
    expect(clockOffset(run.world, 0)).toBe(second + 120 * 1000);
    expect(clockOffset(run.world, 1)).toBe(0);
  });
});
