import { describe, expect, test } from 'vitest';
import type { SurgeModel, TrafficModel } from '../../engine/scenario/model.ts';
import { surgeSteps } from '../../engine/simulator/shapes.ts';
import { failedShare, stepped } from '../support/simulation.ts';
import {
  answering,
  constant,
  fault,
  millisecond,
  minute,
  scenarioOf,
  second,
  service,
  users,
} from '../support/topology.ts';

const errors = { kind: 'errors', endpoint: null, share: 1, message: '' } as const;

function visited(traffic: TrafficModel, ms = 1): ReturnType<typeof scenarioOf> {
  return scenarioOf([service('a', { workers: 5_000, ...answering(constant(ms)) })], {
    durationUs: 20 * minute,
    traffic: [traffic],
  });
}

/** Factor of the first traffic entry at a time. */
function factorAt(surges: readonly SurgeModel[], at: number): number {
  const steps = surgeSteps([users(1, { surges })]);
  return steps.filter((step) => step.at <= at).at(-1)?.factor ?? 1;
}

describe('surges', () => {
  const ramped = { at: 100, until: 900, factor: 5, rampUs: 160 };

  test('go up in steps, stay, come down in steps, and leave nothing', () => {
    expect([0, 99, 100, 119, 120, 239, 240, 740].map((t) => factorAt([ramped], t))).toEqual([
      1, 1, 1.5, 1.5, 2, 4.5, 5, 5,
    ]);
    expect([741, 761, 880, 899, 900, 5000].map((t) => factorAt([ramped], t))).toEqual([
      5, 4.5, 1.5, 1.5, 1, 1,
    ]);
  });

  test('at the same time multiply, and each ends for itself', () => {
    const flat = { at: 500, until: 2000, factor: 3, rampUs: 0 };
    expect([400, 600, 950, 2000].map((t) => factorAt([ramped, flat], t))).toEqual([5, 15, 3, 1]);
  });

  test('that are shorter than their ramps turn before they are at their height', () => {
    const short = { at: 0, until: 160, factor: 9, rampUs: 160 };
    const factors = Array.from({ length: 160 }, (_, t) => factorAt([short], t));
    expect(Math.max(...factors)).toBe(5);
    expect(factorAt([short], 160)).toBe(1);
  });

  test('to nobody, and back', () => {
    const pause = { at: 5 * minute, until: 10 * minute, factor: 0, rampUs: 0 };
    const run = stepped(visited(users(50, { surges: [pause] })));
    const rate = (from: number, to: number): number => {
      run.since(from);
      return (run.since(to)[0]?.admitted ?? 0) / ((to - from) / second);
    };
    expect(rate(0, 5 * minute)).toBeCloseTo(50, -1);
    expect(rate(5 * minute, 10 * minute)).toBe(0);
    expect(rate(10 * minute, 20 * minute)).toBeCloseTo(50, -1);
  });
});

describe('users', () => {
  test('who lose patience go away, and the work is done for nobody', () => {
    const run = stepped(visited(users(10, { patienceUs: 100 * millisecond }), 500));
    const { endpoints, arrivals } = run.to(20 * minute);
    expect(endpoints[0]?.ok).toBeGreaterThan(arrivals - 20);
    expect(run.world.traffic.abandoned[0]).toBeGreaterThan(arrivals - 5);
  });

  // One who fails comes again with chance p, at most n times: 1 + p + p² + … + pⁿ requests.
  test.each([
    [0.5, 3],
    [1, 2],
    [0.9, 10],
  ])(
    'who get nothing come again: Σ pᵏ for p = %d and at most %i times',
    (reloadShare, reloadsMax) => {
      const traffic = users(10, { reloadShare, reloadsMax, reloadAfterUs: second });
      const run = stepped({ ...visited(traffic), faults: [fault(0, { at: 0 }, errors)] });
      const { arrivals } = run.to(20 * minute);
      const first = arrivals - (run.world.traffic.reloaded[0] ?? 0);
      const expected = Array.from({ length: reloadsMax + 1 }, (_, k) => reloadShare ** k);
      const sum = expected.reduce((total, one) => total + one, 0);
      expect(arrivals / first / sum).toBeGreaterThan(0.97);
      expect(arrivals / first / sum).toBeLessThan(1.03);
    },
  );

  test('whose server dies come again as well', () => {
    const traffic = users(10, { reloadShare: 1, reloadsMax: 1, reloadAfterUs: second });
    const crash = fault(0, { at: minute }, { kind: 'crash', restartAfterUs: 10 * millisecond });
    const run = stepped({ ...visited(traffic, 2000), faults: [crash] });
    const { endpoints } = run.to(20 * minute);
    expect(endpoints[0]?.reset).toBeGreaterThan(10);
    const refused = endpoints[0]?.unreachable ?? 0;
    expect(run.world.traffic.reloaded[0]).toBe((endpoints[0]?.reset ?? 0) + refused);
  });

  test('of probes come like a clock, of batches in bursts, whatever others do', () => {
    const probe = users(0, { kind: 'probe', everyUs: 10 * second });
    const batch = users(0, { kind: 'batch', everyUs: minute, burst: 40, spreadUs: second });
    const spike = fault(0, { at: 0 }, { kind: 'traffic-spike', factor: 5 });
    const run = stepped({ ...visited(probe), traffic: [probe, batch], faults: [spike] });
    run.to(20 * minute);
    expect(run.world.traffic.count[0]).toBe(119);
    expect(run.world.traffic.count[1]).toBe(19 * 40);
    expect(failedShare(run.to(20 * minute).endpoints[0])).toBe(0);
  });
});
