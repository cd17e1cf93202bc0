import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  copyWorld,
  createSimulatorSource,
  openSimulation,
  resumeSimulation,
  runTo,
  simulate,
} from '../../engine/simulator/index.ts';
import { packWorld, unpackWorld } from '../../engine/simulator/checkpoint.ts';
import { statisticsOf } from '../../engine/simulator/statistics.ts';
import { drain, shop } from '../support/simulated.ts';
import { tries } from '../support/effort.ts';

const second = 1_000_000;
const trouble = `  - { id: leak, kind: pool-leak, at: 10s, service: checkout, pool: orders-db, rate: 1% }
  - { id: crash, kind: crash, at: 20s, service: checkout, instances: 1, restart_after: 5s }
  - { id: rush, kind: traffic-spike, at: 30s, until: 40s, service: web, factor: 2 }
  - { id: slow, kind: latency, at: 35s, until: 50s, service: orders-db, factor: 20 }
  - { id: bad, kind: errors, at: 5s, service: checkout, rate: 5% }`;
const troubled = shop({ faults: trouble, duration: '1m' });
const seeds = fc.integer({ min: 0, max: 2 ** 31 });

describe('the stream', () => {
  test('is the same for the same seed, in order, and below its watermarks', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { records, marks } = drain(createSimulatorSource(troubled, { seed }));
        expect(drain(createSimulatorSource(troubled, { seed }))).toEqual({ records, marks });
        let i = 0;
        let before = 0;
        for (const { through, count } of marks) {
          for (const { t } of records.slice(i, (i += count))) {
            expect(t).toBeGreaterThanOrEqual(before);
            before = t;
          }
          expect(records.slice(i, i + 1).every(({ t }) => t >= through)).toBe(true);
        }
      }),
      { numRuns: tries(3) },
    );
  });

  test('continues from a copy of the world as it would have', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 59 }), (seed, at) => {
        const run = openSimulation(troubled, { seed, telemetry: true });
        runTo(run, at * second);
        const world = copyWorld(run.simulation.world);
        const copy = resumeSimulation(troubled, { seed, world });
        runTo(run, 60 * second);
        runTo(copy, 60 * second);
        expect(world.telemetry?.pending).toEqual(run.simulation.world.telemetry?.pending);
        expect(statisticsOf(copy.simulation)).toEqual(statisticsOf(run.simulation));
      }),
      { numRuns: tries(3) },
    );
  });

  test('continues from a packed world as it would have, but for what it tells', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 59 }), (seed, at) => {
        const run = openSimulation(troubled, { seed, telemetry: true });
        runTo(run, at * second);
        const { hash, world } = packWorld(run.simulation.world);
        expect(packWorld(unpackWorld(world)).hash).toBe(hash);
        const copy = resumeSimulation(troubled, { seed, world: unpackWorld(world) });
        runTo(run, 60 * second);
        runTo(copy, 60 * second);
        expect(statisticsOf(copy.simulation)).toEqual(statisticsOf(run.simulation));
        expect(packWorld(run.simulation.world).hash).not.toBe(hash);
      }),
      { numRuns: tries(3) },
    );
  });

  test('of other services does not change when a service joins', () => {
    const more = shop({
      faults: trouble,
      duration: '1m',
      services: '  - { name: search, service_time: { p50: 5ms, p99: 50ms } }',
      traffic: '  - { entry: search, rate: 25/s }',
    });
    const alone = drain(createSimulatorSource(troubled)).records;
    const together = drain(createSimulatorSource(more)).records;
    const others = together.filter((r) => r.kind !== 'metric' && r.subject < 3);
    expect(others).toEqual(alone.filter((r) => r.kind !== 'metric'));
    expect(together.length).toBeGreaterThan(alone.length);
  });
});

test('nothing is lost: attempts arrive, requests end, time adds up (Little)', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const { statistics: s } = simulate(troubled, { seed });
      s.endpoints.forEach((endpoint, e) => {
        const name = `${endpoint.service} ${endpoint.endpoint}`;
        const sent = s.calls.filter((c) => c.to === name).reduce((sum, c) => sum + c.sent, 0);
        const came = endpoint.admitted + endpoint.refused + endpoint.unreachable;
        expect(came).toBe(sent + (e === 0 ? s.arrivals : 0));
        const service = s.services[e];
        const ended = endpoint.ok + endpoint.failed + endpoint.reset;
        expect(endpoint.admitted).toBe(ended + (service?.inFlight ?? 0));
        expect((service?.queuedIntegral ?? 0) + (service?.busyIntegral ?? 0)).toBe(
          endpoint.sojournSum + (service?.inFlightSojourn ?? 0),
        );
      });
    }),
    { numRuns: tries(10) },
  );
});

test('spans nest: a child starts within its parent, and ends there unless its caller gave up', () => {
  const spans = drain(createSimulatorSource(troubled)).records.filter((r) => r.kind === 'span');
  const byId = new Map(spans.map((span) => [span.span, span]));
  expect(byId.size).toBe(spans.length);
  let nested = 0;
  for (const span of spans) {
    const parent = byId.get(span.parent);
    if (!parent) continue;
    nested++;
    expect(span.trace).toBe(parent.trace);
    expect(span.t - span.value).toBeGreaterThanOrEqual(parent.t - parent.value);
    if (!parent.attributes.includes('timeout')) expect(span.t).toBeLessThanOrEqual(parent.t);
  }
  expect(nested).toBeGreaterThan(1000);
});

test('counters equal outcomes', () => {
  const source = createSimulatorSource(troubled);
  const { records } = drain(source);
  const { statistics } = simulate(troubled, { telemetry: 'discard' });
  statistics.endpoints.forEach((endpoint, e) => {
    const series = source.header.series.findIndex(
      (s) => s.service === e && s.role === 'request_rate',
    );
    const counted = records
      .filter((r) => r.kind === 'metric' && r.subject === series)
      .reduce((sum, point) => sum + point.value * 5, 0);
    expect(counted).toBeCloseTo(endpoint.ok + endpoint.failed + endpoint.refused, 6);
  });
});
