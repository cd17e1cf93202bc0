/** Claims about actions, in simulations of their own and in made-up ones. */
import { describe, expect, test } from 'vitest';
import type { Measure } from '../../engine/audit/index.ts';
import type { ActionModel, Truth } from '../../engine/scenario/model.ts';
import { audit, fairScenario, measureOnce, refusals, said, withTruth } from '../support/audited.ts';

const fair = fairScenario();

describe('actions', () => {
  const rule = 'actions';
  const action: ActionModel = { kind: 'rollback', service: 2 };
  const claim = { actions: ['rollback:orders-db'], at: 80_000_000, says: 'the old one was quick' };

  /** From the time of an action on this share of what went well fails, or less fails by that share. */
  function acting(harm: number): Measure {
    const measure = measureOnce(fair);
    return {
      ...measure,
      outcome({ inputs = [], ...options }) {
        const outcome = measure.outcome(options);
        const [input] = inputs;
        if (!input) return outcome;
        const from = input.at / outcome.windowUs;
        const objectives = outcome.objectives.map(({ total, bad }) => ({
          total,
          bad: bad.map((n, w) => (w < from ? n : n + harm * (harm > 0 ? (total[w] ?? 0) - n : n))),
        }));
        return { ...outcome, objectives };
      },
    };
  }
  const claims = (truth: Partial<Truth>, harm: number, known = true) =>
    audit(withTruth(fair, truth), {
      measure: acting(harm),
      readAction: () => (known ? action : null),
    });

  test('that help save lost minutes', () => {
    expect(refusals(claims({ helpful: [claim] }, -0.9))).toEqual([]);
    const useless = claims({ helpful: [claim] }, -0.01);
    expect(refusals(useless)).toEqual([rule]);
    expect(said(useless, rule)).toContain('helpful rollback:orders-db at T+01:20 does not help');
  });

  test('that harm cost some', () => {
    const early = { ...claim, at: 10_000_000 };
    expect(refusals(claims({ harmful: [early] }, 0))).toEqual([rule]);
    expect(refusals(claims({ harmful: [early] }, -0.5))).toEqual([rule]);
    expect(refusals(claims({ harmful: [early] }, 0.5))).toEqual([]);
  });

  test('are taken in a simulation of their own', () => {
    const faults = fair.faults.map((fault) => ({
      ...fault,
      scope: { ...fault.scope, version: '2.0.0' },
    }));
    const rollback = { ...claim, at: 65_000_000 };
    const actions = { ...fair.actions, delaysUs: { rollback: 5_000_000, restart: 5_000_000 } };
    const versioned = withTruth({ ...fair, faults, actions }, { helpful: [rollback] });
    expect(refusals(audit(versioned, { readAction: () => action }))).toEqual([]);
    const other: ActionModel = { kind: 'restart', service: 0, which: 'all' };
    expect(refusals(audit(versioned, { readAction: () => other }))).toEqual([rule]);
  });

  test('that the scenario does not know are refused', () => {
    const audited = claims({ helpful: [claim] }, -0.9, false);
    expect(refusals(audited)).toEqual([rule]);
    expect(said(audited, rule)).toContain('rollback:orders-db is no action of this scenario');
  });
});
