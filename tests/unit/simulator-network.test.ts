import { describe, expect, test } from 'vitest';
import type { CallModel, FaultModel } from '../../engine/scenario/model.ts';
import { failedShare, meanSojourn, stepped } from '../support/simulation.ts';
import {
  answering,
  call,
  constant,
  fault,
  millisecond,
  minute,
  scenarioOf,
  second,
  service,
  users,
} from '../support/topology.ts';

const work = 10 * millisecond;

/** A caller and a callee, each in all of three zones. */
function pair(
  how: Partial<CallModel>,
  faults: readonly FaultModel[],
): ReturnType<typeof scenarioOf> {
  return scenarioOf(
    [
      service('web', { instances: 3, workers: 5000, ...answering(constant(0), call(1, how)) }),
      service('db', { instances: 3, workers: 5000, ...answering(constant(10)) }),
    ],
    { durationUs: 20 * minute, traffic: [users(30)], zones: ['a', 'b', 'c'], faults },
  );
}

function mean(scenario: ReturnType<typeof scenarioOf>): number {
  const [web] = stepped(scenario).to(scenario.durationUs).endpoints;
  return web ? meanSojourn(web) : Number.NaN;
}

describe('the network', () => {
  test('packets that are late: there and back, to and from the scope', () => {
    const late = (scope: Partial<FaultModel['scope']>): number =>
      mean(
        pair({}, [
          fault(1, { at: 0 }, { kind: 'network', loss: 0, delayUs: 15 * millisecond }, scope),
        ]),
      );
    expect(late({})).toBeCloseTo(work + 30 * millisecond, -1);
    expect(late({ instances: 1 })).toBeCloseTo(work + 10 * millisecond, -3);
  });

  // A request is lost on its way or its answer is: q = 1 − (1 − p)²; the k-th time costs 0.2 s × 2ᵏ more.
  test.each([0.01, 0.05, 0.2])('packets that are lost, %d: Σ qᵏ⁺¹ · 0.2 s · 2ᵏ', (loss) => {
    const q = 1 - (1 - loss) ** 2;
    const expected = Array.from({ length: 8 }, (_, k) => q ** (k + 1) * 200_000 * 2 ** k);
    const measured = mean(pair({}, [fault(1, { at: 0 }, { kind: 'network', loss, delayUs: 0 })]));
    const delay = expected.reduce((sum, one) => sum + one, 0);
    expect((measured - work) / delay).toBeGreaterThan(0.9);
    expect((measured - work) / delay).toBeLessThan(1.1);
  });

  test('with a timeout what comes too late is a timeout at the caller, and never arrives', () => {
    const cut = fault(1, { at: 0 }, { kind: 'network', loss: 1, delayUs: 0 });
    const { calls, endpoints } = stepped(pair({ timeoutUs: second }, [cut])).to(minute);
    expect(endpoints[1]?.admitted).toBe(0);
    expect(calls[0]?.ended.timeout).toBeGreaterThan(1500);
    expect(endpoints[0] && meanSojourn(endpoints[0])).toBe(second);
  });

  test('inside a zone that is cut off all is well, and outside of it', () => {
    const cut = fault(0, { at: 0 }, { kind: 'network', loss: 1, delayUs: 0 }, { zone: 0 });
    const scenario = pair({ timeoutUs: second }, [cut]);
    const alone = scenario.services.map((one) => ({ ...one, instances: 1, instancesMax: 1 }));
    for (const [zones, name] of [
      [['a'], 'db'],
      [['a', 'b'], 'db'],
      [['a', 'b'], 'dc'],
    ] as const) {
      const services = alone.map((one) => (one.name === 'db' ? { ...one, name } : one));
      const run = stepped({ ...scenario, zones, services });
      const together = run.plan.instanceZone[0] === run.plan.instanceZone[1];
      expect(together).toBe(name === 'db');
      expect(failedShare(run.since(minute)[0])).toBe(together ? 0 : 1);
    }
  });
});

test('a store that cannot be reached costs a quarter of a second, and then the origin is asked', () => {
  const cache = {
    name: 'cache',
    store: { service: 2, endpoint: 0 },
    keys: 10,
    skew: 0,
    ttlUs: Infinity,
    jitter: 0,
    warm: true,
    coalesce: false,
  };
  const scenario = scenarioOf(
    [
      service('web', { caches: [cache], ...answering(constant(0), call(1, { cache: 0 })) }),
      service('origin', answering(constant(10))),
      service('store', answering(constant(1))),
    ],
    {
      durationUs: 2 * minute,
      traffic: [users(30)],
      faults: [
        fault(2, { at: minute }, { kind: 'network', loss: 1, delayUs: 0 }, { instances: 1 }),
      ],
    },
  );
  const run = stepped(scenario);
  expect(run.since(minute)[1]?.admitted).toBe(0);
  const [web, origin, store] = run.since(2 * minute);
  expect(store?.admitted).toBe(0);
  expect(origin?.admitted).toBeGreaterThan(1700);
  expect(web && meanSojourn(web) / millisecond).toBeCloseTo(260, 0);
});

describe('connections', () => {
  const keepAliveUs = 40 * second;

  test.each<[string, Parameters<typeof fault>[2], 'dns' | 'tls']>([
    ['a name that does not resolve', { kind: 'dns', answer: 'nxdomain' }, 'dns'],
    ['a certificate that has ended', { kind: 'certificate-expiry' }, 'tls'],
  ])('%s: open ones live on until they end, new ones fail', (_, own, outcome) => {
    const run = stepped(
      pair({ keepAliveUs }, [fault(1, { at: 2 * minute, until: 10 * minute }, own)]),
    );
    expect(failedShare(run.since(2 * minute)[0])).toBe(0);
    // Connections last from half to one and a half times that long.
    const soon = failedShare(run.since(2 * minute + 10 * second)[0]);
    expect(soon).toBeGreaterThan(0.05);
    expect(soon).toBeLessThan(0.5);
    run.since(2 * minute + 1.5 * keepAliveUs + second);
    expect(failedShare(run.since(10 * minute)[0])).toBe(1);
    expect(run.to(10 * minute).calls[0]?.ended[outcome]).toBeGreaterThan(1000);
    expect(failedShare(run.since(20 * minute)[0])).toBe(0);
  });

  test('a resolver that does not answer costs five seconds, or the timeout', () => {
    for (const timeoutUs of [Infinity, second]) {
      const run = stepped(
        pair({ timeoutUs, keepAliveUs: second }, [
          fault(1, { at: 0 }, { kind: 'dns', answer: 'timeout' }),
        ]),
      );
      const { endpoints, calls } = run.to(minute);
      const expected = Math.min(5 * second, timeoutUs);
      expect(endpoints[0] && meanSojourn(endpoints[0])).toBe(expected);
      expect(calls[0]?.ended[timeoutUs < Infinity ? 'timeout' : 'dns']).toBeGreaterThan(1500);
    }
  });

  test('a process that starts afresh has no connections', () => {
    const run = stepped(
      pair({ keepAliveUs: 60 * minute }, [
        fault(1, { at: minute }, { kind: 'dns', answer: 'servfail' }),
        fault(0, { at: 2 * minute }, { kind: 'crash', restartAfterUs: second }),
      ]),
    );
    run.since(minute);
    expect(failedShare(run.since(2 * minute)[0])).toBe(0);
    run.since(2 * minute + 2 * second);
    expect(failedShare(run.since(5 * minute)[0])).toBe(1);
  });
});
