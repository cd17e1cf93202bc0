import { describe, expect, test } from 'vitest';
import type { FaultModel, SimulatedScenario } from '../../engine/scenario/model.ts';
import { createSimulatorSource } from '../../engine/simulator/index.ts';
import { drain, shop } from '../support/simulated.ts';

const second = 1_000_000;

/** The shop with a statement that waits for the only table of its database. */
function locked(change: { readonly until: number }): SimulatedScenario {
  const scenario = shop();
  const database = scenario.services.findIndex(({ name }) => name === 'orders-db');
  const fault: FaultModel = {
    id: 'migration',
    kind: 'lock-queue',
    at: 30 * second,
    until: change.until,
    service: database,
    scope: { instances: null, zone: null, node: null, version: null, flag: null, config: null },
    pulse: null,
    table: 'orders',
    statement: 'ALTER TABLE orders ADD COLUMN gift_note text',
  };
  const services = scenario.services.map((service, s) =>
    s === database
      ? { ...service, endpoints: service.endpoints.map((one) => ({ ...one, table: 'orders' })) }
      : service,
  );
  return { ...scenario, services, faults: [fault] };
}

function toldOf(scenario: SimulatedScenario): readonly number[] {
  return drain(createSimulatorSource(scenario, { seed: 5 }))
    .records.filter(({ body }) => body.includes('STATEMENT:  ALTER TABLE orders'))
    .map(({ t, body }) => {
      expect(body).toContain('still waiting for AccessExclusiveLock');
      return t;
    });
}

describe('a statement that waits for an exclusive lock', () => {
  test('is told of once, a second later', () => {
    expect(toldOf(locked({ until: 60 * second }))).toEqual([31 * second]);
  });

  test('is not told of when it got its lock before', () => {
    expect(toldOf(locked({ until: 30.9 * second }))).toEqual([]);
  });
});
