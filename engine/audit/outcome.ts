/**
 * What outcomes say: whether an objective is broken, since when, and what it cost.
 *
 * An objective is **broken** where its budget is spent, that is, the bad share of all requests of its
 * window (of the whole run, where that is shorter) reaches 1 − target; or where for one minute the
 * budget goes ten times too fast. Fewer than five bad requests never break anything.
 */
import type { Objective } from '../scenario/model.ts';
import type { Micros } from '../sdk/index.ts';
import { budgetMinutes, type Outcome } from '../simulator/index.ts';
import type { RequestCounts } from './model.ts';
import { auditPolicy as policy } from './policy.ts';

export interface Break {
  /** Where the budget was spent, or where it went too fast. */
  readonly how: 'budget' | 'burn';
  /** Beginning of the stretch with the largest share. */
  readonly from: Micros;
  readonly badShare: number;
  /** The share that breaks it. */
  readonly limit: number;
}

export function breakOf(
  objective: Pick<Objective, 'target' | 'windowUs'>,
  counts: RequestCounts,
  windowUs: Micros,
): Break | null {
  const budget = 1 - objective.target;
  const fast = policy.burnFactor * budget;
  const burn = worst(counts, policy.burnUs / windowUs);
  if (burn && fast <= 1 && burn.badShare >= fast) {
    return { how: 'burn', from: burn.window * windowUs, badShare: burn.badShare, limit: fast };
  }
  const spent = worst(counts, objective.windowUs / windowUs);
  if (!spent || spent.badShare < budget) return null;
  return { how: 'budget', from: spent.window * windowUs, badShare: spent.badShare, limit: budget };
}

/** The stretch of so many windows with the largest bad share among those with enough bad requests. */
function worst(
  { total, bad }: RequestCounts,
  length: number,
): { readonly window: number; readonly badShare: number } | null {
  const windows = Math.max(1, Math.min(Math.round(length), total.length));
  let best: { window: number; badShare: number } | null = null;
  let totalSum = 0;
  let badSum = 0;
  for (let w = 0; w < total.length; w++) {
    totalSum += total[w] as number;
    badSum += bad[w] as number;
    if (w >= windows) {
      totalSum -= total[w - windows] as number;
      badSum -= bad[w - windows] as number;
    }
    if (w < windows - 1 || badSum < policy.badMin) continue;
    const badShare = badSum / totalSum;
    if (badShare > (best?.badShare ?? 0)) best = { window: w - windows + 1, badShare };
  }
  return best;
}

/**
 * Lost minutes: the bad share of each window times its length, summed over the objectives of users. A
 * minute in which half of the requests fail costs half a minute; two objectives that suffer cost both.
 */
export function lostMinutes(
  { windowUs, objectives }: Pick<Outcome, 'windowUs' | 'objectives'>,
  { of, since = 0 }: { readonly of: readonly number[]; readonly since?: Micros },
): number {
  const first = Math.floor(since / windowUs);
  const asked = of.flatMap((index) => {
    const counts = objectives[index];
    return counts ? [{ total: counts.total.subarray(first), bad: counts.bad.subarray(first) }] : [];
  });
  return budgetMinutes({ windowUs, objectives: asked, services: [] });
}

export function sumOf(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < Math.min(to, values.length); i++) sum += values[i] as number;
  return sum;
}
