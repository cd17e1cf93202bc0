import { expect, test } from 'vitest';
import type { FaultModel, SimulatedScenario } from '../../engine/scenario/model.ts';
import { createSimulatorSource } from '../../engine/simulator/index.ts';
import { drain, shop } from '../support/simulated.ts';

const anything = {
  instances: null,
  zone: null,
  node: null,
  version: null,
  flag: null,
  config: null,
} as const;

/** A core for each instance of checkout, of which others take a share all the time. */
function shopOnCores(share: number): SimulatedScenario {
  const scenario = shop();
  const steal: FaultModel = {
    id: 'steal',
    kind: 'cpu-steal',
    at: 0,
    until: null,
    service: 1,
    scope: anything,
    pulse: null,
    share,
  };
  return {
    ...scenario,
    services: scenario.services.map((s, i) => (i === 1 ? { ...s, workers: 64, cpus: 1 } : s)),
    faults: [steal],
  };
}

function meanOf(scenario: SimulatedScenario, name: string, key: string): number {
  const source = createSimulatorSource(scenario, { seed: 3 });
  const series = source.header.series.findIndex(
    (one) => one.service === 1 && one.name === name && JSON.stringify(one.attributes) === key,
  );
  const points = drain(source).records.filter(
    ({ kind, subject }) => kind === 'metric' && subject === series,
  );
  expect(points.length).toBeGreaterThan(10);
  return points.reduce((sum, { value }) => sum + value, 0) / points.length;
}

test('a process that is robbed of its core takes longer and uses no more of it', () => {
  const alone = shopOnCores(0);
  const robbed = shopOnCores(0.6);
  const duration = 'http.server.request.duration';
  expect(meanOf(robbed, duration, '{"quantile":"0.95"}')).toBeGreaterThan(
    1.5 * meanOf(alone, duration, '{"quantile":"0.95"}'),
  );
  const used = meanOf(alone, 'process.cpu.utilization', '{}');
  expect(used).toBeGreaterThan(0.1);
  // Not 2.5 times as much: the time that others took is theirs.
  const usedWhenRobbed = meanOf(robbed, 'process.cpu.utilization', '{}');
  expect(Math.abs(usedWhenRobbed / used - 1)).toBeLessThan(0.1);
});
