import { expect, test } from 'vitest';
import type { FaultModel } from '../../engine/scenario/model.ts';
import { createSimulatorSource, measureOutcome } from '../../engine/simulator/index.ts';
import { drain, simulated } from '../support/simulated.ts';

const minute = 60_000_000;

/** People order, and look at orders that are 10 s old in the mean; what they see is made from messages. */
const scenario = simulated(`seed: 5
duration: 4m
services:
  - name: web
    workers: 64
    endpoints:
      - { name: POST /orders, service_time: { p50: 1ms, p99: 4ms }, calls: [{ to: events, endpoint: orders }] }
      - { name: GET /orders, service_time: { p50: 1ms, p99: 4ms }, calls: [{ to: view, endpoint: GET /view, fresh: 10s }] }
  - name: view
    instances: 2
    consumes: [{ queue: events, topic: orders, endpoint: apply }]
    endpoints: [{ name: GET /view, service_time: { p50: 1ms, p99: 4ms } }, { name: apply, service_time: { p50: 5ms, p99: 20ms } }]
  - name: events
    kind: queue
    endpoints: [{ name: orders, partitions: 4, writes: true, service_time: { p50: 1ms, p99: 5ms } }]
traffic:
  - { entry: web, endpoint: POST /orders, rate: 20/s }
  - { entry: web, endpoint: GET /orders, rate: 40/s }
objectives:
  - { service: web, endpoint: GET /orders, name: orders seen, target: 99%, window: 4m }
`);

const poison: FaultModel = {
  id: 'poison',
  kind: 'poison-message',
  at: minute,
  until: null,
  service: 2,
  scope: { instances: null, zone: null, node: null, version: null, flag: null, config: null },
  pulse: null,
  topic: 0,
  partition: 2,
};

function unseenShare(faults: readonly FaultModel[], from: number, to: number): number {
  const { objectives, windowUs } = measureOutcome({ ...scenario, faults }, { seed: 5 });
  const sum = (counts: Float64Array | undefined): number =>
    (counts ?? new Float64Array()).slice(from / windowUs, to / windowUs).reduce((a, b) => a + b, 0);
  return sum(objectives[0]?.bad) / sum(objectives[0]?.total);
}

test('what a consumer keeps is as old as the first message that it has not handled', () => {
  expect(unseenShare([], 0, 4 * minute)).toBeLessThan(0.005);
  expect(unseenShare([poison], 0, minute)).toBeLessThan(0.005);
});

test('a partition that stands still is missing to those whose data is in it', () => {
  // A minute later nearly everybody asks for something younger than that: one partition of four.
  const share = unseenShare([poison], 2 * minute, 4 * minute);
  expect(share).toBeGreaterThan(0.22);
  expect(share).toBeLessThan(0.28);
});

test('one line tells of each delivery that failed, and only of a message that nobody can read', () => {
  const problems = (faults: readonly FaultModel[]): readonly string[] => {
    const source = createSimulatorSource({ ...scenario, faults }, { seed: 5 });
    const view = scenario.services.findIndex(({ name }) => name === 'view');
    return drain(source)
      .records.filter(({ kind, subject, severity }) => {
        return kind === 'log' && subject === view && severity >= 17;
      })
      .map(({ body }) => body);
  };
  const usual = problems([]).length;
  const poisoned = problems([poison]);
  const told = poisoned.filter((body) => /orders-2@\d+/.test(body));
  // Every second from 60 s on.
  expect(told.length).toBeGreaterThan(120);
  expect(new Set(told.map((body) => /orders-2@\d+/.exec(body)?.[0])).size).toBe(1);
  expect(poisoned.length - told.length).toBeLessThan(usual + 10);
  const broken: FaultModel = {
    ...poison,
    kind: 'errors',
    service: 1,
    endpoint: 1,
    share: 0.5,
    message: '',
  };
  expect(problems([broken]).filter((body) => body.includes('orders-'))).toEqual([]);
});
