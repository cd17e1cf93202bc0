import { expect, test } from 'vitest';
import type { FaultModel, SimulatedScenario } from '../../engine/scenario/model.ts';
import { createSimulatorSource } from '../../engine/simulator/index.ts';
import { drain, shop } from '../support/simulated.ts';

const second = 1_000_000;

/** The shop with a copy of its database, to which each order is 2 ms of work, and a batch from 30 s to 90 s. */
function copied(): SimulatedScenario {
  const scenario = shop({
    services:
      '  - { name: copy, kind: database, workers: 6, service_time: { p50: 2ms, p99: 9ms } }',
    traffic: '  - { entry: copy, rate: 1/s }',
  });
  const primary = scenario.services.findIndex(({ name }) => name === 'orders-db');
  const fault: FaultModel = {
    id: 'batch',
    kind: 'write-burst',
    at: 30 * second,
    until: 90 * second,
    service: primary,
    scope: { instances: null, zone: null, node: null, version: null, flag: null, config: null },
    pulse: null,
    workUsPerSecond: 1.5 * second,
  };
  const services = scenario.services.map((service, s) => {
    if (service.name === 'copy') return { ...service, replicaOf: primary, applyUs: 2_000 };
    if (s !== primary) return service;
    return { ...service, endpoints: service.endpoints.map((one) => ({ ...one, writes: true })) };
  });
  return { ...scenario, services, faults: [fault] };
}

function pointsOf(name: string): readonly { readonly t: number; readonly value: number }[] {
  const source = createSimulatorSource(copied(), { seed: 5 });
  const series = source.header.series.findIndex((one) => one.name === name);
  return drain(source).records.filter(
    ({ kind, subject }) => kind === 'metric' && subject === series,
  );
}

const mean = (points: readonly { readonly value: number }[]): number =>
  points.reduce((sum, { value }) => sum + value, 0) / points.length;

test('a database tells how much it writes for its copies, and they fall behind by what is too much', () => {
  const rates = pointsOf('db.server.wal.rate');
  const usual = mean(rates.filter(({ t }) => t < 30 * second));
  const batch = mean(rates.filter(({ t }) => t > 35 * second && t < 90 * second));
  // 40 orders a second are 8 % of a copy's time, the batch is 150 %.
  expect(batch / usual).toBeGreaterThan(15);
  expect(batch / usual).toBeLessThan(25);
  const lag = pointsOf('db.replication.lag');
  expect(lag.find(({ t }) => t === 30 * second)?.value).toBeLessThan(0.1);
  expect(lag.find(({ t }) => t === 80 * second)?.value).toBeCloseTo(50 * 0.58, 0);
});
