/** A small outage that passes its audit, to break in one place at a time. */
import {
  auditSimulated,
  type Audit,
  type AuditSimulatedOptions,
  type Measure,
  type RuleName,
} from '../../engine/audit/index.ts';
import { measureOutcome, measureTruth } from '../../engine/simulator/index.ts';
import type {
  Check,
  Clue,
  RedHerring,
  SimulatedScenario,
  Truth,
} from '../../engine/scenario/model.ts';
import { simulated } from './simulated.ts';

const second = 1_000_000;
export const faultAt = 60 * second;
export const endAt = 180 * second;

const slow = '{ id: slow, kind: latency, at: 1m, service: orders-db, add: 400ms, version: 2.0.0 }';

/** The database turns slow with its new version; callers wait, give up and fail. Without its head. */
export function fairText(faults: readonly string[] = [slow]): string {
  return `title: A slow *database*
difficulty: 1
tags: [database]
seed: 5
duration: 3m
services:
  - name: web
    instances: 2
    workers: 16
    queue: 16
    endpoints:
      - name: POST /checkout
        service_time: { p50: 4ms, p99: 20ms }
        calls:
          - { to: checkout, endpoint: POST /orders, timeout: 2s, retries: { max: 2, backoff: 100ms } }
  - name: checkout
    instances: 2
    workers: 8
    queue: 8
    pools: [{ name: orders-db, size: 4, timeout: 1500ms }]
    endpoints:
      - name: POST /orders
        service_time: { p50: 8ms, p99: 60ms }
        calls: [{ to: orders-db, pool: orders-db, timeout: 1s }]
  - { name: orders-db, kind: database, workers: 6, queue: 4, service_time: { p50: 10ms, p99: 40ms } }
traffic: [{ entry: web, endpoint: POST /checkout, rate: 40/s }]
changes:
  - { at: 40s, kind: flag, service: web, note: a banner }
  - { at: 58s, kind: deploy, service: orders-db, version: 2.0.0, note: another planner }
faults: [${faults.join(', ')}]
actions: { delays: { rollback: 5s, restart: 5s } }
objectives: [{ service: web, name: orders, target: 99%, window: 30m }]
telemetry: { log_sample: 20%, trace_sample: 20%, metric_interval: 5s }
truth:
  root_cause: { service: orders-db, fault: slow }
  category: data-store
  clues:
    - says: the database answers late
      metric: { service: orders-db, name: db.server.operation.duration, attributes: { quantile: '0.5' }, above_baseline: 10 }
    - says: people are turned away at the door
      log: { service: web, contains: 'HTTP/1.1" 503', at_least: 20 }
    - says: the database was changed just before
      change: { service: orders-db, kind: deploy, contains: 2.0.0 }
  red_herrings:
    - says: the banner brought more visitors
      falsified_by:
        says: no more people come than before
        metric: { service: web, name: http.server.request.rate, below_baseline: 1.5 }
  helpful: [{ do: ['rollback:orders-db'], at: 65s, says: the old planner was quick }]
`;
}

export { slow as slowFault };

export function fairScenario(faults?: readonly string[]): SimulatedScenario {
  return simulated(fairText(faults));
}

type During<C> = C extends Check ? Omit<C, 'from' | 'to' | 'service'> : never;

/** A check of the time from the fault to the end. */
export function during(service: string, check: During<Check>, from = faultAt): Check {
  return { service, from, to: endAt, ...check };
}

export const durationOf = (quantile: string): Readonly<Record<string, string>> => ({ quantile });

const { clues, redHerrings } = fairScenario().truth;
const [slowDatabase, turnedAway, newVersion] = clues as readonly [Clue, Clue, Clue];
const [banner] = redHerrings as readonly [RedHerring];
export { banner, newVersion, slowDatabase, turnedAway };

export function withTruth(scenario: SimulatedScenario, truth: Partial<Truth>): SimulatedScenario {
  return { ...scenario, truth: { ...scenario.truth, ...truth } };
}

/** What is simulated is the same in many variants of a truth, so that it is simulated once. */
const simulations = new Map<string, unknown>();

function once<T>(scenario: SimulatedScenario, what: unknown, simulate: () => T): T {
  const { truth: _, title: __, difficulty: ___, tags: ____, ...rest } = scenario;
  const key = JSON.stringify([what, rest]);
  if (!simulations.has(key)) simulations.set(key, simulate());
  // Only ever what the very same call gave.
  return simulations.get(key) as T;
}

export function measureOnce(scenario: SimulatedScenario): Measure {
  return {
    outcome: (options) =>
      once(scenario, ['outcome', options], () => measureOutcome(scenario, options)),
    truth: ({ seed }) =>
      once(scenario, ['truth', seed], () => measureTruth(scenario, { seed, inputs: [] })),
  };
}

export function audit(
  scenario: SimulatedScenario,
  options: Partial<AuditSimulatedOptions> = {},
): Audit {
  const measure = measureOnce(scenario);
  return auditSimulated(scenario, { measure, ...options });
}

/** The rules that refuse. */
export function refusals(audited: Audit): string[] {
  return audited.rules.flatMap(({ rule, level }) => (level === 'refuse' ? rule : []));
}

/** What a rule says, and what it says of each thing that it looked at. */
export function said(audited: Audit, rule: RuleName): string {
  const result = audited.rules.find((one) => one.rule === rule);
  return [result?.says, ...(result?.findings ?? []).map(({ says }) => says)].join('\n');
}
