import { describe, expect, test } from 'vitest';
import type { HealthCheckModel, ServiceModel } from '../../engine/scenario/model.ts';
import { failedShare, meanSojourn, stepped, type Stepped } from '../support/simulation.ts';
import {
  act,
  answering,
  call,
  change,
  constant,
  fault,
  millisecond,
  minute,
  scenarioOf,
  second,
  service,
  users,
} from '../support/topology.ts';

const check: HealthCheckModel = {
  intervalUs: 5 * second,
  timeoutUs: second,
  unhealthyAfter: 2,
  healthyAfter: 2,
  deep: false,
};
const checked: ServiceModel['balancer'] = {
  policy: 'round-robin',
  healthCheck: check,
  panicShare: 0,
};

function fleet(own: Partial<ServiceModel> = {}, rate = 30): ReturnType<typeof scenarioOf> {
  const one = service('a', { instances: 3, ...answering(constant(10)), ...own });
  return scenarioOf([one], {
    durationUs: 10 * minute,
    traffic: [users(rate)],
    zones: ['a', 'b', 'c'],
  });
}

/** Requests that each instance has taken since the last look. */
function takenBy({ world, plan }: Stepped): number[] {
  return Array.from(plan.instanceService, (_, i) => world.machines.workUs[i] ?? 0);
}

describe('health checks', () => {
  const crash = (own: Partial<ServiceModel>) => ({
    ...fleet(own),
    faults: [
      fault(0, { at: 2 * minute }, { kind: 'crash', restartAfterUs: 3 * minute }, { instances: 1 }),
    ],
  });

  test('without them a third of requests meet the dead instance until it is back', () => {
    const run = stepped(crash({}));
    expect(failedShare(run.since(2 * minute)[0])).toBe(0);
    expect(failedShare(run.since(5 * minute)[0])).toBeCloseTo(1 / 3, 2);
    expect(failedShare(run.since(10 * minute)[0])).toBe(0);
  });

  test('with them it is ejected after so many failures, and taken in again', () => {
    const run = stepped(crash({ balancer: checked }));
    run.since(2 * minute);
    expect(failedShare(run.since(2 * minute + 5 * second)[0])).toBeGreaterThan(0.2);
    run.since(2 * minute + 10 * second);
    expect(failedShare(run.since(10 * minute)[0])).toBe(0);
    expect(run.world.instances.routable.reduce((sum, one) => sum + one, 0)).toBe(3);
  });

  test('below the panic threshold the balancer sends to all', () => {
    const two = (panicShare: number) => ({
      ...fleet({ balancer: { ...checked, panicShare } }),
      faults: [fault(0, { at: minute }, { kind: 'crash', restartAfterUs: null }, { instances: 2 })],
    });
    for (const [panicShare, share] of [
      [0, 0],
      [0.5, 2 / 3],
    ] as const) {
      const run = stepped(two(panicShare));
      run.since(2 * minute);
      expect(failedShare(run.since(10 * minute)[0])).toBeCloseTo(share, 2);
    }
  });

  test('a shallow one sees a process that lives; a deep one waits in the queue like users', () => {
    const stuck = (deep: boolean): Stepped => {
      const balancer = { ...checked, healthCheck: { ...check, deep } };
      const scenario = fleet({ balancer, workers: 2, queue: 50, version: '1.0.0' }, 30);
      const slow = { kind: 'latency', endpoint: null, factor: 1, addUs: 10 * second } as const;
      return stepped({
        ...scenario,
        faults: [fault(0, { at: minute }, slow, { instances: 1 })],
      });
    };
    const [shallow, deep] = [stuck(false), stuck(true)];
    for (const run of [shallow, deep]) run.to(3 * minute);
    expect(shallow.world.instances.healthy[0]).toBe(1);
    expect(failedShare(shallow.since(10 * minute)[0])).toBeGreaterThan(0.25);
    expect(failedShare(deep.since(10 * minute)[0])).toBeLessThan(0.1);
  });

  test('an instance that is new gets nothing until its checks have passed', () => {
    const scenario = {
      ...fleet({ balancer: checked, instancesMax: 4 }),
      changes: [change(minute, 0, { kind: 'scaling', instances: 4 })],
    };
    const run = stepped(scenario);
    run.to(minute + second);
    expect([...run.world.instances.routable]).toEqual([1, 1, 1, 0]);
    const { endpoints } = run.to(10 * minute);
    expect([...run.world.instances.routable]).toEqual([1, 1, 1, 1]);
    expect(failedShare(endpoints[0])).toBe(0);
  });
});

describe('who gets a request', () => {
  test('in turn, or whoever has the fewest: then a slow instance gets less', () => {
    const slow = { kind: 'latency', endpoint: null, factor: 1, addUs: 300 * millisecond } as const;
    const mean = (policy: ServiceModel['balancer']['policy']): number => {
      const scenario = fleet({ balancer: { ...checked, healthCheck: null, policy } }, 60);
      const run = stepped({ ...scenario, faults: [fault(0, { at: 0 }, slow, { instances: 1 })] });
      const [one] = run.to(minute).endpoints;
      return one ? meanSojourn(one) : Number.NaN;
    };
    expect(mean('round-robin') / millisecond).toBeCloseTo(110, -1);
    expect(mean('least-requests') / millisecond).toBeLessThan(60);
  });

  test('drain: nothing more for one instance, and it finishes what it has', () => {
    const scenario = fleet({ cpus: 1 });
    const run = stepped(scenario, {
      inputs: [act(minute, { kind: 'drain', service: 0, instance: 1 })],
    });
    run.to(minute + second);
    const before = takenBy(run);
    const { endpoints } = run.to(5 * minute);
    const after = takenBy(run);
    expect(after[1]).toBe(before[1]);
    expect(after[0]).toBeGreaterThan(before[0] ?? Infinity);
    expect(failedShare(endpoints[0])).toBe(0);
  });

  test('fail-over: nothing more for a zone, in any service', () => {
    const two = scenarioOf(
      [
        service('web', { instances: 3, cpus: 1, ...answering(constant(5), call(1)) }),
        service('db', { instances: 3, cpus: 1, ...answering(constant(5)) }),
      ],
      { durationUs: 5 * minute, traffic: [users(20)], zones: ['a', 'b', 'c'] },
    );
    const run = stepped(two, { inputs: [act(minute, { kind: 'fail-over', zone: 2 })] });
    run.to(minute + second);
    const before = takenBy(run);
    run.to(5 * minute);
    takenBy(run).forEach((work, i) => {
      if (run.plan.instanceZone[i] === 2) expect(work).toBe(before[i]);
      else expect(work).toBeGreaterThan(before[i] ?? Infinity);
    });
  });

  test('shed-load turns its share away at the door, cheaply; 0 ends it', () => {
    const inputs = [
      act(minute, { kind: 'shed-load', service: 0, share: 0.4 }),
      act(3 * minute, { kind: 'shed-load', service: 0, share: 0 }),
    ];
    const run = stepped(fleet(), { inputs });
    expect(run.since(minute)[0]?.shed).toBe(0);
    const [shed] = run.since(3 * minute);
    expect(failedShare(shed)).toBeCloseTo(0.4, 1);
    expect(shed?.shed).toBe((shed?.shed ?? 0) + (shed?.failed ?? 1));
    expect(run.since(10 * minute)[0]?.shed).toBe(0);
  });
});
