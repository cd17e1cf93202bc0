import { describe, expect, test } from 'vitest';
import { openSimulation, runTo } from '../../engine/simulator/index.ts';
import { simulated } from '../support/simulated.ts';

const second = 1_000_000;

describe('a cache in a store', () => {
  test('forgets with the instance that holds it, and nothing is put into one that is gone', () => {
    const scenario = simulated(`seed: 3
duration: 1m
services:
  - name: shop
    caches: [{ name: items, store: memory, keys: 1 }]
    endpoints:
      - { name: GET /, service_time: { p50: 2ms, p99: 9ms }, calls: [{ to: origin, cache: items }] }
  - { name: memory, kind: cache, service_time: { p50: 300us, p99: 1ms } }
  - { name: origin, kind: database, service_time: { p50: 2ms, p99: 9ms } }
traffic:
  - { entry: shop, rate: 50/s }
faults:
  - { id: gone, kind: crash, at: 10s, service: memory, restart_after: 20s }
`);
    const run = openSimulation(scenario, { seed: 1, telemetry: false });
    const { until, misses } = run.simulation.world.caches;
    runTo(run, 9 * second);
    expect(until[0]).toBe(Infinity);
    runTo(run, 29 * second);
    // Every request of these 19 seconds has brought an answer, and had nowhere to put it.
    expect(misses[0]).toBeGreaterThan(800);
    expect(until[0]).toBe(0);
    runTo(run, 40 * second);
    expect(until[0]).toBe(Infinity);
  });
});
