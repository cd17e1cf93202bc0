import { expect, test } from 'vitest';
import type { ActionInput, ChangeModel, FaultModel } from '../../engine/scenario/model.ts';
import { openSimulation, runTo } from '../../engine/simulator/index.ts';
import { shop } from '../support/simulated.ts';

const second = 1_000_000;
const anything = {
  instances: null,
  zone: null,
  node: null,
  version: null,
  flag: null,
  config: null,
} as const;
const change: ChangeModel = {
  at: 10 * second,
  kind: 'config',
  service: 1,
  version: null,
  instances: null,
  overUs: 0,
  config: null,
  flag: null,
  note: '',
};
const rollback: ActionInput = {
  at: 0,
  action: { kind: 'rollback', service: 1 },
  text: 'rollback:checkout',
};
const restart: ActionInput = {
  at: 30 * second,
  action: { kind: 'restart', service: 1, which: 'all' },
  text: 'restart:checkout',
};

/** How many of the two instances of checkout run after so many seconds. */
function runningAt(
  seconds: readonly number[],
  world: {
    readonly scope: Partial<FaultModel['scope']>;
    readonly changes?: readonly ChangeModel[];
    readonly inputs?: readonly ActionInput[];
    readonly pulse?: FaultModel['pulse'];
  },
): number[] {
  const fault: FaultModel = {
    id: 'crash',
    kind: 'crash',
    at: 20 * second,
    until: 100 * second,
    service: 1,
    scope: { ...anything, ...world.scope },
    pulse: world.pulse ?? null,
    restartAfterUs: null,
  };
  const scenario = shop();
  const services = scenario.services.map((s, i) =>
    i === 1 ? { ...s, version: '1', config: 'r1' } : s,
  );
  const run = openSimulation(
    { ...scenario, services, changes: world.changes ?? [], faults: [fault] },
    { seed: 1, telemetry: false, inputs: world.inputs ?? [] },
  );
  return seconds.map((s) => {
    runTo(run, s * second);
    return run.simulation.world.services.instancesUp[1] ?? Number.NaN;
  });
}

test('what crashes when it starts stays down, whoever restarts it, until the fault ends', () => {
  expect(runningAt([19, 25, 60, 105], { scope: {}, inputs: [restart] })).toEqual([2, 0, 0, 2]);
});

test('a crash that comes and goes lets instances back in between', () => {
  const pulse = { onUs: 20 * second, offUs: 20 * second };
  expect(runningAt([30, 50, 70, 90], { scope: {}, pulse })).toEqual([0, 2, 0, 2]);
});

test('a crash by a configuration ends when that is taken back, and comes no more', () => {
  const changes = [{ ...change, config: 'r2' }];
  const scope = { config: 'r2' };
  const pulse = { onUs: 60 * second, offUs: 5 * second };
  expect(runningAt([50, 95], { scope, changes, pulse })).toEqual([0, 0]);
  // Rolling back takes two minutes as a rule: decided before the change, it works at 40 s.
  const early = { ...rollback, at: -80 * second };
  expect(runningAt([30, 45, 95], { scope, changes, pulse, inputs: [early] })).toEqual([0, 2, 2]);
});

test('a crash by a version ends when that is taken back', () => {
  const changes = [{ ...change, kind: 'deploy' as const, version: '2', instances: 1 }];
  const early = { ...rollback, at: -80 * second };
  expect(runningAt([30, 95], { scope: { version: '2' }, changes })).toEqual([1, 1]);
  expect(runningAt([30, 45], { scope: { version: '2' }, changes, inputs: [early] })).toEqual([
    1, 2,
  ]);
});
