/**
 * A record as a reader gives it: names instead of indexes, wall-clock time instead of scenario
 * time, in the order of the file. The cache builder sorts, numbers and packs them.
 */
import type { SeriesRole, SeverityNumber } from '../sdk/index.ts';
import type { SourceModel } from '../scenario/model.ts';
import type { Intake } from './intake.ts';
import type { Instant } from './timestamps.ts';

export interface RawLog {
  readonly stream: 'log';
  readonly at: Instant;
  readonly service: string;
  readonly severity: SeverityNumber;
  readonly body: string;
  readonly traceId: string;
  /** A JSON object, or ''. */
  readonly attributes: string;
}

export interface RawPoint {
  readonly stream: 'metric';
  readonly at: Instant;
  /** The same object for every point of a series, as far as one part knows it. */
  readonly series: RawSeries;
  /** Finite, in the series' unit. */
  readonly value: number;
}

export interface RawSpan {
  readonly stream: 'span';
  /** When it ended. */
  readonly at: Instant;
  readonly service: string;
  readonly name: string;
  readonly durationUs: number;
  /** Index into `spanStatuses`. */
  readonly status: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string;
  readonly attributes: string;
}

export type RawRecord = RawLog | RawPoint | RawSpan;

export interface RawSeries {
  readonly service: string;
  readonly name: string;
  readonly unit: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** What the series could stand for; of several candidates of a service the lowest rank gets the role. */
  readonly role: SeriesRole | null;
  readonly rank: number;
  /** The format writes 0 where it measures nothing: a series that is 0 throughout is left out. */
  readonly zeroIsDead: boolean;
}

/** One file of a source and how it is read. */
export interface Part {
  /** Absolute path of a regular file. */
  readonly file: string;
  /** Set where the recording has holes: the stream counts as recorded only around these records. */
  readonly covers: 'log' | 'metric' | 'span' | null;
  /** Blocks of records in the order of the file; bounded in size. */
  readonly read: (intake: Intake) => AsyncGenerator<readonly RawRecord[]>;
}

/**
 * Says which files a source selects, in reading order. Throws SOURCE_MISSING or
 * RECORDING_UNREADABLE; reads no more than names and, where a format needs it, a few lines.
 */
export type Reader = (source: SourceModel) => readonly Part[] | Promise<readonly Part[]>;
