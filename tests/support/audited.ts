/** A small outage that passes its audit, to break in one place at a time. */
import {
  auditSimulated,
  reportedOutcome,
  type Audit,
  type AuditSimulatedOptions,
  type MeasureOutcome,
} from '../../engine/audit/index.ts';
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

/** Outcomes depend on the faults alone here, so that they are simulated once. */
const measured = new Map<string, ReturnType<MeasureOutcome>>();

export function measureOnce(scenario: SimulatedScenario): MeasureOutcome {
  const measure = reportedOutcome(scenario);
  return (options) => {
    const { faults, objectives, services, traffic } = scenario;
    const key = JSON.stringify([options, faults, objectives, services, traffic]);
    const outcome = measured.get(key) ?? measure(options);
    measured.set(key, outcome);
    return outcome;
  };
}

export function audit(
  scenario: SimulatedScenario,
  options: Partial<AuditSimulatedOptions> = {},
): Audit {
  return auditSimulated(scenario, {
    measure: measureOnce(scenario),
    readAction: () => null,
    ...options,
  });
}

/** The rules that refuse. */
export function refusals(audited: Audit): string[] {
  return audited.rules.flatMap(({ rule, level }) => (level === 'refuse' ? rule : []));
}
