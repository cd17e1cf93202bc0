/** Claims about actions, in simulations of their own and in made-up ones. */
import { describe, expect, test } from 'vitest';
import type { Measure } from '../../engine/audit/index.ts';
import type { Truth } from '../../engine/scenario/model.ts';
import { audit, fairScenario, measureOnce, refusals, said, withTruth } from '../support/audited.ts';

const fair = fairScenario();

describe('actions', () => {
  const rule = 'actions';
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
  const claims = (truth: Partial<Truth>, harm: number) =>
    audit(withTruth(fair, { helpful: [], ...truth }), { measure: acting(harm) });

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
    const own = fair.truth.helpful;
    expect(own).toMatchObject([{ actions: ['rollback:orders-db'] }]);
    expect(refusals(audit(fair))).toEqual([]);
    const instead = (...actions: readonly string[]) =>
      refusals(audit(withTruth(fair, { helpful: own.map((one) => ({ ...one, actions })) })));
    expect(instead('restart:web')).toEqual([rule]);
    expect(instead('restart:web', 'rollback:orders-db')).toEqual([]);
  });

  test('that the scenario does not know, or forbids, are refused', () => {
    const unknown = claims({ helpful: [{ ...claim, actions: ['rollback:nobody'] }] }, -0.9);
    expect(refusals(unknown)).toEqual([rule]);
    expect(said(unknown, rule)).toContain('rollback:nobody is no action of this scenario');
    const forbidden = { ...fair, actions: { ...fair.actions, forbidden: ['rollback'] } };
    expect(refusals(audit(forbidden))).toEqual([rule]);
  });
});
