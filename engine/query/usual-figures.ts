/**
 * What figures of users usually are: medians over the last windows in which no service that users call
 * was unwell, however long ago that is. Compared with its own last minutes an outage looks normal, and
 * a little less of it like good news.
 */
import { healthPolicy } from '../health/index.ts';
import type { HealthFigures, HealthState } from '../health/model.ts';
import { bucketUs } from '../store/schema.ts';
import { combine } from './combined-figures.ts';
import type { RunReader } from './reader.ts';
import type { UsualFigures } from './types.ts';

/** Windows of ten seconds that are usual together, and are read at a time: 15 minutes. */
const windowsMax = 90;
/** No further back than a day, so that a long outage costs no more than this. */
const windowsBackMax = 8640;

interface CalmWindow extends HealthFigures {
  readonly bucket: number;
}

/** Up to window `last`, over the services `entries`; null while too few windows are known. */
export function usualFigures(
  run: RunReader,
  entries: readonly number[],
  last: number,
): UsualFigures | null {
  const calm: CalmWindow[] = [];
  const end = Math.max(-1, last - windowsBackMax);
  for (let to = last; to > end && calm.length < windowsMax; to -= windowsMax) {
    calm.push(...calmWindows(run, entries, { first: Math.max(0, to - windowsMax + 1), last: to }));
  }
  calm.splice(windowsMax);
  const [newest, oldest] = [calm[0], calm.at(-1)];
  if (!newest || !oldest || calm.length < healthPolicy.baselinePointsMin) return null;
  return {
    requestRate: median(calm.map((window) => window.requestRate)),
    errorRatio: median(calm.map((window) => window.errorRatio)),
    latencyP95: median(calm.map((window) => window.latencyP95)),
    from: oldest.bucket * bucketUs,
    to: (newest.bucket + 1) * bucketUs,
  };
}

/** Newest first. */
function calmWindows(
  run: RunReader,
  entries: readonly number[],
  { first, last }: { readonly first: number; readonly last: number },
): CalmWindow[] {
  const figures = new Map<number, HealthFigures[]>();
  const states = new Map<number, Set<string>>();
  for (const id of entries) {
    for (const [bucket, requestRate, errorRatio, latencyP95, state] of run.tuples<
      [
        bucket: number,
        rate: number | null,
        errors: number | null,
        p95: number | null,
        state: string,
      ]
    >(
      `SELECT bucket, request_rate, error_ratio, latency_p95, state FROM rollup_health
       WHERE service_id = ? AND bucket >= ? AND bucket <= ?`,
      id,
      first,
      last,
    )) {
      const own = figures.get(bucket) ?? [];
      figures.set(bucket, [...own, { requestRate, errorRatio, latencyP95 }]);
      states.set(bucket, new Set(states.get(bucket)).add(state));
    }
  }
  return [...figures]
    .filter(([bucket]) => isCalm(states.get(bucket) ?? new Set()))
    .map(([bucket, all]) => ({ bucket, ...combine(all) }))
    .sort((a, b) => b.bucket - a.bucket);
}

/** Nobody unwell, and somebody well: of an unknown one nothing is usual. */
function isCalm(states: ReadonlySet<string>): boolean {
  const has = (state: HealthState) => states.has(state);
  return has('healthy') && !has('degraded') && !has('down');
}

function median(values: readonly (number | null)[]): number | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
