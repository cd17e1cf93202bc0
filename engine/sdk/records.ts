/** The records that flow through the engine, in OpenTelemetry's words. */

/** Microseconds since the scenario's start, an integer. */
export type Micros = number;

/** OpenTelemetry severity number, 1–24: 5 debug, 9 info, 13 warn, 17 error, 21 fatal. */
export type SeverityNumber = number;

/** A log record. */
export interface LogRecord {
  readonly kind: 'log';
  readonly t: Micros;
  readonly service: string;
  readonly severity: SeverityNumber;
  /** The text of the line; at most 64 Ki UTF-16 units. */
  readonly body: string;
  /** W3C trace id in hex, or '' where the record has none. */
  readonly traceId: string;
  readonly attributes: Attributes;
  /** Its kind of line; the same object for all records of it until more is known. */
  readonly template: LogTemplate;
}

/** What lines of one kind have in common, as far as it is known when a record comes. */
export interface LogTemplate {
  /** Counts from 1 in the order of first lines, and never changes its meaning; 0 where none was kept. */
  readonly id: number;
  /** The line with `<*>` where it varies. It may become more general with later lines. */
  readonly text: string;
  /** Ids that turned out to be of this kind too: no record bears them any more. */
  readonly absorbed: readonly number[];
}

/** One measured value of a series. */
export interface MetricPoint {
  readonly kind: 'metric';
  readonly t: Micros;
  readonly service: string;
  readonly series: Series;
  /** A finite number, in the series' unit. */
  readonly value: number;
  /**
   * Requests that the value was computed from, by the request rate of its service; null where that is
   * not measured. What few requests say may be chance.
   */
  readonly requests: number | null;
}

/** One finished operation of a trace. */
export interface Span {
  readonly kind: 'span';
  /** When the span ended: the moment at which it can be known. */
  readonly t: Micros;
  readonly service: string;
  readonly name: string;
  readonly durationUs: Micros;
  readonly status: 'unset' | 'ok' | 'error';
  readonly traceId: string;
  readonly spanId: string;
  /** '' for a root span. */
  readonly parentId: string;
  readonly attributes: Attributes;
}

/** A deploy, flag, configuration, scaling or certificate event; most are innocent. */
export interface Change {
  readonly kind: 'change';
  readonly t: Micros;
  readonly service: string;
  readonly change: ChangeKind;
  readonly note: string;
  readonly attributes: Attributes;
}

export const changeKinds = ['deploy', 'flag', 'config', 'scaling', 'certificate', 'other'] as const;
export type ChangeKind = (typeof changeKinds)[number];

export type TelemetryRecord = LogRecord | MetricPoint | Span | Change;
export type RecordKind = TelemetryRecord['kind'];

export type Attributes = Readonly<Record<string, string | number | boolean>>;

/**
 * What a series tells about its service, where that is known; health and general detectors read
 * roles, so that they need no list of metric names.
 * - `request_rate` requests per second
 * - `error_ratio` failed share of requests, 0–1
 * - `availability` succeeded share of requests, 0–1
 * - `latency_p50` `latency_p95` `latency_p99` `latency_mean` seconds
 * - `saturation` used share of a bounded resource, 0–1 (pool, queue, CPU, memory)
 */
export const seriesRoles = [
  'request_rate',
  'error_ratio',
  'availability',
  'latency_p50',
  'latency_p95',
  'latency_p99',
  'latency_mean',
  'saturation',
] as const;
export type SeriesRole = (typeof seriesRoles)[number];

/** Identity of a stream of metric points: (service, name, attributes). */
export interface Series {
  /** Index in the run's list of series; stable within a run. */
  readonly id: number;
  readonly service: string;
  /** OpenTelemetry semantic-convention name where one exists. */
  readonly name: string;
  /** UCUM unit: `s`, `1`, `By`, `{request}/s`. */
  readonly unit: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly role: SeriesRole | null;
  /** Usual distance between two points, µs; 0 where unknown. */
  readonly cadenceUs: Micros;
  /** A counter that only grows, until its process starts again and it with it. */
  readonly monotonic: boolean;
}

/** Severity numbers by the lowest name of each group. */
export const severityNumbers = {
  trace: 1,
  debug: 5,
  info: 9,
  warn: 13,
  error: 17,
  fatal: 21,
} as const;
