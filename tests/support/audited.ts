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
import { shop } from './simulated.ts';

const second = 1_000_000;
export const faultAt = 60 * second;
export const endAt = 180 * second;

/** The database turns slow with its new version; callers wait, time out and fail. */
export function fairScenario(options: { readonly faults?: string } = {}): SimulatedScenario {
  const scenario = shop({
    duration: '3m',
    changes: `  - { at: 40s, kind: flag, service: web, note: a banner }
  - { at: 58s, kind: deploy, service: orders-db, version: 2.0.0, note: another planner }`,
    faults:
      options.faults ?? '  - { id: slow, kind: latency, at: 1m, service: orders-db, add: 400ms }',
  });
  return {
    ...scenario,
    telemetry: { ...scenario.telemetry, logSample: 0.2, traceSample: 0.2 },
    title: 'A slow *database*',
    difficulty: 1,
    tags: ['database'],
    objectives: [
      {
        service: 'web',
        endpoint: null,
        name: 'orders',
        target: 0.99,
        windowUs: 1800 * second,
        latencyUs: Infinity,
      },
    ],
    truth: { ...scenario.truth, ...fairTruth },
  };
}

type During<C> = C extends Check ? Omit<C, 'from' | 'to' | 'service'> : never;

/** A check of the time from the fault to the end. */
export function during(service: string, check: During<Check>, from = faultAt): Check {
  return { service, from, to: endAt, ...check };
}

export const durationOf = (quantile: string): Readonly<Record<string, string>> => ({ quantile });

export const slowDatabase: Clue = {
  says: 'the database answers late',
  checks: [
    during('orders-db', {
      stream: 'metric',
      name: 'db.server.operation.duration',
      attributes: durationOf('0.5'),
      statistic: 'mean',
      expect: { is: 'above', timesBaseline: 10 },
    }),
  ],
};
export const turnedAway: Clue = {
  says: 'people are turned away at the door',
  checks: [
    during('web', { stream: 'log', contains: 'HTTP/1.1" 503', atLeast: 20, atMost: Infinity }),
  ],
};
export const newVersion: Clue = {
  says: 'the database was changed just before',
  checks: [during('orders-db', { stream: 'change', change: 'deploy', contains: '2.0.0' }, 0)],
};
export const banner: RedHerring = {
  says: 'the banner brought more visitors',
  falsifiedBy: {
    says: 'no more people come than before',
    checks: [
      during('web', {
        stream: 'metric',
        name: 'http.server.request.rate',
        attributes: {},
        statistic: 'mean',
        expect: { is: 'below', timesBaseline: 1.5 },
      }),
    ],
  },
};

const fairTruth: Partial<Truth> = {
  rootCause: { service: 'orders-db', fault: 'slow' },
  category: 'data-store',
  clues: [slowDatabase, turnedAway, newVersion],
  redHerrings: [banner],
};

export function withTruth(scenario: SimulatedScenario, truth: Partial<Truth>): SimulatedScenario {
  return { ...scenario, truth: { ...scenario.truth, ...truth } };
}

/** What is simulated is the same in many variants of a truth, so that it is simulated once. */
const simulated = new Map<string, unknown>();

function once<T>(scenario: SimulatedScenario, what: unknown, simulate: () => T): T {
  const { truth: _, title: __, difficulty: ___, tags: ____, ...rest } = scenario;
  const key = JSON.stringify([what, rest]);
  if (!simulated.has(key)) simulated.set(key, simulate());
  // Only ever what the very same call gave.
  return simulated.get(key) as T;
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
  return auditSimulated(scenario, { measure, readAction: () => null, ...options });
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
