/** What a metric's name gives away about its unit and role. The scenario can say better. */
import type { SeriesRole } from '../sdk/index.ts';

export interface NameGuess {
  readonly role: SeriesRole | null;
  readonly unit: string;
  /** What the values are multiplied by to be in that unit. */
  readonly factor: number;
}

const latency = /latency|duration|response_?time|elapsed/;

/** Guesses from names as Prometheus, OpenTelemetry and home-made exporters write them. */
export function guessFromName(metric: string): NameGuess {
  const name = metric.toLowerCase();
  const percent = /percent|pct|\(%\)|_%$/.test(name);
  const ratio = { unit: '1', factor: percent ? 0.01 : 1 };
  if (latency.test(name)) return latencyGuess(name);
  if (/error_?(ratio|rate|percent|pct|share)/.test(name)) return { role: 'error_ratio', ...ratio };
  if (/availability|success_?(ratio|rate|percent|pct)/.test(name)) {
    return { role: 'availability', ...ratio };
  }
  if (/request_?rate|requests?_per_second|\brps\b|\bqps\b|throughput/.test(name)) {
    return { role: 'request_rate', unit: '{request}/s', factor: 1 };
  }
  if (
    /saturation|utili[sz]ation|(cpu|memory|mem|disk|pool)_?(usage_?)?(ratio|percent|pct)/.test(name)
  ) {
    return { role: 'saturation', ...ratio };
  }
  return { role: null, unit: percent ? '%' : '1', factor: 1 };
}

function latencyGuess(name: string): NameGuess {
  const factor = /(_|\b)(us|micros)\b|_us$/.test(name)
    ? 1e-6
    : /(_|\b|\()(ms|millis|milliseconds)(\b|\)|$)|_ms_/.test(name)
      ? 1e-3
      : 1;
  const quantile =
    /p(50|95|99)\b|p(50|95|99)(?=_|\()|_(50|95|99)$|\bmedian\b|mean|avg|average/.exec(name)?.[0];
  const digits = quantile && /\d+/.exec(quantile)?.[0];
  const role: SeriesRole | null =
    digits === '50' || quantile === 'median'
      ? 'latency_p50'
      : digits === '95'
        ? 'latency_p95'
        : digits === '99'
          ? 'latency_p99'
          : quantile
            ? 'latency_mean'
            : null;
  return { role, unit: 's', factor };
}
