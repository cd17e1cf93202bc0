import { describe, expect, test } from 'vitest';
import type { ActionInput } from '../../engine/scenario/model.ts';
import { openSimulation, runTo } from '../../engine/simulator/index.ts';
import { shop } from '../support/simulated.ts';

const second = 1_000_000;
const scenario = {
  ...shop({
    duration: '3m',
    services: '  - { name: gateway, kind: external, service_time: { p50: 10ms, p99: 40ms } }',
  }),
  zones: ['a'],
};
const [web, gateway] = [0, 3];

describe('what others run is in no zone of ours', () => {
  test('a zone that loses packets does not lose those of others', () => {
    const scope = {
      instances: null,
      zone: 0,
      node: null,
      version: null,
      flag: null,
      config: null,
    };
    const fault = { id: 'loss', at: 10 * second, until: null, service: web, scope, pulse: null };
    const faulty = {
      ...scenario,
      faults: [{ ...fault, kind: 'network', loss: 0.2, delayUs: 0 } as const],
    };
    const { simulation } = runOf(faulty, []);
    const loss = (service: number): number =>
      simulation.world.machines.loss[simulation.plan.instanceBase[service] ?? -1] ?? Number.NaN;
    expect(loss(web)).toBeCloseTo(0.2);
    expect(loss(gateway)).toBe(0);
  });

  test('and leaving a zone leaves them where they are', () => {
    const { world } = runOf(scenario, [
      { at: 0, action: { kind: 'fail-over', zone: 0 }, text: 'fail-over:a' },
    ]).simulation;
    expect(world.services.routable[web]).toBe(0);
    expect(world.services.routable[gateway]).toBe(1);
  });
});

function runOf(of: typeof scenario, inputs: readonly ActionInput[]) {
  const run = openSimulation(of, { seed: 5, inputs, telemetry: false });
  runTo(run, 150 * second);
  return run;
}
