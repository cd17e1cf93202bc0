/** What the numbers show, as a rule of one line would look at them: distance from the baseline. */
import type { Micros } from '../sdk/index.ts';
import type { Profile } from './observe/profile.ts';
import { auditPolicy as policy, deviationFloor } from './policy.ts';

export interface Deviation {
  /** Indexes into the header. */
  readonly series: number;
  readonly service: number;
  readonly usual: number;
  readonly now: number;
  /** Standard deviations between them, without sign. */
  readonly z: number;
}

interface Baseline {
  readonly mean: number;
  readonly deviation: number;
}

/** Mean and standard deviation (with its floor) before the trouble; null for too few points. */
function baselineOf(profile: Profile, series: number, until: Micros): Baseline | null {
  const values: number[] = [];
  for (let k = 0; k < Math.floor(until / profile.bucketUs); k++) {
    const value = profile.mean(series, k);
    if (!Number.isNaN(value)) values.push(value);
  }
  if (values.length < policy.zBaselineMin) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.max(
    Math.sqrt(square / (values.length - 1)),
    policy.zMeanShare * Math.abs(mean),
    deviationFloor(profile.header.series[series]?.unit ?? ''),
  );
  return { mean, deviation };
}

/** Series by how far the mean of the five minutes from `from` on is from their baseline, farthest first. */
export function deviations(
  profile: Profile,
  { until, from }: { readonly until: Micros; readonly from: Micros },
): Deviation[] {
  const [first, last] = [from, from + policy.zWindowUs].map((t) =>
    Math.floor(t / profile.bucketUs),
  );
  const found = profile.header.series.flatMap(({ service, monotonic }, series) => {
    // The level of a counter says how long its process has run.
    if (monotonic) return [];
    const baseline = baselineOf(profile, series, until);
    const now = meanFrom(profile, series, { first: first ?? 0, last: last ?? 0 });
    if (!baseline || now === null) return [];
    const z = Math.abs(now - baseline.mean) / baseline.deviation;
    return [{ series, service, usual: baseline.mean, now, z }];
  });
  return found.sort((a, b) => b.z - a.z || a.series - b.series);
}

function meanFrom(
  profile: Profile,
  series: number,
  { first, last }: { readonly first: number; readonly last: number },
): number | null {
  let sum = 0;
  let count = 0;
  for (let k = first; k < Math.min(last, profile.buckets); k++) {
    const value = profile.mean(series, k);
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? null : sum / count;
}
