// Every key of the format: what it becomes, and what is said where it makes no sense.
import { describe, expect, test } from 'vitest';
import type { SimulatedScenario } from '../../engine/scenario/index.ts';
import { full } from '../support/full-scenario.ts';
import { minimal, parse, verdict } from '../support/scenario-text.ts';

function simulated(text: string): SimulatedScenario {
  const { scenario } = parse(text);
  if (scenario?.kind !== 'simulated') throw new Error(verdict(text).join('\n'));
  return scenario;
}

const scenario = simulated(full);
const service = (name: string) => scenario.services.find((one) => one.name === name);
const second = 1_000_000;

describe('what the keys become', () => {
  test('nothing is wrong with it', () => expect(verdict(full)).toEqual(['ok']));

  test('the system', () => {
    expect(scenario).toMatchObject({
      tags: ['database', 'deploy'],
      difficulty: 2,
      zones: ['a', 'b', 'c'],
      nodes: 6,
      telemetry: { metricLagUs: 5 * second },
      objectives: [{ endpoint: 'POST /checkout', latencyUs: 2 * second }],
    });
  });

  test('instances and how they are found', () => {
    expect(service('checkout')).toMatchObject({
      runtime: 'java',
      instances: 4,
      instancesMax: 6,
      cpus: 4,
      memory: {
        limitBytes: 2 * 2 ** 30,
        baseBytes: 600 * 2 ** 20,
        perRequestBytes: 2 ** 21,
        collected: false,
      },
      disk: { sizeBytes: 20 * 2 ** 30, usedBytes: 8 * 2 ** 30 },
    });
    expect(service('web')).toMatchObject({
      // The autoscaler's most is more than twice as many.
      instancesMax: 8,
      autoscale: { min: 2, max: 8, target: 0.6, everyUs: 30 * second, lagUs: 90 * second },
      startup: {
        us: 20 * second,
        warmupUs: 60 * second,
        warmupFactor: 3,
        retryUs: 4 * second,
        jitter: 0,
        calls: [{ service: 6, endpoint: 1, timeoutUs: second }],
      },
      balancer: {
        policy: 'least-requests',
        panicShare: 0.5,
        healthCheck: {
          intervalUs: 6 * second,
          timeoutUs: 2 * second,
          unhealthyAfter: 4,
          healthyAfter: 5,
          deep: true,
        },
      },
    });
  });

  test('calls', () => {
    expect(service('web')?.endpoints[0]?.calls).toMatchObject([
      { cache: 0, pool: 0, retries: { max: 2, backoffUs: 50_000, jitter: 0, budget: 0.2 } },
      {
        group: 'extras',
        optional: true,
        flag: 'new-recs',
        concurrencyMax: 20,
        breaker: { failureShare: 0.4, windowUs: 8 * second, callsMin: 9, openUs: 20 * second },
      },
      { group: 'extras', times: 3, probability: 0.6, cache: 1, keepAliveUs: 300 * second },
    ]);
    expect(service('checkout')?.endpoints[0]?.calls[1]).toMatchObject({ freshUs: 500_000 });
  });

  test('caches, replicas, queues and tables', () => {
    expect(service('web')?.caches).toEqual([
      {
        name: 'products',
        store: { service: 5, endpoint: 0 },
        keys: 20_000,
        skew: 0.9,
        ttlUs: 300 * second,
        jitter: 0.1,
        warm: true,
        coalesce: true,
      },
      {
        name: 'local',
        store: null,
        keys: 10,
        skew: 1,
        ttlUs: Infinity,
        jitter: 0,
        warm: false,
        coalesce: false,
      },
    ]);
    expect(service('orders-copy')).toMatchObject({ replicaOf: 6, applyUs: 200 });
    expect(service('orders-db')).toMatchObject({
      connectionsMax: 200,
      endpoints: [
        { table: 'orders', writes: true, lockTimeoutUs: 10 * second },
        { table: 'orders', writes: false, lockTimeoutUs: Infinity },
      ],
    });
    expect(service('checkout')?.endpoints[0]).toMatchObject({ tokenLeewayUs: 5 * second });
    expect(service('events')?.endpoints[0]?.partitions).toBe(6);
    expect(service('mailer')?.consumes).toEqual([
      { service: 8, topic: 0, endpoint: 0, attemptsMax: 5, backoffUs: 2 * second },
    ]);
  });

  test('traffic: a mix is one kind of traffic for each endpoint', () => {
    expect(scenario.traffic).toMatchObject([
      {
        kind: 'users',
        rate: 30,
        shape: 'weekly',
        patienceUs: 10 * second,
        reloadShare: 0.3,
        reloadAfterUs: 3 * second,
        reloadsMax: 2,
        surges: [{ at: 600 * second, until: 840 * second, factor: 6, rampUs: 30 * second }],
      },
      { kind: 'users', service: 1, endpoint: 0, rate: 30 },
      { kind: 'users', service: 1, endpoint: 1, rate: 10 },
      { kind: 'probe', rate: 0.1, everyUs: 10 * second, patienceUs: 5 * second },
      { kind: 'batch', everyUs: 600 * second, burst: 200, spreadUs: 30 * second },
    ]);
  });

  test('changes', () => {
    expect(scenario.changes).toMatchObject([
      { version: '2.4.1', instances: 1, overUs: 120 * second, config: null, flag: null },
      { version: null, config: 'r118', overUs: 0 },
      { flag: { name: 'new-recs', on: true } },
      { flag: { name: 'one-click', on: false } },
      { version: null, instances: null, config: null, flag: null },
    ]);
  });

  test('faults', () => {
    const faults = Object.fromEntries(scenario.faults.map((fault) => [fault.id, fault]));
    expect(faults).toMatchObject({
      slow: { scope: { instances: 2, version: '2.4.1' }, endpoint: 0, factor: 2, addUs: 20_000 },
      wrong: { scope: { flag: 'new-recs' }, message: 'cannot render' },
      dead: { scope: { zone: 1, instances: null }, restartAfterUs: 60 * second },
      heap: { bytesPerRequest: 65_536, endpoint: null },
      thief: { scope: { node: 5 }, share: 0.6, pulse: { onUs: 120 * second, offUs: 180 * second } },
      migration: { table: 'orders', statement: 'ALTER TABLE orders' },
      flush: { cache: 0 },
      tls: { kind: 'certificate-expiry' },
      name: { answer: 'nxdomain' },
      cable: { loss: 0.3, delayUs: 200_000 },
      logs: { bytesPerSecond: 50 * 2 ** 20 },
      burst: { workUsPerSecond: 800_000 },
      pill: { topic: 0, partition: 5 },
      ids: { endpoint: 0, counter: 'orders.id', max: 2_147_483_647, left: 12_000 },
      clock: { offsetUs: -40 * second, driftUsPerSecond: 20_000 },
      dark: { stream: 'logs', share: 0.9 },
      generated: { scope: { config: 'r118' } },
      // Only an action begins it.
      worse: { at: Infinity },
    });
  });

  test('actions and truth', () => {
    expect(scenario.actions).toEqual({
      forbidden: ['fail-over', 'restart:orders-db'],
      delaysUs: { rollback: 180 * second },
      custom: [
        {
          id: 'restore-record',
          title: 'Restore the DNS record',
          service: 2,
          takesUs: 120 * second,
          ends: [10],
          begins: [19],
        },
      ],
    });
    expect(scenario.truth).toMatchObject({
      alsoAcceptedServices: ['orders-db'],
      trigger: 'a deploy',
      contributing: ['no alert on the pool'],
      latent: 'a pool without a watch',
      propagation: [{ from: 'checkout', to: 'web' }],
      helpful: [{ actions: ['rollback:checkout'], at: 720 * second }],
      harmful: [{ actions: ['raise-pool:checkout/orders-db=200', 'disable-retries'] }],
      redHerrings: [{ says: 'The flag.', falsifiedBy: { checks: [{ from: 240 * second }] } }],
    });
  });

  test('checks look from the first fault to the end, those of changes from the start', () => {
    const [fills, quiet] = scenario.truth.clues;
    const rest = { from: 180 * second, to: 1800 * second };
    expect(fills?.checks).toMatchObject([
      { stream: 'metric', statistic: 'max', from: 480 * second, to: 1740 * second },
      { stream: 'log', atLeast: 20, atMost: Infinity, ...rest },
      { stream: 'log', atLeast: 0, atMost: 0, ...rest },
      { stream: 'span', contains: 'POST /orders', atLeast: 1 },
      { stream: 'change', change: 'deploy', contains: '2.4.1', from: 0, to: 1800 * second },
    ]);
    expect(quiet?.checks).toMatchObject([
      { expect: { is: 'unchanged', within: 0.2 }, statistic: 'mean' },
      { expect: { is: 'above', timesBaseline: 3 } },
      { expect: { is: 'below', timesBaseline: 0.5 } },
      { expect: { is: 'below', value: 7 } },
    ]);
  });
});

test('what is left out', () => {
  expect(simulated(minimal)).toMatchObject({
    tags: [],
    difficulty: null,
    zones: ['a'],
    nodes: 1,
    services: [
      {
        runtime: null,
        instances: 1,
        instancesMax: 2,
        cpus: null,
        memory: null,
        disk: null,
        startup: { us: 0, warmupUs: 0, warmupFactor: 1, calls: [], retryUs: 5e6, jitter: 1 },
        balancer: { policy: 'round-robin', healthCheck: null, panicShare: 0 },
        autoscale: null,
        caches: [],
        consumes: [],
        connectionsMax: Infinity,
        replicaOf: null,
        applyUs: 0,
        config: '',
        flags: [],
        endpoints: [
          { table: null, writes: false, lockTimeoutUs: Infinity, tokenLeewayUs: Infinity, partitions: 1 },
        ],
      },
    ],
    traffic: [{ kind: 'users', surges: [], patienceUs: Infinity, reloadShare: 0, reloadsMax: 0, everyUs: Infinity }],
    actions: { forbidden: [], delaysUs: {}, custom: [] },
    telemetry: { metricLagUs: 0 },
    truth: { clues: [], redHerrings: [], helpful: [], harmful: [], propagation: [] },
  }); // prettier-ignore
});

test('a host for each zone, where nobody says how many', () => {
  expect(simulated(`${minimal}zones: [a, b, c]\n`).nodes).toBe(3);
});
