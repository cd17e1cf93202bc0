/**
 * From raw windows to figures per service: combines the series of a role and carries the last point
 * of a slow series forward while it is fresh. Holes of the recording carry nothing.
 */
import type { SourceHeader } from '../replay/source.ts';
import type { Interval, Micros, SeriesRole } from '../sdk/index.ts';
import { bucketUs } from '../store/schema.ts';
import type { HealthFigures } from './model.ts';
import { healthPolicy } from './policy.ts';
import type { RawWindow } from './sampler.ts';

/** What is known of one service at the end of one window. */
export interface ServiceSample {
  readonly figures: HealthFigures;
  /** The best latency there is, in seconds, and what it is. */
  readonly latency: number | null;
  readonly latencyName: string;
  /** A latency point fell into this very window (as opposed to one carried forward). */
  readonly latencyIsNew: boolean;
  /** Requests that the error ratio stands for; null where the rate is not measured. */
  readonly requests: number | null;
  /** Log lines and error lines of this window. */
  readonly lines: number;
  readonly errorLines: number;
  /** It has no series that health could judge it by, only log lines. */
  readonly byLogs: boolean;
  /** Time of the last point or, for a service without series that have a role, log line. */
  readonly lastDataAt: Micros | null;
  /** Usual distance of its data, µs. */
  readonly cadenceUs: Micros;
  /** The stream it is judged by was recorded at some time of this window. */
  readonly recorded: boolean;
}

interface LastPoint {
  readonly value: number;
  readonly at: Micros;
}

const latencyRoles: readonly (readonly [SeriesRole, string])[] = [
  ['latency_p95', 'p95'],
  ['latency_p99', 'p99'],
  ['latency_mean', 'mean latency'],
  ['latency_p50', 'median latency'],
];

/** A series of a ratio with the series that says how many requests it is about. */
interface Weighted {
  readonly series: number;
  readonly rate: number | null;
}

interface ServicePlan {
  readonly series: readonly number[];
  readonly rate: readonly number[];
  readonly errors: readonly Weighted[];
  readonly availability: readonly Weighted[];
  readonly latency: readonly { readonly name: string; readonly series: readonly number[] }[];
  readonly cadenceUs: Micros;
  /** null: recorded throughout. */
  readonly intervals: readonly Interval[] | null;
}

/** Owns the last point of every series. Windows must come in order; empty ones count too. */
export class FigureReader {
  readonly #plans: readonly ServicePlan[];
  readonly #cadences: readonly Micros[];
  readonly #last: (LastPoint | null)[];
  readonly #lastLine: (Micros | null)[];

  constructor(header: SourceHeader) {
    this.#cadences = header.series.map((s) => s.cadenceUs || healthPolicy.fallbackCadenceUs);
    this.#plans = header.services.map((_, service) => planOf(header, service, this.#cadences));
    this.#last = header.series.map(() => null);
    this.#lastLine = header.services.map(() => null);
  }

  /** The samples of all services at the end of window `bucket`; `raw` is null where it was empty. */
  read(bucket: number, raw: RawWindow | null): ServiceSample[] {
    const start = bucket * bucketUs;
    const lines = new Map(raw?.logs.map((logs) => [logs.service, logs]));
    for (const point of raw?.points ?? []) {
      this.#last[point.series] = { value: point.mean, at: point.lastAt };
    }
    for (const service of lines.keys()) this.#lastLine[service] = start + bucketUs - 1;
    return this.#plans.map((plan, service) => {
      const logs = lines.get(service);
      return this.#sample(plan, service, start, logs?.total ?? 0, logs?.errors ?? 0);
    });
  }

  #sample(
    plan: ServicePlan,
    service: number,
    start: Micros,
    lines: number,
    errorLines: number,
  ): ServiceSample {
    const end = start + bucketUs;
    const recorded = plan.intervals === null || overlaps(plan.intervals, start, end);
    const fresh = (series: number): number | null => {
      const last = this.#last[series];
      if (!last || !recorded) return null;
      const age = end - last.at;
      const carry = healthPolicy.carryCadences * (this.#cadences[series] ?? 0);
      return age <= Math.max(carry, bucketUs) ? last.value : null;
    };
    const rates = present(plan.rate.map(fresh));
    const requestRate = rates.length > 0 ? sum(rates) : null;
    const failed = weighted(plan.errors, fresh);
    const succeeded = weighted(plan.availability, fresh);
    const latency = this.#latency(plan, fresh, start);
    const lastPoints = present(plan.series.map((series) => this.#last[series]?.at ?? null));
    const lastPointAt = lastPoints.length > 0 ? Math.max(...lastPoints) : null;
    return {
      figures: {
        requestRate,
        errorRatio: failed ?? (succeeded === null ? null : 1 - succeeded),
        latencyP95: latency.name === 'p95' ? latency.value : null,
      },
      latency: latency.value,
      latencyName: latency.name,
      latencyIsNew: latency.isNew,
      requests:
        requestRate === null ? null : (requestRate * Math.max(plan.cadenceUs, bucketUs)) / 1e6,
      lines,
      errorLines,
      byLogs: plan.series.length === 0,
      lastDataAt: plan.series.length > 0 ? lastPointAt : (this.#lastLine[service] ?? null),
      cadenceUs: plan.cadenceUs,
      recorded,
    };
  }

  #latency(
    plan: ServicePlan,
    fresh: (series: number) => number | null,
    start: Micros,
  ): { value: number | null; name: string; isNew: boolean } {
    for (const { name, series } of plan.latency) {
      const values = present(series.map(fresh));
      if (values.length === 0) continue;
      const isNew = series.some((s) => (this.#last[s]?.at ?? -1) >= start);
      return { value: Math.max(...values), name, isNew };
    }
    return { value: null, name: 'p95', isNew: false };
  }
}

function planOf(header: SourceHeader, service: number, cadences: readonly Micros[]): ServicePlan {
  const own = header.series.flatMap((s, index) =>
    s.service === service && s.role !== null ? [index] : [],
  );
  const withRole = (role: SeriesRole) => own.filter((s) => header.series[s]?.role === role);
  const rate = withRole('request_rate');
  // A ratio belongs to the rate with the same attributes; a single rate belongs to all of them.
  const attributes = (s: number) => JSON.stringify(header.series[s]?.attributes ?? {});
  const weigh = (series: number): Weighted => {
    const same = rate.find((r) => attributes(r) === attributes(series));
    return { series, rate: same ?? (rate.length === 1 ? (rate[0] ?? null) : null) };
  };
  const judged = own.filter((s) => header.series[s]?.role !== 'saturation');
  const stream = judged.length > 0 ? 'metric' : 'log';
  const stated = header.intervals.filter(
    (i) => i.stream === stream && (i.service === null || i.service === service),
  );
  return {
    series: judged,
    rate,
    errors: withRole('error_ratio').map(weigh),
    availability: withRole('availability').map(weigh),
    latency: latencyRoles.map(([role, name]) => ({ name, series: withRole(role) })),
    cadenceUs:
      judged.length > 0
        ? Math.max(...judged.map((s) => cadences[s] ?? 0))
        : healthPolicy.fallbackCadenceUs,
    intervals: stated.length > 0 ? stated.flatMap((i) => i.intervals) : null,
  };
}

/** Mean of ratios by requests; by count where a rate is not measured; null where nothing is. */
function weighted(
  ratios: readonly Weighted[],
  fresh: (series: number) => number | null,
): number | null {
  let total = 0;
  let weights = 0;
  for (const { series, rate } of ratios) {
    const ratio = fresh(series);
    if (ratio === null) continue;
    const weight = rate === null ? 1 : (fresh(rate) ?? 1);
    total += ratio * weight;
    weights += weight;
  }
  return weights > 0 ? Math.min(1, Math.max(0, total / weights)) : null;
}

function overlaps(intervals: readonly Interval[], from: Micros, to: Micros): boolean {
  return intervals.some((interval) => interval.from < to && interval.to > from);
}

function present(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
