import { describe, expect, test } from 'vitest';
import type { ActionInput, SimulatedScenario } from '../../engine/scenario/model.ts';
import { openSimulation, runTo } from '../../engine/simulator/index.ts';
import { Outcome, outcomeCount } from '../../engine/simulator/requests.ts';
import { shop } from '../support/simulated.ts';

const second = 1_000_000;
const [web, checkout] = [0, 1];

/** web keeps its connections to checkout for minutes; the certificate of checkout ends after ten seconds. */
function expiring(changes = ''): SimulatedScenario {
  const scenario = shop(changes === '' ? {} : { changes });
  const services = scenario.services.map((service) => ({
    ...service,
    endpoints: service.endpoints.map((endpoint) => ({
      ...endpoint,
      calls: endpoint.calls.map((call) => ({
        ...call,
        retries: { ...call.retries, max: 0 },
        keepAliveUs: 600 * second,
      })),
    })),
  }));
  const scope = {
    instances: null,
    zone: null,
    node: null,
    version: null,
    flag: null,
    config: null,
  };
  const expiry = {
    kind: 'certificate-expiry',
    id: 'expiry',
    at: 10 * second,
    until: null,
    service: checkout,
    scope,
    pulse: null,
  } as const;
  return { ...scenario, services, faults: [expiry] };
}

/** Share of the calls from web to checkout, in the second minute, that got no connection. */
function refusedShare(scenario: SimulatedScenario, inputs: readonly ActionInput[] = []): number {
  const run = openSimulation(scenario, { seed: 5, inputs, telemetry: false });
  const { calls } = run.simulation.world;
  const counts = (): readonly [number, number] => [
    calls.ended[Outcome.tls] ?? Number.NaN,
    calls.ended.slice(0, outcomeCount).reduce((sum, n) => sum + n, 0),
  ];
  runTo(run, 60 * second);
  const [refusedBefore, allBefore] = counts();
  runTo(run, 120 * second);
  const [refused, all] = counts();
  return (refused - refusedBefore) / (all - allBefore);
}

const restart = (service: number, which: number | 'all'): ActionInput => ({
  at: 20 * second,
  action: { kind: 'restart', service, which },
  text: 'restart',
});

describe('connections live as long as the processes at both ends', () => {
  test('those that are open do not mind that the certificate has ended', () => {
    expect(refusedShare(expiring())).toBe(0);
  });

  test('callers that start again need new ones', () => {
    expect(refusedShare(expiring(), [restart(web, 'all')])).toBe(1);
    const half = refusedShare(expiring(), [restart(web, 0)]);
    expect(half).toBeGreaterThan(0.4);
    expect(half).toBeLessThan(0.6);
  });

  test('so do all callers of a callee that starts again', () => {
    expect(refusedShare(expiring(), [restart(checkout, 'all')])).toBe(1);
    const half = refusedShare(expiring(), [restart(checkout, 1)]);
    expect(half).toBeGreaterThan(0.4);
    expect(half).toBeLessThan(0.6);
  });

  test('a deploy of either replaces the process too', () => {
    const deploy = (service: string): string =>
      `  - { at: 30s, kind: deploy, service: ${service}, version: '2' }`;
    expect(refusedShare(expiring(deploy('web')))).toBe(1);
    expect(refusedShare(expiring(deploy('checkout')))).toBe(1);
  });
});
