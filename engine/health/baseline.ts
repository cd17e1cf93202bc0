/** What is usual for a service: the median of values learned at a distance, which a few odd ones do not move. */
import type { Micros } from '../sdk/index.ts';
import { healthPolicy as policy } from './policy.ts';

/** Values learned, newest last. */
export interface Baseline {
  values: number[];
  lastAt: Micros;
}

export function emptyBaseline(): Baseline {
  return { values: [], lastAt: -1 };
}

/** Takes `value` in unless the last one is too recent. */
export function addTo(baseline: Baseline, value: number, t: Micros): void {
  if (baseline.lastAt >= 0 && t - baseline.lastAt < policy.baselineSpacingUs) return;
  addAll(baseline, [value]);
  baseline.lastAt = t;
}

/** The same with values that were spaced already; the oldest make room. */
export function addAll(baseline: Baseline, values: readonly number[]): void {
  baseline.values.push(...values);
  const surplus = baseline.values.length - policy.baselinePointsMax;
  if (surplus > 0) baseline.values.splice(0, surplus);
  ascending.delete(baseline);
}

/** Baselines are asked every ten seconds and learn every few minutes. */
const ascending = new WeakMap<Baseline, readonly number[]>();

/** The median, or another quantile; null while the baseline is too short to tell. */
export function usualOf(baseline: Baseline, quantile = 0.5): number | null {
  if (baseline.values.length < policy.baselinePointsMin) return null;
  const sorted = ascending.get(baseline) ?? [...baseline.values].sort((a, b) => a - b);
  ascending.set(baseline, sorted);
  return sorted[Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))] ?? null;
}
