/** Whether two runs of one scenario differ by more than chance, and where the most. */
import type { Micros } from '../sdk/index.ts';
import type { Outcome } from '../simulator/index.ts';
import { countedStreams, type Profile } from './observe/profile.ts';
import type { RequestCounts } from './model.ts';
import { sumOf } from './outcome.ts';
import { auditPolicy as policy, deviationFloor } from './policy.ts';

export interface Difference {
  /** `failures of web`, `mean time of checkout`, `worker.utilization of search`. */
  readonly what: string;
  readonly at: Micros;
  /** In requests, µs, or the unit of the series. */
  readonly withFault: number;
  readonly withoutFault: number;
  /** How many times what chance may do. */
  readonly strength: number;
}

interface Window {
  readonly from: Micros;
  readonly to: Micros;
}

/** Requests, failures and mean time of each service, and bad requests of each objective, minute by minute. */
export function outcomeDifference(
  {
    withFault: a,
    withoutFault: b,
  }: { readonly withFault: Outcome; readonly withoutFault: Outcome },
  window: Window,
  names: { readonly services: readonly string[]; readonly objectives: readonly string[] },
): Difference | null {
  let strongest: Difference | null = null;
  for (const { from, to } of minutesOf(window, a.windowUs)) {
    const at = from * a.windowUs;
    const counts = (what: string, x: RequestCounts, y: RequestCounts | undefined): void => {
      for (const key of ['bad', 'total'] as const) {
        if (!y) return;
        const [n, m] = [sumOf(x[key], from, to), sumOf(y[key], from, to)];
        const strength = countStrength(n, m);
        const noun = key === 'bad' ? 'failures' : 'requests';
        strongest = stronger(strongest, {
          what: `${noun} of ${what}`,
          at,
          withFault: n,
          withoutFault: m,
          strength,
        });
      }
    };
    a.objectives.forEach((x, o) => counts(names.objectives[o] ?? '', x, b.objectives[o]));
    a.services.forEach((x, s) => {
      const y = b.services[s];
      counts(names.services[s] ?? '', x, y);
      if (!y) return;
      const enough = [x, y].every(
        ({ total }) => sumOf(total, from, to) >= policy.latencyRequestsMin,
      );
      const [p, q] = [meanOf(x.latencyUs, from, to), meanOf(y.latencyUs, from, to)];
      const strength = enough ? valueStrength(p, q, policy.latencyUsMin) : 0;
      const what = `mean time of ${names.services[s] ?? ''}`;
      strongest = stronger(strongest, { what, at, withFault: p, withoutFault: q, strength });
    });
  }
  return strongest;
}

/** Values of each series, and records of each service, in stretches of about a minute. */
export function telemetryDifference(
  {
    withFault: a,
    withoutFault: b,
  }: { readonly withFault: Profile; readonly withoutFault: Profile },
  window: Window,
): Difference | null {
  const { header } = a;
  const nameOf = (service: number): string => header.services[service]?.name ?? '';
  let strongest: Difference | null = null;
  for (const { from, to } of minutesOf(window, a.bucketUs)) {
    const at = from * a.bucketUs;
    header.series.forEach(({ name, service, unit }, series) => {
      const mean = (profile: Profile): number =>
        meanBetween(from, to, (k) => profile.mean(series, k));
      const [p, q] = [mean(a), mean(b)];
      const strength = valueStrength(p, q, deviationFloor(unit));
      const what = `${name} of ${nameOf(service)}`;
      strongest = stronger(strongest, { what, at, withFault: p, withoutFault: q, strength });
    });
    header.services.forEach(({ name }, service) => {
      countedStreams.forEach((stream, s) => {
        const sum = (profile: Profile): number => {
          let n = 0;
          for (let k = from; k < Math.min(to, profile.buckets); k++)
            n += profile.records(service, s, k);
          return n;
        };
        const [n, m] = [sum(a), sum(b)];
        const difference = { what: `${stream}s of ${name}`, at, withFault: n, withoutFault: m };
        strongest = stronger(strongest, { ...difference, strength: countStrength(n, m) });
      });
    });
  }
  return strongest;
}

/** From 1 on it is no accident. */
function stronger(best: Difference | null, next: Difference): Difference | null {
  return next.strength >= 1 && next.strength > (best?.strength ?? 0) ? next : best;
}

/** Two Poisson counts: their difference in units of what chance may do. */
function countStrength(n: number, m: number): number {
  const difference = Math.abs(n - m);
  return difference < policy.badMin ? 0 : difference / (policy.countSigmas * Math.sqrt(n + m));
}

/** Two means: their difference in units of a quarter of the smaller one. */
function valueStrength(p: number, q: number, floor: number): number {
  if (Number.isNaN(p) || Number.isNaN(q)) return Number.isNaN(p) === Number.isNaN(q) ? 0 : 1;
  const difference = Math.abs(p - q);
  return difference < floor
    ? 0
    : difference / Math.max(floor, policy.valueShare * Math.min(Math.abs(p), Math.abs(q)));
}

function meanOf(values: Float64Array, from: number, to: number): number {
  return meanBetween(from, Math.min(to, values.length), (i) => values[i] as number);
}

/** Of those that are there; NaN where none is. */
function meanBetween(from: number, to: number, at: (i: number) => number): number {
  let sum = 0;
  let count = 0;
  for (let i = from; i < to; i++) {
    const value = at(i);
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}

/** Stretches of a minute, in indexes of windows of `unitUs`. */
function minutesOf({ from, to }: Window, unitUs: Micros): { from: number; to: number }[] {
  const step = Math.max(1, Math.round(policy.compareUs / unitUs));
  const end = Math.ceil(to / unitUs);
  const minutes: { from: number; to: number }[] = [];
  for (let i = Math.floor(from / unitUs); i < end; i += step) {
    minutes.push({ from: i, to: Math.min(i + step, end) });
  }
  return minutes;
}
