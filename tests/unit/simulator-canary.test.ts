import { expect, test } from 'vitest';
import type { ChangeModel, SimulatedScenario } from '../../engine/scenario/model.ts';
import { openSimulation, runTo } from '../../engine/simulator/index.ts';
import { shop } from '../support/simulated.ts';

const second = 1_000_000;
const canary: ChangeModel = {
  at: 10 * second,
  kind: 'deploy',
  service: 1,
  version: '2',
  instances: 1,
  overUs: 0,
  config: null,
  flag: null,
  note: '',
};

function shopWith(changes: readonly ChangeModel[]): SimulatedScenario {
  const scenario = shop();
  const services = scenario.services.map((s, i) => (i === 1 ? { ...s, version: '1' } : s));
  return { ...scenario, services, changes };
}

/** Versions of the two instances of checkout at 40 s, when a restart at 20 s is over. */
function versionsAfterRestart(changes: readonly ChangeModel[]): readonly (string | undefined)[] {
  const restart = { kind: 'restart', service: 1, which: 'all' } as const;
  const run = openSimulation(shopWith(changes), {
    seed: 1,
    telemetry: false,
    inputs: [{ at: 20 * second, action: restart, text: 'restart:checkout' }],
  });
  runTo(run, 40 * second);
  const { plan, world } = run.simulation;
  const from = plan.instanceBase[1] ?? 0;
  return [from, from + 1].map((i) => plan.versions[world.instances.version[i] ?? -1]);
}

test('a canary that restarts is a canary still', () => {
  expect(versionsAfterRestart([])).toEqual(['1', '1']);
  expect(versionsAfterRestart([canary])).toEqual(['2', '1']);
});

test('an instance that is down when a version goes out to all comes back with it', () => {
  // The restart works at 30 s: the second instance of the rollout gets its version while it is away.
  const all = { ...canary, at: 25 * second, instances: null, overUs: 10 * second };
  expect(versionsAfterRestart([all])).toEqual(['2', '2']);
});
