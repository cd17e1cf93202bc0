import { describe, expect, test } from 'vitest';
import { openSimulation, runTo, simulate } from '../../engine/simulator/index.ts';
import { statisticsOf } from '../../engine/simulator/statistics.ts';
import { shop } from '../support/simulated.ts';

const second = 1_000_000;
const statistics = (faults?: string) =>
  simulate(shop(faults === undefined ? {} : { faults })).statistics;
const failedShare = (s: ReturnType<typeof statistics>, e: number): number => {
  const endpoint = s.endpoints[e];
  return endpoint ? (endpoint.failed + endpoint.reset + endpoint.refused) / s.arrivals : Number.NaN;
};

describe('faults change parameters, and requests do the rest', () => {
  test('none: all goes well', () => {
    expect(failedShare(statistics(), 0)).toBe(0);
  });

  test('latency of the database holds the pool and fills the queue before it', () => {
    const slow = statistics(
      '  - { id: slow, kind: latency, at: 30s, until: 90s, service: orders-db, factor: 30 }',
    );
    expect(slow.endpoints[1]?.refused).toBeGreaterThan(100);
    expect(slow.pools[0]?.usedIntegral).toBeGreaterThan(
      statistics().pools[0]?.usedIntegral ?? Infinity,
    );
    expect(failedShare(slow, 0)).toBeGreaterThan(0.1);
  });

  test('overlapping latency faults multiply and leave nothing behind', () => {
    const scenario = shop({
      faults: `  - { id: a, kind: latency, at: 10s, until: 40s, service: orders-db, factor: 3 }
  - { id: b, kind: latency, at: 20s, until: 30s, service: orders-db, factor: 0.1, add: 5ms }`,
    });
    const run = openSimulation(scenario, { seed: 1, telemetry: false });
    const { factor, addUs } = run.simulation.world.sites;
    const site = run.simulation.plan.siteBase[2] ?? -1;
    const after = (seconds: number): readonly number[] => {
      runTo(run, seconds * second);
      return [factor[site] ?? 0, addUs[site] ?? 0];
    };
    expect(after(15)).toEqual([3, 0]);
    expect(after(25)[0]).toBeCloseTo(0.3);
    expect(after(25)[1]).toBe(5_000);
    expect(after(35)).toEqual([3, 0]);
    expect(after(45)).toEqual([1, 0]);
  });

  test('errors fail their share, and retries hide most of them', () => {
    const s = statistics('  - { id: bad, kind: errors, at: 0s, service: checkout, rate: 20% }');
    const orders = s.endpoints[1];
    const share = (orders?.failed ?? 0) / ((orders?.failed ?? 0) + (orders?.ok ?? 0));
    expect(share).toBeGreaterThan(0.17);
    expect(share).toBeLessThan(0.23);
    expect(failedShare(s, 0)).toBeLessThan(0.02);
    expect(orders?.admitted).toBeGreaterThan(s.arrivals * 1.15);
  });

  test('a crash loses what is in flight, refuses while down, and comes back with empty pools', () => {
    const scenario = shop({
      faults: `  - { id: leak, kind: pool-leak, at: 0s, until: 20s, service: checkout, pool: orders-db, rate: 1% }
  - { id: crash, kind: crash, at: 30s, service: checkout, restart_after: 10s }`,
    });
    const run = openSimulation(scenario, { seed: 3, telemetry: false });
    const leaked = (): number => statisticsOf(run.simulation).pools[0]?.leaked ?? -1;
    runTo(run, 29 * second);
    expect(leaked()).toBeGreaterThan(0);
    runTo(run, 35 * second);
    const during = statisticsOf(run.simulation);
    expect(leaked()).toBe(0);
    expect(during.endpoints[1]?.unreachable).toBeGreaterThan(50);
    expect(during.services[1]?.inFlight).toBe(0);
    runTo(run, 41 * second);
    const restarted = statisticsOf(run.simulation).endpoints[1];
    runTo(run, 60 * second);
    const later = statisticsOf(run.simulation).endpoints[1];
    expect(later?.unreachable).toBe(restarted?.unreachable);
    expect((later?.ok ?? 0) - (restarted?.ok ?? 0)).toBeGreaterThan(600);
  });

  test('a pool leak ends in pool timeouts while the database idles', () => {
    const s = statistics(
      '  - { id: leak, kind: pool-leak, at: 10s, service: checkout, pool: orders-db, rate: 2% }',
    );
    const pool = s.pools[0];
    expect(pool?.leaked).toBe(8);
    expect(pool?.used).toBe(8);
    expect(failedShare(s, 0)).toBeGreaterThan(0.5);
    expect((s.services[2]?.busyIntegral ?? 1) / (6 * s.duration)).toBeLessThan(0.1);
  });

  test('a traffic spike multiplies arrivals for as long as it lasts', () => {
    const scenario = shop({
      faults: '  - { id: rush, kind: traffic-spike, at: 30s, until: 60s, service: web, factor: 3 }',
    });
    const run = openSimulation(scenario, { seed: 9, telemetry: false });
    const until = (seconds: number): number => {
      runTo(run, seconds * second);
      return statisticsOf(run.simulation).arrivals;
    };
    const [before, spike, after] = [until(30), until(60), until(90)];
    expect(Math.abs(before - 1200)).toBeLessThan(150);
    expect(Math.abs(spike - before - 3600)).toBeLessThan(250);
    expect(Math.abs(after - spike - 1200)).toBeLessThan(150);
  });
});

test('a caller that gave up leaves its work behind', () => {
  const s = simulate(
    shop({ faults: '  - { id: slow, kind: latency, at: 20s, service: checkout, add: 2500ms }' }),
  ).statistics;
  const call = s.calls[0];
  const orders = s.endpoints[1];
  expect(call?.ended.timeout).toBeGreaterThan(100);
  // Finished at the callee, though every caller had gone.
  expect(orders?.ok).toBeGreaterThan((call?.ended.ok ?? 0) + 100);
});
