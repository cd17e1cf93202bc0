/** Figures of the strip, over the services that users call. */
import type { HealthFigures } from '../health/model.ts';
import type { IncidentView } from '../incident/model.ts';
import type { Micros } from '../sdk/index.ts';
import { bucketUs } from '../store/schema.ts';
import { combine } from './combined-figures.ts';
import { sumOf } from './level-totals.ts';
import type { RunReader } from './reader.ts';
import type { Kpis } from './types.ts';
import { usualFigures } from './usual-figures.ts';

/** Windows of ten seconds of a sparkline: 15 minutes. */
const trendWindows = 90;

export interface TrendPoint extends HealthFigures {
  readonly t: Micros;
}

const nothing: HealthFigures = { requestRate: null, errorRatio: null, latencyP95: null };

/** The last window that is over at `t`; -1 before the first one is. */
export function lastWindow(t: Micros): number {
  return Math.floor(t / bucketUs) - 1;
}

/** Figures of each service in the last window that is over, by service. */
export function currentFigures(run: RunReader, t: Micros): ReadonlyMap<number, HealthFigures> {
  const ids = run.services.map((service) => service.id);
  const last = figuresBetween(run, ids, { first: lastWindow(t), last: lastWindow(t) });
  return new Map([...last].map(([service, windows]) => [service, windows[0] ?? nothing]));
}

/** Figures of the last 15 minutes by service, one entry a window; null where nothing was measured. */
export function trends(
  run: RunReader,
  services: readonly number[],
  t: Micros,
): ReadonlyMap<number, readonly TrendPoint[]> {
  const last = lastWindow(t);
  return figuresBetween(run, services, { first: Math.max(0, last - trendWindows + 1), last });
}

/** User-facing figures: those of the entry services as one, now, lately, and usually. */
export function kpisAt(run: RunReader, t: Micros, incidents: readonly IncidentView[]): Kpis {
  const entries = entryServices(run);
  const recent = trends(run, entries, t);
  const windows = Math.min(lastWindow(t) + 1, trendWindows);
  const trend = Array.from({ length: Math.max(0, windows) }, (_, i) => {
    const own = entries.map((service) => recent.get(service)?.[i] ?? nothing);
    return { t: (lastWindow(t) - windows + 2 + i) * bucketUs, ...combine(own) };
  });
  const { requestRate, errorRatio, latencyP95 } = trend.at(-1) ?? nothing;
  const first = incidents.reduce<IncidentView | null>(
    (earliest, incident) =>
      earliest === null || incident.openedAt < earliest.openedAt ? incident : earliest,
    null,
  );
  return {
    requestRate,
    errorRatio,
    latencyP95,
    trend,
    usual: usualFigures(run, entries, lastWindow(t)),
    records: sumOf(run.levelsUntil(t)),
    dropped: run.run().rejected_count,
    timeToDetectUs: first ? first.openedAt - first.firstSignalAt : null,
  };
}

/** Services that users call; where none is marked, those that no other service calls. */
export function entryServices(run: RunReader): readonly number[] {
  const marked = run.services.filter((s) => s.entry === 1).map((s) => s.id);
  if (marked.length > 0) return marked;
  const called = new Set(
    run.tuples<[number]>('SELECT DISTINCT callee_id FROM dependency').map(([id]) => id),
  );
  return run.services.map((s) => s.id).filter((id) => !called.has(id));
}

function figuresBetween(
  run: RunReader,
  services: readonly number[],
  { first, last }: { readonly first: number; readonly last: number },
): ReadonlyMap<number, readonly TrendPoint[]> {
  const found = new Map<number, readonly TrendPoint[]>();
  if (last < first || last < 0) return found;
  for (const id of services) {
    const own = Array.from({ length: last - first + 1 }, (_, i): TrendPoint => ({
      t: (first + i + 1) * bucketUs,
      ...nothing,
    }));
    const rows = run.tuples<
      [bucket: number, rate: number | null, errors: number | null, p95: number | null]
    >(
      `SELECT bucket, request_rate, error_ratio, latency_p95 FROM rollup_health
       WHERE service_id = ? AND bucket >= ? AND bucket <= ?`,
      id,
      first,
      last,
    );
    for (const [bucket, requestRate, errorRatio, latencyP95] of rows) {
      own[bucket - first] = { t: (bucket + 1) * bucketUs, requestRate, errorRatio, latencyP95 };
    }
    found.set(id, own);
  }
  return found;
}
