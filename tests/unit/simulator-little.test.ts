import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseScenario } from '../../engine/scenario/index.ts';
import { openSimulation, runTo } from '../../engine/simulator/index.ts';
import { statisticsOf } from '../../engine/simulator/statistics.ts';
import { littleInPools, littleInServices } from '../support/little.ts';
import { shop } from '../support/simulated.ts';

const library = fileURLToPath(new URL('../../scenarios', import.meta.url));
const scenarios = readdirSync(library, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => join(library, name, 'scenario.yaml'))
  // A folder may hold a topology that others extend.
  .filter((file) => existsSync(file))
  .map((file) => parseScenario({ file, text: readFileSync(file, 'utf8') }).scenario)
  .flatMap((scenario) => (scenario?.kind === 'simulated' ? [scenario] : []));

/** Leases end in every way: given back, leaked, lost in a crash while the database is slow. */
const broken = shop({
  faults: `  - { id: leak, kind: pool-leak, at: 10s, until: 15s, service: checkout, pool: orders-db, rate: 1% }
  - { id: crash, kind: crash, at: 100s, service: checkout, instances: 1, restart_after: 5s }
  - { id: down, kind: crash, at: 70s, service: orders-db, restart_after: 3s }
  - { id: slow, kind: latency, at: 90s, service: orders-db, factor: 20 }`,
});

test('the library has scenarios', () => {
  expect(scenarios.length).toBeGreaterThan(0);
});

test.each([
  ...scenarios.map((scenario) => [scenario.name, scenario] as const),
  ['a shop in which all breaks', broken] as const,
])("Little's law holds exactly along the path of %s", { timeout: 120_000 }, (_, scenario) => {
  const run = openSimulation(scenario, { seed: scenario.seed, telemetry: false });
  let inFlight = 0;
  for (let part = 1; part <= 50; part++) {
    runTo(run, Math.round((scenario.durationUs * part) / 50));
    const statistics = statisticsOf(run.simulation);
    expect(littleInServices(statistics)).toEqual([]);
    expect(littleInPools(statistics.pools)).toEqual([]);
    inFlight += statistics.services.reduce((sum, service) => sum + service.inFlight, 0);
  }
  // Else the remainders would not have been put to the test.
  expect(inFlight).toBeGreaterThan(0);
});

test('a microsecond too many is found, in a service and in a pool', () => {
  const service = {
    service: 'web',
    queuedIntegral: 40,
    busyIntegral: 60,
    coresIntegral: 0,
    upIntegral: 100,
    instancesUp: 1,
    inFlight: 1,
    inFlightSojourn: 25,
  };
  const endpoint = {
    service: 'web',
    endpoint: '*',
    admitted: 2,
    refused: 0,
    unreachable: 0,
    shed: 0,
    started: 2,
    ok: 1,
    failed: 0,
    reset: 0,
    waitSum: 40,
    waitSquares: 1600,
    sojournSum: 75,
  };
  const pool = { service: 'web', pool: 'db', usedIntegral: 50, leaseSum: 30, openLeaseSum: 20 };
  expect(littleInServices({ services: [service], endpoints: [endpoint] })).toEqual([]);
  expect(littleInPools([pool])).toEqual([]);
  expect(
    littleInServices({ services: [{ ...service, inFlightSojourn: 26 }], endpoints: [endpoint] }),
  ).toEqual(['web: 100 there × µs, but 101 µs in all']);
  expect(littleInPools([{ ...pool, leaseSum: 31 }])).toEqual([
    'web db: 50 there × µs, but 51 µs in all',
  ]);
});
