import fc, { type GeneratorValue } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packWorld } from '../../engine/simulator/checkpoint.ts';
import {
  copyWorld,
  createSimulatorSource,
  openSimulation,
  resumeSimulation,
  runTo,
  type SimulationRun,
} from '../../engine/simulator/index.ts';
import { statisticsOf, type SimulationStatistics } from '../../engine/simulator/statistics.ts';
import { auditWorld } from '../support/audit-world.ts';
import { tries } from '../support/effort.ts';
import { littleInPools, littleInServices } from '../support/little.ts';
import { parametersOf } from '../support/parameters.ts';
import { drawTopology, type Drawn } from '../support/random-topology.ts';
import { drain } from '../support/simulated.ts';
import { second, service, users } from '../support/topology.ts';

/** Holds something for so many topologies drawn at random. */
function forAll(runs: number, holds: (drawn: Drawn, g: GeneratorValue) => void): void {
  fc.assert(
    fc.property(fc.gen(), (g) => holds(drawTopology(g), g)),
    // Shrinking a scenario that never ends would not end either.
    {
      numRuns: tries(runs),
      interruptAfterTimeLimit: 20_000 * tries(1),
      markInterruptAsFailure: false,
    },
  );
}

function open({ scenario, inputs, seed }: Drawn, telemetry = false): SimulationRun {
  return openSimulation(scenario, { seed, inputs, telemetry });
}

function hashOf({ simulation }: SimulationRun): string {
  return packWorld(simulation.world).hash;
}

describe('whatever goes wrong and whatever is done', () => {
  test('a world holds together after every second, and time adds up (Little)', () => {
    forAll(150, (drawn) => {
      const run = open(drawn);
      for (let t = second; t <= drawn.scenario.durationUs; t += second) {
        runTo(run, t);
        expect(auditWorld(run.simulation)).toEqual([]);
        const statistics = statisticsOf(run.simulation);
        expect(littleInServices(statistics)).toEqual([]);
        expect(littleInPools(statistics.pools)).toEqual([]);
      }
    });
  });

  test('the same seed makes the same world', () => {
    forAll(40, (drawn) => {
      const [run, again] = [open(drawn), open(drawn)];
      runTo(run, drawn.scenario.durationUs);
      // Where a run stops on its way changes nothing.
      for (let t = 0; t <= drawn.scenario.durationUs; t += 777_777) runTo(again, t);
      runTo(again, drawn.scenario.durationUs);
      expect(hashOf(again)).toBe(hashOf(run));
    });
  });

  test('a copy of a world goes on as the world itself does', () => {
    forAll(40, (drawn, g) => {
      const { scenario, inputs, seed } = drawn;
      const run = open(drawn);
      runTo(run, g(fc.integer, { min: 0, max: scenario.durationUs }));
      const world = copyWorld(run.simulation.world);
      const copy = resumeSimulation(scenario, { seed, inputs, world });
      expect(hashOf(copy)).toBe(hashOf(run));
      runTo(run, scenario.durationUs);
      runTo(copy, scenario.durationUs);
      expect(hashOf(copy)).toBe(hashOf(run));
    });
  });

  test('a fork in which nobody does anything is what would have been', () => {
    forAll(40, (drawn, g) => {
      const { scenario, seed } = drawn;
      const untouched = { ...drawn, inputs: [] };
      const run = open(untouched);
      // Inputs that come later are no part of the past.
      const at = g(fc.integer, { min: 0, max: scenario.durationUs });
      const later = { ...drawn, inputs: drawn.inputs.filter((input) => input.at >= at) };
      const parent = open(later);
      runTo(parent, at);
      const world = copyWorld(parent.simulation.world);
      const fork = resumeSimulation(scenario, { seed, world });
      runTo(run, scenario.durationUs);
      runTo(fork, scenario.durationUs);
      expect(hashOf(fork)).toBe(hashOf(run));
    });
  });

  test('telemetry watches and does not touch', () => {
    forAll(40, (drawn) => {
      const [silent, told] = [open(drawn), open(drawn, true)];
      runTo(silent, drawn.scenario.durationUs);
      runTo(told, drawn.scenario.durationUs);
      expect(statisticsOf(told.simulation)).toEqual(statisticsOf(silent.simulation));
    });
  });

  test('the stream is the same for the same seed, in order, and nothing comes before its cause', () => {
    forAll(15, ({ scenario, inputs, seed }) => {
      const watched = {
        ...scenario,
        telemetry: { ...scenario.telemetry, traceSample: 1 },
        // A clock that is off tells of effects before their causes.
        faults: scenario.faults.filter(({ kind }) => kind !== 'clock-skew'),
      };
      const { records } = drain(createSimulatorSource(watched, { seed, inputs }));
      expect(drain(createSimulatorSource(watched, { seed, inputs })).records).toEqual(records);
      records.slice(1).forEach(({ t }, i) => expect(t).toBeGreaterThanOrEqual(records[i]?.t ?? 0));
      const told = records.filter((r) => r.kind === 'span');
      const spans = new Map(told.map((r) => [r.span, r]));
      expect(spans.size).toBe(told.length);
      for (const { t, value, parent, trace } of spans.values()) {
        const above = spans.get(parent);
        if (!above) continue;
        expect(trace).toBe(above.trace);
        // A message is handled after the request that sent it, but never before it began.
        expect(t - value).toBeGreaterThanOrEqual(above.t - above.value);
      }
    });
  });
});

test('metrics count what servers answered, whatever else happens', () => {
  forAll(15, ({ scenario, inputs, seed }) => {
    const interval = 2 * second;
    const complete = {
      ...scenario,
      telemetry: { ...scenario.telemetry, metricIntervalUs: interval },
      faults: scenario.faults.filter(({ kind }) => kind !== 'telemetry-loss'),
    };
    const source = createSimulatorSource(complete, { seed, inputs });
    const { records } = drain(source);
    const run = openSimulation(complete, { seed, inputs, telemetry: false });
    runTo(run, scenario.durationUs);
    const { endpoints } = statisticsOf(run.simulation);
    scenario.services.forEach(({ name }, s) => {
      const series = source.header.series.findIndex(
        (one) => one.service === s && one.role === 'request_rate',
      );
      const counted = records
        .filter((r) => r.kind === 'metric' && r.subject === series)
        .reduce((sum, point) => sum + (point.value * interval) / second, 0);
      const answered = endpoints
        .filter((one) => one.service === name)
        .reduce((sum, one) => sum + one.ok + one.failed + one.refused + one.shed, 0);
      expect(counted).toBeCloseTo(answered, 6);
    });
  });
});

test('faults that end leave parameters exactly as they were', () => {
  forAll(40, ({ scenario, seed }) => {
    const { durationUs } = scenario;
    const faults = scenario.faults.map((one) => ({
      ...one,
      until: Math.min(one.until ?? Infinity, durationUs - 1),
    }));
    const healed = {
      ...scenario,
      faults,
      traffic: scenario.traffic.map((t) => ({ ...t, surges: [] })),
    };
    const run = openSimulation(healed, { seed, telemetry: false });
    const before = parametersOf(run.simulation.world);
    runTo(run, durationUs);
    expect(parametersOf(run.simulation.world)).toEqual(before);
  });
});

test('a service that joins leaves all others as they were until they meet', () => {
  forAll(40, ({ scenario, inputs, seed }) => {
    // A fault of hosts or zones, or an evacuation, is about everybody there.
    const apart = {
      ...scenario,
      faults: scenario.faults.map((one) => ({
        ...one,
        scope: { ...one.scope, zone: null, node: null },
      })),
    };
    const newcomer = apart.services.length;
    const joined = {
      ...apart,
      services: [...apart.services, service('newcomer', { instances: 2, cpus: 1 })],
      traffic: [...apart.traffic, users(20, { service: newcomer })],
    };
    const [alone, together] = [apart, joined].map((one) => {
      const run = openSimulation(one, { seed, inputs, telemetry: false });
      runTo(run, one.durationUs);
      return statisticsOf(run.simulation);
    });
    expect(without(together, 'newcomer')).toEqual(without(alone, 'newcomer'));
    expect(together?.arrivals).toBeGreaterThan(alone?.arrivals ?? Infinity);
  });
});

/** Statistics of all services but one; arrivals are of all of them. */
function without(statistics: SimulationStatistics | undefined, name: string): unknown {
  const { services = [], endpoints = [], calls, pools, caches, queues } = statistics ?? {};
  return {
    services: services.filter((one) => one.service !== name),
    endpoints: endpoints.filter((one) => one.service !== name),
    calls,
    pools,
    caches,
    queues,
  };
}
