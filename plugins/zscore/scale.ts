/**
 * On which scale a series is judged: what its noise is like follows from what it measures. On each
 * scale one unit of `floor` is the least deviation that counts, however quiet the series has been.
 */
import type { Series, SeriesRole } from 'incident-workbench/sdk';

/**
 * - `log` durations and sizes: positive and skewed
 * - `count` things counted in an interval: on the square root their chance is the same at any level
 * - `plain` shares, and what is not known
 */
export type Scale = 'log' | 'count' | 'plain';

export interface Yardstick {
  readonly scale: Scale;
  /** Side that is bad news: 1 high, -1 low, 0 both. */
  readonly harmful: number;
  /** Least deviation on the scale. */
  readonly floor: number;
  /** Least difference in the series' own unit that anybody would notice. */
  readonly notice: number;
  /** What a value is multiplied by before it goes on the scale: a rate is judged by what it counted. */
  readonly factor: number;
  /** Share of requests beyond a quantile: 0.05 for a p95, 1 for a mean, null for what is no latency. */
  readonly tail: number | null;
}

/** Values beyond this would overflow into infinities when they are squared. */
const largest = 1e100;
/** Milliseconds and thousandths count as small: below, logarithms would magnify dust. */
const dust = 1000;
/** Seconds: three times two milliseconds is no outage; people notice about this much. */
const noticedSeconds = 0.05;

/**
 * Whether the mean of a series says what is usual: not of a counter that only grows, nor of one process
 * among several, which restarts and whose few requests wobble; its service has a series that does.
 */
export function isJudged({ monotonic, attributes }: Series): boolean {
  return !monotonic && attributes['service.instance.id'] === undefined;
}

export function yardstickOf(series: Series | null): Yardstick {
  const role = series === null ? null : (series.role ?? roleByName(series.name));
  const unit = series?.unit ?? '';
  const scale = scaleFor(role, unit);
  const isTime = unit === 's' || (role?.startsWith('latency') ?? false);
  const isRate = role === 'request_rate' && series !== null && series.cadenceUs > 0;
  return {
    scale,
    harmful: harmfulSide(role, unit),
    floor: floorOf(role, scale),
    notice: isTime ? noticedSeconds : 0,
    factor: isRate ? series.cadenceUs / 1e6 : 1,
    tail: isTime ? tailOf(series) : null,
  };
}

export function toScale({ scale, factor }: Yardstick, value: number): number {
  const bounded = Math.max(-largest, Math.min(largest, value * factor));
  if (scale === 'plain') return bounded;
  const positive = Math.max(0, bounded);
  // Anscombe's transform: what Poisson's law counts has deviation 1 there.
  return scale === 'count' ? 2 * Math.sqrt(positive + 3 / 8) : Math.log1p(dust * positive);
}

export function fromScale({ scale, factor }: Yardstick, value: number): number {
  if (scale === 'plain') return value / factor;
  const positive = scale === 'count' ? (value / 2) ** 2 - 3 / 8 : Math.expm1(value) / dust;
  return Math.max(0, positive) / factor;
}

function scaleFor(role: SeriesRole | null, unit: string): Scale {
  if (role === 'request_rate') return 'count';
  if (role?.startsWith('latency')) return 'log';
  if (role !== null) return 'plain';
  // UCUM: braces annotate what is counted; with a dimension it is a speed.
  if (/^\{[^}]*\}$/.test(unit)) return 'count';
  return unit === 's' || unit.startsWith('By') ? 'log' : 'plain';
}

/** A breakdown by endpoint, version or callee has no role of its own: its name says what it is. */
function roleByName(name: string): SeriesRole | null {
  if (/\.(error_ratio|retry\.ratio)$/.test(name)) return 'error_ratio';
  if (/\.(request|operation)\.rate$/.test(name)) return 'request_rate';
  return null;
}

/** Less latency, fewer errors or more availability is no incident. */
function harmfulSide(role: SeriesRole | null, unit: string): number {
  switch (role) {
    case 'error_ratio':
    case 'saturation':
    case 'latency_p50':
    case 'latency_p95':
    case 'latency_p99':
    case 'latency_mean':
      return 1;
    case 'availability':
      return -1;
    case 'request_rate':
      return 0;
    case null:
      return unit === 's' ? 1 : 0;
    default:
      return role satisfies never;
  }
}

/** Shares are in [0, 1]: a percent of requests, three of a resource, are the least that matters. */
function floorOf(role: SeriesRole | null, scale: Scale): number {
  if (role === 'error_ratio' || role === 'availability') return 0.01;
  if (role === 'saturation') return 0.03;
  return scale === 'count' ? 1 : 0;
}

function tailOf(series: Series | null): number {
  const stated = Number(series?.attributes['quantile']);
  if (stated > 0 && stated < 1) return 1 - stated;
  const named = /^p(\d+)$/.exec(series?.attributes['statistic'] ?? '')?.[1];
  if (named !== undefined) return Math.max(0, 1 - Number(named) / 100);
  if (series?.role === 'latency_p95') return 0.05;
  return series?.role === 'latency_p99' ? 0.01 : 1;
}
