/** What detectors are told of a system before its first record: who depends on whom, and what was promised. */
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { objectivesOf, subjectsOf, topologyOf } from '../../engine/detect/subjects.ts';
import { prepareRecording } from '../../engine/recording/index.ts';
import { openSource } from '../../engine/replay/source-plan.ts';
import type { SourceHeader } from '../../engine/replay/source.ts';
import { loadScenario } from '../../engine/scenario/index.ts';
import type { SimulatedScenario } from '../../engine/scenario/model.ts';
import { recorded, workplace, type Workplace } from '../support/recording.ts';

function scenarioOf(id: string): SimulatedScenario {
  const scenario = loadScenario(
    fileURLToPath(new URL(`../../scenarios/${id}/scenario.yaml`, import.meta.url)),
  );
  if (scenario.kind !== 'simulated') throw new Error(`${id} is not simulated`);
  return scenario;
}

function headerOf(scenario: SimulatedScenario): SourceHeader {
  const source = openSource({ kind: 'simulated', scenario, seed: 1, inputs: [] });
  source.close();
  return source.header;
}

const pairs = (header: SourceHeader) =>
  topologyOf(header).dependencies.map(({ caller, callee, kind }) => `${caller} ${kind} ${callee}`);

describe('the header of a simulation', () => {
  test('has caches, queues and replicas among the dependencies, each pair once', () => {
    const found = pairs(headerOf(scenarioOf('replica-lag')));
    expect(found).toEqual(
      expect.arrayContaining([
        'checkout call orders-db',
        'catalog cache catalog-cache',
        'notifications queue events',
        'orders-db-replica replication orders-db',
      ]),
    );
    const bare = found.map((one) => one.replace(/ \w+ /, ' '));
    expect(new Set(bare).size).toBe(bare.length);
  });

  test('is the same whatever goes wrong and whatever the truth says of it', () => {
    const scenario = scenarioOf('replica-lag');
    const { truth, ...rest } = scenario;
    const other = { ...rest, faults: [], truth: { ...truth, category: 'none' as const } };
    expect(headerOf(other)).toEqual(headerOf(scenario));
  });

  test('tells each service its own objectives, and the run all of them', () => {
    const scenario = scenarioOf('replica-lag');
    const header = headerOf(scenario);
    const told = (per: 'service' | 'run', key: string) =>
      subjectsOf(per, header, [])
        .filter(({ subject }) => subject.key === key)
        .flatMap((subject) => objectivesOf(subject, header));
    const stated = scenario.objectives.map(({ name }) => name);
    expect(told('run', 'run').map(({ name }) => name)).toEqual(stated);
    expect(told('service', 'edge').map(({ name }) => name)).toEqual(stated);
    expect(told('service', 'checkout')).toEqual([]);
    expect(told('service', 'edge')[0]).toEqual(scenario.objectives[0]);
  });

  test('has edges for states only where requests wait for an answer', () => {
    const keys = subjectsOf('edge', headerOf(scenarioOf('replica-lag')), []).map(
      ({ subject }) => subject.key,
    );
    expect(keys).toContain('catalog>catalog-cache');
    expect(keys).not.toContain('orders-db-replica>orders-db');
    expect(keys).not.toContain('notifications>events');
  });
});

describe('the header of a recording', () => {
  let place: Workplace;
  beforeEach(() => void (place = workplace()));
  afterEach(() => place.remove());

  test('has the objectives of the scenario, though the cache is older than they are', async () => {
    const lines = [1, 2].map((ts) =>
      JSON.stringify({ ts: 1714564800000 + ts, service: 'a', msg: 'm' }),
    );
    const path = place.write('app.jsonl', lines.join('\n'));
    const options = { cacheFolder: place.cacheFolder };
    const before = recorded([{ format: 'jsonl-logs', path, options: {} }]);
    await prepareRecording(before, options);
    const promise = { endpoint: null, name: 'p', target: 0.99, windowUs: 60e6 };
    const objectives = [
      { ...promise, service: 'a', latencyUs: Infinity },
      { ...promise, service: 'nobody', latencyUs: 1e6 },
    ];
    const { cacheFile, built } = await prepareRecording({ ...before, objectives }, options);
    const source = openSource({ kind: 'recorded', cacheFile, objectives });
    source.close();
    expect(built).toBe(false);
    // JSON knows no Infinity, and nothing measures a service without records.
    expect(source.header.objectives).toEqual([{ ...promise, service: 0, latencyUs: null }]);
  });
});
