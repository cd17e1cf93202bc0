/**
 * From raw windows to figures per service: combines the series of a role and carries the last point
 * of a slow series forward while it is fresh. Holes of the recording carry nothing.
 */
import type { SourceHeader } from '../replay/source.ts';
import type { Interval, Micros, SeriesRole } from '../sdk/index.ts';
import { bucketUs } from '../store/schema.ts';
import type { HealthFigures } from './model.ts';
import { healthPolicy } from './policy.ts';
import { rateSeriesOf } from './rate-series.ts';
import type { RawWindow } from './sampler.ts';

/** What is known of one service at the end of one window. */
export interface ServiceSample {
  readonly figures: HealthFigures;
  /** The best latency there is, in seconds, and what it is; null where too few requests carry it. */
  readonly latency: number | null;
  readonly latencyName: string;
  /** A latency point fell into this very window (as opposed to one carried forward). */
  readonly latencyIsNew: boolean;
  /** A point of the failed share fell into this very window. */
  readonly errorsAreNew: boolean;
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
  /** Was the stream it is judged by recorded in this window? `over`: nor will it be again. */
  readonly recorded: 'yes' | 'hole' | 'over';
}

interface LastPoint {
  readonly value: number;
  readonly at: Micros;
}

/** Best first, with the share of requests beyond each. */
const latencyRoles: readonly (readonly [SeriesRole, string, number])[] = [
  ['latency_p95', 'p95', 0.05],
  ['latency_p99', 'p99', 0.01],
  ['latency_mean', 'mean latency', 1],
  ['latency_p50', 'median latency', 0.5],
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
  readonly latency: readonly {
    readonly name: string;
    readonly tail: number;
    readonly series: readonly Weighted[];
  }[];
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
    const rates = rateSeriesOf(header);
    const plan = { header, cadences: this.#cadences, rates };
    this.#plans = header.services.map((_, service) => planOf(service, plan));
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
    const recorded = recordedIn(plan.intervals, start, end);
    const fresh = (series: number): number | null => {
      const last = this.#last[series];
      if (!last || recorded !== 'yes') return null;
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
      errorsAreNew: [...plan.errors, ...plan.availability].some(
        ({ series }) => (this.#last[series]?.at ?? -1) >= start,
      ),
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
    for (const { name, tail, series: all } of plan.latency) {
      // A p95 of ten requests is their slowest one: a quantile needs some requests beyond it.
      const series = all.filter(({ series: s, rate }) => {
        const perSecond = rate === null ? null : fresh(rate);
        const requests = perSecond === null ? Infinity : (perSecond * this.#cadence(s)) / 1e6;
        return requests * tail >= healthPolicy.tailRequestsMin;
      });
      const values = present(series.map(({ series: s }) => fresh(s)));
      if (values.length === 0) continue;
      const isNew = series.some(({ series: s }) => (this.#last[s]?.at ?? -1) >= start);
      return { value: Math.max(...values), name, isNew };
    }
    return { value: null, name: 'p95', isNew: false };
  }

  #cadence(series: number): Micros {
    return Math.max(this.#cadences[series] ?? 0, bucketUs);
  }
}

function planOf(
  service: number,
  {
    header,
    cadences,
    rates,
  }: {
    readonly header: SourceHeader;
    readonly cadences: readonly Micros[];
    readonly rates: readonly (number | null)[];
  },
): ServicePlan {
  const own = header.series.flatMap((s, index) =>
    s.service === service && s.role !== null ? [index] : [],
  );
  const withRole = (role: SeriesRole) => own.filter((s) => header.series[s]?.role === role);
  const weigh = (series: number): Weighted => ({ series, rate: rates[series] ?? null });
  const judged = own.filter((s) => header.series[s]?.role !== 'saturation');
  const stream = judged.length > 0 ? 'metric' : 'log';
  const stated = header.intervals.filter(
    (i) => i.stream === stream && (i.service === null || i.service === service),
  );
  return {
    series: judged,
    rate: withRole('request_rate'),
    errors: withRole('error_ratio').map(weigh),
    availability: withRole('availability').map(weigh),
    latency: latencyRoles.map(([role, name, tail]) => ({
      name,
      tail,
      series: withRole(role).map(weigh),
    })),
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

function recordedIn(
  intervals: readonly Interval[] | null,
  from: Micros,
  to: Micros,
): ServiceSample['recorded'] {
  if (intervals === null || intervals.some((i) => i.from < to && i.to > from)) return 'yes';
  return intervals.some((i) => i.from >= to) ? 'hole' : 'over';
}

function present(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
