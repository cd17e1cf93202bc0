import { expect, test } from 'vitest';
import type { FaultModel, SimulatedScenario } from '../../engine/scenario/model.ts';
import { openSimulation, runTo } from '../../engine/simulator/index.ts';
import { shop } from '../support/simulated.ts';

const second = 1_000_000;

/** Another company's service, beside one database of our own, in the zones a and b. */
function shopAndPartner(faults: readonly FaultModel[]): SimulatedScenario {
  const scenario = shop({
    services:
      '  - { name: partner, kind: external, instances: 1, service_time: { p50: 20ms, p99: 80ms } }',
  });
  return { ...scenario, zones: ['a', 'b'], nodes: 2, faults };
}

test('leaving a zone does not leave those who were never in it', () => {
  const routable = [0, 1].map((zone) => {
    const action = { kind: 'fail-over', zone } as const;
    const inputs = [{ at: 0, action, text: 'fail-over' }];
    const run = openSimulation(shopAndPartner([]), { seed: 1, telemetry: false, inputs });
    runTo(run, 125 * second);
    return run.simulation.world.services.routable;
  });
  expect(routable.map((services) => services[3])).toEqual([1, 1]);
  // The one database of our own is in one of the two.
  expect(routable.map((services) => services[2]).sort()).toEqual([0, 1]);
});

test('what happens to a zone happens to nobody outside', () => {
  const lost = [0, 1].map((zone) => {
    const fault: FaultModel = {
      id: 'loss',
      kind: 'network',
      at: 0,
      until: null,
      service: 0,
      scope: { instances: null, zone, node: null, version: null, flag: null, config: null },
      pulse: null,
      loss: 0.5,
      delayUs: 0,
    };
    const run = openSimulation(shopAndPartner([fault]), { seed: 1, telemetry: false });
    runTo(run, second);
    const { plan, world } = run.simulation;
    return [2, 3].map((service) => world.machines.loss[plan.instanceBase[service] ?? -1]);
  });
  expect(lost.map(([, partner]) => partner)).toEqual([0, 0]);
  expect(lost.map(([database]) => database).sort()).toEqual([0, 0.5]);
});
