/**
 * Figures and series in words, the same in findings, health reasons, incident titles and insights.
 * The page may not import the engine; its `format/figure.ts` writes units and shares alike, though
 * it shows more digits of a time or a size than a sentence needs.
 */
import type { Micros, Series } from './sdk/index.ts';

/** What of a series its words depend on. */
export type SeriesWording = Pick<Series, 'name' | 'unit' | 'attributes' | 'role'>;

/** A share of 0–1: `34 %`, `34.2 %`, `0.04 %`; only all is `100 %`, and only nothing is `0 %`. */
export function shareText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.005) return '<0.01 %';
  if (percent >= 99.95 && percent < 100) return '99.9 %';
  return `${Number(percent.toFixed(percent < 0.095 ? 2 : 1))} %`;
}

/** Seconds: `2.8 s`, `340 ms`, `0.8 ms`, `0 ms`. */
export function secondsText(seconds: number): string {
  if (seconds >= 0.9995) return `${rounded(seconds)} s`;
  return `${rounded(seconds * 1000)} ms`;
}

/** Requests per second: `41/s`, `0.3/s`; of rare ones those of a minute: `1.2/min`. */
export function rateText(rate: number): string {
  if (rate >= 0.095) return `${rounded(rate)}/s`;
  const perMinute = rate * 60;
  return perMinute < 0.05 ? '0/s' : `${rounded(perMinute)}/min`;
}

/** A length of time: `45 s`, `3 min`, `2.5 h`. */
export function lengthText(us: Micros): string {
  const seconds = us / 1e6;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** A moment of the scenario: `T+12:30`, `T+1:02:30`; its beginning is the first one. */
export function momentText(t: Micros): string {
  const seconds = Math.max(0, Math.floor(t / 1e6));
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0
    ? `T+${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `T+${two(minutes)}:${two(seconds % 60)}`;
}

/** A value in the unit of its series, as people read it. */
export function valueText(series: SeriesWording, value: number): string {
  switch (series.role) {
    case 'error_ratio':
    case 'availability':
    case 'saturation':
      return shareText(value);
    case 'request_rate':
      return rateText(value);
    case 'latency_p50':
    case 'latency_p95':
    case 'latency_p99':
    case 'latency_mean':
      return secondsText(value);
    case null:
      return inUnit(series, value);
    default:
      return series.role satisfies never;
  }
}

const roleNames = {
  error_ratio: 'error ratio',
  availability: 'availability',
  request_rate: 'traffic',
  latency_p50: 'median latency',
  latency_p95: 'p95 latency',
  latency_p99: 'p99 latency',
  latency_mean: 'mean latency',
} as const;

/** Names of OpenTelemetry's conventions, in the words of those who are paged. */
const knownNames: readonly (readonly [RegExp, string])[] = [
  [/^db\.client\.connections?\.(utilization|usage|count)$/, 'connection pool'],
  [/^db\.client\.connections?\.pending_requests$/, 'queue for connection pool'],
  [/^db\.client\.connections?\.timeouts$/, 'timeout count of connection pool'],
  [/^db\.client\.connections?\.wait_time$/, 'wait for connection pool'],
  [/^http\.client\.request\.duration$/, 'latency of outgoing calls'],
  [/^worker\.utilization$/, 'worker pool'],
  [/^worker\.queue\.length$/, 'request queue'],
  [/^k8s\.(pod|container)\.cpu[._]/, 'CPU'],
  [/^k8s\.(pod|container)\.memory[._]/, 'memory'],
  [/^k8s\.(pod|container)\.network\.io$/, 'network traffic'],
  [/^k8s\.node\.cpu\./, 'CPU of the node'],
  [/^k8s\.node\.memory\./, 'memory of the node'],
  [/^k8s\.node\.network\.io$/, 'network traffic of the node'],
  [/^process\.syscalls$/, 'system call count'],
];
const pooled = /connection pool$/;
/** Attributes that name a statistic of the same requests, not other requests. */
export const statisticKeys: ReadonlySet<string> = new Set(['quantile', 'statistic']);

/** What a series is called in a sentence, with the attributes that tell it from its siblings. */
export function seriesText(series: SeriesWording): string {
  const { role, name } = series;
  const others = Object.entries(series.attributes).flatMap(([key, value]) =>
    statisticKeys.has(key) ? [] : [value],
  );
  if (role !== null && role !== 'saturation') return withResource(roleNames[role], others);
  const known = knownNames.find(([pattern]) => pattern.test(name))?.[1] ?? name;
  const words = `${quantileText(series)}${known}`;
  const [only] = others;
  // A pool has a name of its own: `connection pool orders-db`.
  return pooled.test(words) && only !== undefined
    ? `${words} ${only}`
    : withResource(words, others);
}

/** The same at the beginning of a sentence; names of metrics and quantiles keep their letters. */
export function seriesAtStart(series: SeriesWording): string {
  const text = seriesText(series);
  if (text.startsWith(series.name) || /^p\d/.test(text)) return text;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function quantileText({ attributes }: SeriesWording): string {
  const quantile = Number(attributes['quantile']);
  if (quantile > 0) return `p${Number((quantile * 100).toFixed(2))} `;
  const stated = /^p\d+(\.\d+)?$/.exec(attributes['statistic'] ?? '');
  return stated ? `${stated[0]} ` : '';
}

function withResource(words: string, resources: readonly string[]): string {
  return resources.length === 0 ? words : `${words} (${resources.join(', ')})`;
}

/** Unit `1` is a count as well as a share; the name tells. */
const shareLike = /utili[sz]ation|ratio|percent|share/i;

function inUnit({ unit, name }: SeriesWording, value: number): string {
  if (unit === 's') return secondsText(value);
  if (unit === 'By') return bytesText(value);
  if (unit === 'By/s') return `${bytesText(value)}/s`;
  if (unit === '1' && shareLike.test(name)) return shareText(value);
  // UCUM: braces annotate what is counted.
  if (/^\{[^}]*\}$/.test(unit)) return rounded(value);
  const plain = unit === '' || unit === '1';
  return `${numberText(value)}${plain ? '' : ` ${unit.replace(/\{[^}]*\}/g, '')}`}`;
}

/** As exact as a sentence needs it: `0`, `0.3`, `35`. */
function rounded(value: number): string {
  return String(Math.abs(value) < 9.95 ? Number(value.toFixed(1)) : Math.round(value));
}

/** `812 B`, `1.4 kB`, `358 MB`. */
function bytesText(value: number): string {
  let size = value;
  let step = 0;
  for (; Math.abs(size) >= 999.5 && step < byteUnits.length - 1; step++) size /= 1000;
  return `${rounded(size)} ${byteUnits[step]}`;
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** A number for people: at most three significant digits, whole numbers as they are, dust is 0. */
export function numberText(value: number): string {
  if (Number.isInteger(value)) return String(value);
  if (Math.abs(value) >= 1000) return value.toFixed(0);
  return Math.abs(value) < 1e-6 ? '0' : String(Number(value.toPrecision(3)));
}
