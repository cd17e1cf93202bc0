/** Figures of several services as one, as someone out there feels them. */
import type { HealthFigures } from '../health/model.ts';

/**
 * Request rates added up, error ratios weighted by those rates (evenly where a rate is not measured),
 * and the slowest of the p95s: those of different services cannot be averaged.
 */
export function combine(all: readonly HealthFigures[]): HealthFigures {
  const rates = all.map((f) => f.requestRate).filter((rate) => rate !== null);
  const latencies = all.map((f) => f.latencyP95).filter((latency) => latency !== null);
  const weighed = all.flatMap((f) =>
    f.errorRatio === null ? [] : [{ ratio: f.errorRatio, rate: f.requestRate }],
  );
  const isWeighable = weighed.every((w) => w.rate !== null) && weighed.some((w) => w.rate !== 0);
  let errors = 0;
  let weights = 0;
  for (const { ratio, rate } of weighed) {
    const weight = isWeighable ? (rate ?? 0) : 1;
    errors += ratio * weight;
    weights += weight;
  }
  return {
    requestRate: rates.length > 0 ? rates.reduce((sum, rate) => sum + rate, 0) : null,
    errorRatio: weights > 0 ? errors / weights : null,
    latencyP95: latencies.length > 0 ? Math.max(...latencies) : null,
  };
}
