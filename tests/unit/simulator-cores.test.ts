import { describe, expect, test } from 'vitest';
import type { EndpointModel, ServiceModel } from '../../engine/scenario/model.ts';
import { openSimulation, runTo, simulate } from '../../engine/simulator/index.ts';
import { collectorShare, coreSpeed, liveBytes } from '../../engine/simulator/machines.ts';
import { erlangWaitUs } from '../perf/queueing.ts';
import { meanSojourn, stepped } from '../support/simulation.ts';
import {
  answering,
  constant,
  endpoint,
  exponential,
  fault,
  minute,
  scenarioOf,
  second,
  service,
  users,
} from '../support/topology.ts';

const roomy = { workers: 10_000, queue: 0 };

/** Mean time in a service, µs. */
function sojourn(one: Partial<ServiceModel>, rate: number, seconds: number): number {
  const scenario = scenarioOf([service('a', { ...roomy, ...one })], {
    durationUs: seconds * second,
    traffic: [users(rate)],
  });
  const [answered] = simulate(scenario, { seed: 3 }).statistics.endpoints;
  return answered ? meanSojourn(answered) : Number.NaN;
}

describe('cores are what requests wait for where workers are plenty', () => {
  // Which request goes on does not matter to the mean where work has no memory (Kleinrock I, 3.40).
  test.each([1, 2, 4])('M/M/%i: the wait is that of Erlang', (servers) => {
    const load = { ratePerUs: (0.8 * servers) / 4_000, meanUs: 4_000, servers };
    const one = { cpus: servers, ...answering(exponential(4)) };
    const measured = sojourn(one, load.ratePerUs * 1e6, 1000);
    const expected = erlangWaitUs(load) + load.meanUs;
    expect(measured / expected).toBeGreaterThan(0.95);
    expect(measured / expected).toBeLessThan(1.05);
  });

  // Processor sharing: the mean hangs on the mean of the work alone (Kleinrock II, 4.17).
  test.each<[string, EndpointModel['serviceTime']]>([
    ['constant', constant(400)],
    ['exponential', exponential(400)],
    ['heavy-tailed', { kind: 'lognormal', p50Us: 200_000, p99Us: 3_000_000 }],
  ])('long work in slices, %s: S / (1 − ρ)', (_, work) => {
    const one = { cpus: 1, ...answering(work) };
    const alone = sojourn({ ...answering(work) }, 5, 10_000);
    const shared = sojourn(one, (0.6 / alone) * 1e6, 50_000);
    expect(shared / (alone / 0.4)).toBeGreaterThan(0.9);
    expect(shared / (alone / 0.4)).toBeLessThan(1.1);
  });

  test('a short request is not stuck behind long ones', () => {
    const endpoints = [
      endpoint({ name: 'report', serviceTime: constant(2000) }),
      endpoint({ name: 'ping', serviceTime: constant(1) }),
    ];
    const scenario = scenarioOf([service('a', { ...roomy, cpus: 1, endpoints })], {
      durationUs: 10 * minute,
      traffic: [users(0.25), users(1, { endpoint: 1 })],
    });
    const [report, ping] = simulate(scenario, { seed: 3 }).statistics.endpoints;
    expect(report && meanSojourn(report)).toBeGreaterThan(2 * second);
    // At most a slice of each of those before it.
    expect(ping && meanSojourn(ping)).toBeLessThan(100_000);
  });

  test('what others steal makes the same work take longer', () => {
    const scenario = scenarioOf([service('a', { cpus: 1, ...answering(constant(10)) })], {
      durationUs: 2 * minute,
      traffic: [users(5)],
      faults: [fault(0, { at: minute }, { kind: 'cpu-steal', share: 0.75 })],
    });
    const run = stepped(scenario);
    const [before] = run.since(minute);
    const [after] = run.since(2 * minute);
    expect(before && meanSojourn(before)).toBeLessThan(11_000);
    expect(after && meanSojourn(after)).toBeGreaterThan(40_000);
    expect(after && meanSojourn(after)).toBeLessThan(60_000);
  });

  test('a process that has just started is slow, and warms up', () => {
    const startup = {
      us: second,
      warmupUs: 20 * second,
      warmupFactor: 5,
      calls: [],
      retryUs: second,
      jitter: 0,
    };
    const scenario = scenarioOf([service('a', { cpus: 1, startup, ...answering(constant(10)) })], {
      durationUs: 2 * minute,
      traffic: [users(4)],
      faults: [fault(0, { at: 30 * second }, { kind: 'crash', restartAfterUs: 2 * second })],
    });
    const run = stepped(scenario);
    const mean = (at: number): number => {
      const [one] = run.since(at);
      return one ? meanSojourn(one) : Number.NaN;
    };
    expect(mean(30 * second)).toBeLessThan(11_000);
    mean(33 * second);
    expect(mean(38 * second)).toBeGreaterThan(35_000);
    mean(53 * second);
    expect(mean(2 * minute)).toBeLessThan(11_000);
  });
});

describe('memory', () => {
  const memory = { limitBytes: 100e6, baseBytes: 20e6, perRequestBytes: 0, collected: true };
  const leaky = (collected: boolean, own: Partial<ServiceModel> = {}) =>
    scenarioOf(
      [
        service('a', {
          cpus: 1,
          memory: { ...memory, collected },
          startup: {
            us: second,
            warmupUs: 0,
            warmupFactor: 1,
            calls: [],
            retryUs: second,
            jitter: 0,
          },
          ...answering(constant(1)),
          ...own,
        }),
      ],
      {
        durationUs: 5 * minute,
        traffic: [users(20)],
        // 20 requests a second × 100 kB: 2 MB a second, 40 seconds to the limit.
        faults: [
          fault(0, { at: 0 }, { kind: 'memory-leak', endpoint: null, bytesPerRequest: 1e5 }),
        ],
      },
    );

  test('the collector takes what the formula says, and the cores are slower by it', () => {
    const run = openSimulation(leaky(true), { seed: 1, telemetry: false });
    const { simulation } = run;
    let before = 0;
    for (let t = second; t <= 35 * second; t += second) {
      runTo(run, t);
      const live = liveBytes(simulation, 0, 0);
      const share = collectorShare(simulation, 0, 0);
      expect(share).toBeCloseTo(Math.min(0.95, (0.02 * live) / (memory.limitBytes - live)), 12);
      expect(coreSpeed(simulation, 0, 0)).toBeCloseTo(1 - share, 12);
      expect(share).toBeGreaterThanOrEqual(before);
      before = share;
    }
    expect(before).toBeGreaterThan(0.05);
  });

  test('a leak ends in OOM kills, again and again: a sawtooth', () => {
    const run = openSimulation(leaky(false), { seed: 1, telemetry: false });
    const { world } = run.simulation;
    let kills = 0;
    let before = 0;
    for (let t = second; t <= 5 * minute; t += second) {
      runTo(run, t);
      const leaked = world.machines.leaked[0] ?? 0;
      expect(liveBytes(run.simulation, 0, 0)).toBeLessThanOrEqual(memory.limitBytes + 1e5);
      if (leaked < before) kills++;
      before = leaked;
    }
    // 40 s to fill, 2 s until it is started again, 1 s until it is ready: 7 times in 5 minutes.
    expect(kills).toBeGreaterThanOrEqual(6);
    expect(kills).toBeLessThanOrEqual(7);
  });

  test('requests in flight are memory too: too many of them end the process', () => {
    const scenario = scenarioOf(
      [
        service('a', {
          ...roomy,
          memory: { ...memory, perRequestBytes: 1e6 },
          ...answering(constant(2000)),
        }),
      ],
      {
        durationUs: 20 * second,
        traffic: [
          users(10, { surges: [{ at: 10 * second, until: 15 * second, factor: 20, rampUs: 0 }] }),
        ],
      },
    );
    const run = stepped(scenario);
    expect(run.to(10 * second).endpoints[0]?.reset).toBe(0);
    expect(run.to(15 * second).endpoints[0]?.reset).toBeGreaterThanOrEqual(80);
  });
});
