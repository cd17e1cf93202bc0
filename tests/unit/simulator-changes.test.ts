import { describe, expect, test } from 'vitest';
import type { HealthCheckModel, ServiceModel } from '../../engine/scenario/model.ts';
import { failedShare, stepped } from '../support/simulation.ts';
import {
  act,
  answering,
  call,
  change,
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
const errors = { kind: 'errors', endpoint: null, share: 1, message: '' } as const;

function fleet(own: Partial<ServiceModel> = {}, rate = 30): ReturnType<typeof scenarioOf> {
  const one = service('a', { instances: 3, ...answering(constant(10)), ...own });
  return scenarioOf([one], {
    durationUs: 10 * minute,
    traffic: [users(rate)],
    zones: ['a', 'b', 'c'],
  });
}

describe('versions', () => {
  test('a canary fails alone, and a rollback takes it back', () => {
    const scenario = {
      ...fleet(),
      changes: [change(minute, 0, { version: '2.0.0', instances: 1 })],
      faults: [fault(0, { at: 0 }, errors, { version: '2.0.0' })],
    };
    const run = stepped(scenario, { inputs: [act(3 * minute, { kind: 'rollback', service: 0 })] });
    expect(failedShare(run.since(minute)[0])).toBe(0);
    expect(failedShare(run.since(3 * minute)[0])).toBeCloseTo(1 / 3, 1);
    expect(failedShare(run.since(10 * minute)[0])).toBe(0);
  });

  test('a canary that is restarted is the canary still', () => {
    const scenario = {
      ...fleet(),
      changes: [change(minute, 0, { version: '2.0.0', instances: 1 })],
      faults: [fault(0, { at: 0 }, errors, { version: '2.0.0' })],
    };
    const run = stepped(scenario, {
      inputs: [act(2 * minute, { kind: 'restart', service: 0, which: 0 })],
    });
    run.since(3 * minute);
    expect(failedShare(run.since(10 * minute)[0])).toBeCloseTo(1 / 3, 1);
  });

  test('a deploy goes instance by instance; a rollback on the way goes back to what was before', () => {
    const scenario = {
      ...fleet(),
      changes: [change(minute, 0, { version: '2.0.0', overUs: 3 * minute })],
      faults: [fault(0, { at: 0 }, errors, { version: '2.0.0' })],
    };
    const share = (rollback: boolean, at: number): number => {
      const inputs = [act(2.5 * minute, { kind: 'rollback', service: 0 })];
      const run = stepped(scenario, { inputs: rollback ? inputs : [] });
      run.since(at - minute / 4);
      return failedShare(run.since(at)[0]);
    };
    expect(share(false, 1.75 * minute)).toBeCloseTo(1 / 3, 1);
    expect(share(false, 2.75 * minute)).toBeCloseTo(2 / 3, 1);
    expect(share(false, 5 * minute)).toBe(1);
    expect(share(true, 3.5 * minute)).toBe(0);
    expect(share(true, 10 * minute)).toBe(0);
  });

  test('a configuration acts everywhere at once, and a rollback takes it back', () => {
    const scenario = {
      ...fleet({ config: 'r1' }),
      changes: [change(minute, 0, { kind: 'config', config: 'r2' })],
      faults: [fault(0, { at: 0 }, errors, { config: 'r2' })],
    };
    const run = stepped(scenario, { inputs: [act(2 * minute, { kind: 'rollback', service: 0 })] });
    expect(failedShare(run.since(minute)[0])).toBe(0);
    expect(failedShare(run.since(2 * minute)[0])).toBeGreaterThan(0.99);
    expect(failedShare(run.since(10 * minute)[0])).toBeLessThan(0.001);
  });

  test('a flag switches a fault and a call; flag-off switches it off', () => {
    const scenario = {
      ...scenarioOf(
        [
          service('a', answering(constant(1), call(1, { flag: 'new' }))),
          service('b', { endpoints: [endpoint()] }),
        ],
        { durationUs: 3 * minute, traffic: [users(20)] },
      ),
      changes: [change(minute, 0, { kind: 'flag', flag: { name: 'new', on: true } })],
      faults: [fault(0, { at: 0 }, errors, { flag: 'new' })],
    };
    const run = stepped(scenario, {
      inputs: [act(2 * minute, { kind: 'flag-off', service: 0, flag: 'new' })],
    });
    expect(run.since(minute).map(failedShare)).toEqual([0, Number.NaN]);
    expect(failedShare(run.since(2 * minute)[0])).toBeGreaterThan(0.99);
    expect(failedShare(run.since(3 * minute)[0])).toBeLessThan(0.01);
  });
});

describe('how many run', () => {
  const autoscale = { min: 2, max: 20, target: 0.5, everyUs: 15 * second, lagUs: minute };

  test('the autoscaler settles near its target, late, and comes down after a calm', () => {
    const surge = { at: 2 * minute, until: 20 * minute, factor: 5, rampUs: 0 };
    const scenario = scenarioOf(
      [
        service('a', {
          instances: 2,
          instancesMax: 20,
          cpus: 1,
          workers: 200,
          queue: 1000,
          autoscale,
          ...answering(exponential(20)),
        }),
      ],
      { durationUs: 40 * minute, traffic: [users(50, { surges: [surge] })] },
    );
    const run = stepped(scenario);
    const up = (at: number): number => run.to(at).services[0]?.instancesUp ?? Number.NaN;
    expect(up(2 * minute)).toBe(2);
    expect(up(2.9 * minute)).toBe(2);
    // 250 a second × 20 ms = 5 cores of work.
    expect(up(15 * minute)).toBeGreaterThanOrEqual(9);
    expect(up(15 * minute)).toBeLessThanOrEqual(12);
    expect(up(24 * minute)).toBeGreaterThanOrEqual(9);
    expect(up(40 * minute)).toBeLessThanOrEqual(3);
    expect(failedShare(run.since(40 * minute)[0])).toBeLessThan(0.05);
  });

  test('an instance that is sent away finishes what it has', () => {
    const scenario = {
      ...fleet({ ...answering(constant(3000)) }),
      changes: [change(minute, 0, { kind: 'scaling', instances: 1 })],
    };
    const run = stepped(scenario);
    run.to(minute + second);
    expect(run.to(minute + second).services[0]?.instancesUp).toBe(3);
    const { services, endpoints } = run.to(minute + 4 * second);
    expect(services[0]?.instancesUp).toBe(1);
    expect(endpoints[0]?.reset).toBe(0);
  });

  test('a start that is called off does not come up later', () => {
    const startup = { us: 0, warmupUs: 0, warmupFactor: 1, retryUs: second, jitter: 0 };
    const scenario = {
      ...scenarioOf(
        [
          service('a', { instancesMax: 2, startup: { ...startup, calls: [call(1)] } }),
          service('b', answering(constant(5000))),
        ],
        { durationUs: 2 * minute, traffic: [users(5)] },
      ),
      changes: [
        change(minute, 0, { kind: 'scaling', instances: 2 }),
        change(minute + second, 0, { kind: 'scaling', instances: 1 }),
      ],
    };
    const run = stepped(scenario);
    expect(run.to(minute + 2 * second).services[1]?.inFlight).toBe(1);
    expect(run.to(2 * minute).services[0]?.instancesUp).toBe(1);
    expect(run.to(2 * minute).endpoints[1]?.ok).toBe(1);
  });

  test('a start whose calls fail tries again; in step without jitter', () => {
    const startup = { us: 0, warmupUs: 0, warmupFactor: 1, retryUs: 5 * second, jitter: 0 };
    const scenario = {
      ...scenarioOf(
        [
          service('a', { instances: 4, startup: { ...startup, calls: [call(1)] } }),
          service('b', answering(constant(1))),
        ],
        {
          durationUs: 2 * minute,
          traffic: [users(5)],
          faults: [fault(1, { at: 0, until: minute }, errors)],
        },
      ),
    };
    const run = stepped(scenario, {
      inputs: [act(10 * second, { kind: 'restart', service: 0, which: 'all' })],
    });
    const { services, endpoints } = run.to(minute - second);
    expect(services[0]?.instancesUp).toBe(0);
    // At 12 s, and then every 5 seconds and 1 ms: 10 times, all four at once.
    expect(endpoints[1]?.failed).toBe(40);
    expect(run.to(minute + 6 * second).services[0]?.instancesUp).toBe(4);
  });

  test('restart: all at once is an outage, one after the other is not', () => {
    const lost = (which: 'all' | 'rolling'): number => {
      const startup = {
        us: 5 * second,
        warmupUs: 0,
        warmupFactor: 1,
        calls: [],
        retryUs: second,
        jitter: 0,
      };
      const run = stepped(fleet({ balancer: checked, startup }), {
        inputs: [act(minute, { kind: 'restart', service: 0, which })],
      });
      run.since(minute);
      return failedShare(run.since(3 * minute)[0]);
    };
    expect(lost('all')).toBeGreaterThan(0.08);
    expect(lost('rolling')).toBeLessThan(0.01);
  });
});

test('a fault that comes and goes does so until its end, and not after', () => {
  const pulse = { onUs: 10 * second, offUs: 20 * second };
  const scenario = {
    ...fleet(),
    faults: [fault(0, { at: minute, until: 2 * minute, pulse }, errors)],
  };
  const run = stepped(scenario);
  run.since(minute);
  const shares = Array.from({ length: 9 }, (_, k) =>
    failedShare(run.since(minute + (k + 1) * 10 * second)[0]),
  );
  shares.forEach((share, k) => {
    if (k === 0 || k === 3) expect(share).toBeGreaterThan(0.98);
    else expect(share).toBeLessThan(0.02);
  });
});

test('a crash that comes and goes leaves no crash behind', () => {
  const pulse = { onUs: 10 * second, offUs: 5 * second };
  const crash = { kind: 'crash', restartAfterUs: 2 * second } as const;
  // At its end the next pulse is planned already.
  const scenario = {
    ...fleet(),
    faults: [fault(0, { at: minute, until: 2 * minute + second, pulse }, crash)],
  };
  const run = stepped(scenario);
  expect(run.since(2 * minute + 4 * second)[0]?.unreachable).toBeGreaterThan(200);
  expect(failedShare(run.since(10 * minute)[0])).toBe(0);
});
