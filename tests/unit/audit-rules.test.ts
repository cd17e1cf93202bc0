/** Each rule both ways: a scenario that passes, and the same one broken in exactly one place. */
import { describe, expect, test } from 'vitest';
import type { Audit } from '../../engine/audit/index.ts';
import { auditRecorded, auditSimulated } from '../../engine/audit/index.ts';
import { independentClues } from '../../engine/audit/rules/three-clues.ts';
import { WorkbenchError } from '../../engine/errors.ts';
import type { Clue, RecordedScenario, SimulatedScenario } from '../../engine/scenario/model.ts';
import {
  audit,
  banner,
  during,
  fairScenario,
  faultAt,
  newVersion,
  refusals,
  said,
  slowDatabase,
  slowFault,
  turnedAway,
  withTruth,
} from '../support/audited.ts';

const fair = fairScenario();

function withObjective(
  scenario: SimulatedScenario,
  change: Partial<SimulatedScenario['objectives'][number]>,
): SimulatedScenario {
  return { ...scenario, objectives: scenario.objectives.map((one) => ({ ...one, ...change })) };
}

function withClues(...clues: readonly Clue[]): SimulatedScenario {
  return withTruth(fair, { clues });
}

test('a fair scenario is accepted, the same way each time', () => {
  const audited = audit(fair);
  expect(refusals(audited)).toEqual([]);
  expect(audited.accepted).toBe(true);
  expect(audit(fair)).toEqual(audited);
  expect(audited.play).toMatchObject({ troubleAt: faultAt, isIncident: true });
});

describe('an outage is refused when no SLI of users moves', () => {
  const rule = 'moves-a-user-sli';

  test('for the objective allows as much', () => {
    // All that the shop loses in three minutes is less than everything.
    const audited = audit(withObjective(fair, { target: 0.01 }));
    expect(refusals(audited)).toEqual([rule]);
    expect(said(audited, rule)).toContain('"orders" of web holds');
  });

  test('for it is broken without the faults, too', () => {
    const narrow = fairScenario();
    const [web, ...others] = narrow.services;
    const flooded = {
      ...narrow,
      // One worker for forty requests a second of 25 ms, and hardly a queue.
      services: web ? [{ ...web, workers: 1, queue: 1, instances: 1 }, ...others] : [],
    };
    const audited = audit(withTruth(flooded, { clues: [], redHerrings: [] }));
    expect(refusals(audited)).toContain(rule);
    expect(said(audited, rule)).toContain('broken without any fault too');
  });

  test('for nobody says what users need, or only of what they never call', () => {
    const idle = withTruth(fair, { helpful: [] });
    expect(refusals(audit({ ...idle, objectives: [] }))).toEqual([rule]);
    const inside = audit(withObjective(idle, { service: 'orders-db', name: 'statements' }));
    expect(refusals(inside)).toEqual([rule]);
  });
});

describe('an outage is refused for its clues', () => {
  const rule = 'three-clues';
  const two = [slowDatabase, newVersion];

  test('when there are two', () => {
    expect(refusals(audit(withClues(...two)))).toEqual([rule]);
  });

  test('when the third says again what the second did', () => {
    const again = { ...slowDatabase, says: 'statements take long' };
    const audited = audit(withClues(...two, again));
    expect(refusals(audited)).toEqual([rule]);
    expect(said(audited, rule)).toContain('3 of 3 clues hold, 2 independent');
  });

  test('when all of them are in one stream', () => {
    const logs = ['503', 'POST', '/checkout'].map((contains): Clue => ({
      says: contains,
      checks: [during('web', { stream: 'log', contains, atLeast: 1, atMost: Infinity })],
    }));
    const audited = audit(withClues(...logs));
    expect(refusals(audited)).toEqual([rule]);
    expect(said(audited, rule)).toContain('evidence from 1 stream');
  });

  test('when one does not hold, though three others do, and says what there is instead', () => {
    const wrong: Clue = {
      says: 'the database refuses everybody',
      checks: [
        during('orders-db', { stream: 'log', contains: 'no such text', atLeast: 3, atMost: 9 }),
      ],
    };
    const audited = audit(withClues(slowDatabase, turnedAway, newVersion, wrong));
    expect(refusals(audited)).toEqual([rule]);
    expect(said(audited, rule)).toMatch(
      /"the database refuses everybody" does not hold: orders-db: 0 log lines .* expected 3 to 9/,
    );
  });

  test('when nothing bears one out, or no cause is named', () => {
    const bare = { says: 'one feels it', checks: [] };
    expect(refusals(audit(withClues(slowDatabase, turnedAway, newVersion, bare)))).toEqual([rule]);
    expect(refusals(audit(withTruth(fair, { rootCause: null })))).toEqual([rule]);
  });

  test('counting as independent what can have evidence of its own', () => {
    const clue = (...evidence: readonly string[]) => ({
      says: '',
      holds: true,
      checks: evidence.map((one) => ({
        pass: true,
        says: '',
        value: 1,
        records: 1,
        stream: 'log' as const,
        evidence: one,
      })),
    });
    expect(independentClues([clue('a'), clue('a'), clue('a')])).toBe(1);
    // The first must make room: it has b, which the second needs.
    expect(independentClues([clue('a', 'b'), clue('a'), clue('b', 'c')])).toBe(3);
    expect(independentClues([clue('a', 'b'), clue('a', 'b'), clue('b', 'a')])).toBe(2);
  });
});

describe('red herrings', () => {
  const rule = 'herrings-falsifiable';

  test('are refused when the records do not show that they are some', () => {
    const [check] = banner.falsifiedBy.checks;
    if (check?.stream !== 'metric') throw new Error('a metric check');
    const expected = { ...check, expect: { is: 'below', timesBaseline: 0.5 } } as const;
    const redHerrings = [{ ...banner, falsifiedBy: { says: 'fewer come', checks: [expected] } }];
    const audited = audit(withTruth(fair, { redHerrings }));
    expect(refusals(audited)).toEqual([rule]);
    expect(said(audited, rule)).toContain('expected below 0.5 times the usual');
  });

  test('are at least two above difficulty 1', () => {
    const twice = withTruth(fair, { redHerrings: [banner, banner] });
    expect(refusals(audit({ ...fair, difficulty: 2 }))).toEqual([rule]);
    expect(refusals(audit({ ...twice, difficulty: 2 }))).toEqual([]);
    expect(refusals(audit(withTruth(fair, { redHerrings: [] })))).toEqual([]);
  });
});

describe('faults', () => {
  const rule = 'faults-have-effect';
  const faults = (...more: readonly string[]) => fairScenario([slowFault, ...more]);

  test('that change nothing are refused', () => {
    const late =
      '{ id: late, kind: errors, at: 2m59s, until: 3m, service: orders-db, rate: 0.001% }';
    const audited = audit(faults(late));
    expect(refusals(audited)).toEqual([rule]);
    expect(said(audited, rule)).toContain('fault late (errors, from T+02:59) changes nothing');
  });

  test('count by what they change while they act, in the shadow of others too', () => {
    const behind = '{ id: behind, kind: crash, at: 2m, service: checkout, instances: 1 }';
    const audited = audit(faults(behind));
    expect(said(audited, rule)).toContain('2 of 2 faults have an effect');
  });

  test('that there are not cannot be the cause', () => {
    const rootCause = { service: 'orders-db', fault: 'quick' };
    expect(refusals(audit(withTruth(fair, { rootCause })))).toEqual([rule]);
  });
});

describe('rules of one line', () => {
  const rule = 'one-line-rules';
  const atWeb = { rootCause: { service: 'web', fault: 'slow' }, redHerrings: [banner, banner] };

  test('that find the cause are a remark at difficulty 1', () => {
    const audited = audit(withTruth(fair, atWeb));
    expect(refusals(audited)).toEqual([]);
    expect(audited.rules.find((one) => one.rule === rule)).toMatchObject({ level: 'remark' });
    expect(
      audited.play?.oneLine.map(({ service, findsTheCause }) => [service, findsTheCause]),
    ).toEqual([
      ['web', true],
      ['web', true],
      ['web', true],
    ]);
  });

  test.each([2, 3, 4])('that find the cause refuse at difficulty %i', (difficulty) => {
    expect(refusals(audit({ ...withTruth(fair, atWeb), difficulty }))).toEqual([rule]);
  });

  test('count services that are accepted as well', () => {
    const truth = { redHerrings: [banner, banner], alsoAcceptedServices: ['web'] };
    expect(refusals(audit({ ...withTruth(fair, truth), difficulty: 2 }))).toEqual([rule]);
  });
});

describe('a non-incident', () => {
  const calm = { rootCause: null, category: 'none', clues: [], helpful: [] } as const;

  test('is accepted when users are well and something tempts', () => {
    const audited = audit(withTruth({ ...fair, faults: [] }, calm));
    expect(refusals(audited)).toEqual([]);
    expect(audited.rules.map(({ rule }) => rule)).toEqual([
      'non-incident',
      'herrings-falsifiable',
      'faults-have-effect',
    ]);
  });

  test('is refused when an SLI is broken', () => {
    expect(refusals(audit(withTruth(fair, calm)))).toEqual(['non-incident']);
  });

  test('is refused when nothing tempts', () => {
    const dull = withTruth({ ...fair, faults: [] }, { ...calm, redHerrings: [] });
    expect(refusals(audit(dull))).toEqual(['non-incident']);
  });

  test('keeps its clues honest', () => {
    const clues = [turnedAway];
    expect(refusals(audit(withTruth({ ...fair, faults: [] }, { ...calm, clues })))).toEqual([
      'three-clues',
    ]);
  });
});

test('the library takes certain sizes only, and everything else takes any', () => {
  expect(refusals(audit(fair, { library: true }))).toEqual(['library']);
  const audited = audit({ ...fair, difficulty: null, tags: [] }, { library: true });
  const findings = audited.rules.find(({ rule }) => rule === 'library')?.findings ?? [];
  expect(findings.map(({ level }) => level)).toEqual([
    'refuse',
    'refuse',
    'ok',
    'ok',
    'refuse',
    'refuse',
  ]);
});

test('of a recording only what its truth tells is checked, and that is said', () => {
  const { services: _, ...common } = fair;
  const recording: RecordedScenario = {
    ...common,
    kind: 'recorded',
    services: [],
    dependencies: [],
    sources: [],
  };
  const audited = auditRecorded(recording);
  expect(audited).toMatchObject({ accepted: true, play: null, kind: 'recorded' });
  expect(said(audited, 'faults-have-effect')).toContain('a recording cannot be simulated');
  const unknown = auditRecorded({ ...recording, truth: { ...recording.truth, rootCause: null } });
  expect(unknown.accepted).toBe(false);
});

test('a scenario without end in sight is not begun', () => {
  const year = { ...fair, durationUs: 366 * 86_400e6 };
  const refused = (): Audit => auditSimulated(year, {});
  expect(refused).toThrow(WorkbenchError);
  expect(refused).toThrow(expect.objectContaining({ code: 'AUDIT_TOO_LARGE' }) as Error);
});
