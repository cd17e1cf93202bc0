/**
 * What every source gives: a header, then batches in one total order `(t, source, position)`.
 * The simulator and every recording are sources; nothing downstream can tell them apart.
 */
import type { DependencyKind, Interval, Micros, SeriesRole } from '../sdk/index.ts';
import type { WorldCheckpoint } from '../store/model.ts';
import type { BatchWriter } from './batch.ts';

export interface ServiceInfo {
  readonly name: string;
  /** `service`, `database`, `cache`, `queue`, `external`. */
  readonly kind: string;
  /** Users call it directly. */
  readonly entry: boolean;
}

export interface SeriesInfo {
  /** Index into the header's services. */
  readonly service: number;
  readonly name: string;
  readonly unit: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly role: SeriesRole | null;
  /** Usual distance between two points, µs; 0 where unknown. */
  readonly cadenceUs: Micros;
  /** A counter that only grows, until its process starts again. */
  readonly monotonic: boolean;
}

export interface DependencyInfo {
  /** Indexes into the header's services. */
  readonly caller: number;
  readonly callee: number;
  readonly kind: DependencyKind;
}

export interface ObjectiveInfo {
  /** Index into the header's services. */
  readonly service: number;
  readonly endpoint: string | null;
  readonly name: string;
  readonly target: number;
  readonly windowUs: Micros;
  /** null where any answer will do. */
  readonly latencyUs: Micros | null;
}

/** When a stream was recorded. A stream without an entry was recorded throughout. */
export interface StreamIntervals {
  readonly stream: 'log' | 'metric' | 'span';
  /** Index into the header's services, or null for all of them. */
  readonly service: number | null;
  readonly intervals: readonly Interval[];
}

/** Where every record read went: read = stored + rejected + duplicates (truncated ones are stored). */
export interface IntakeCounts {
  readonly read: number;
  readonly stored: number;
  readonly rejected: number;
  readonly truncated: number;
  readonly duplicates: number;
}

export interface SourceHeader {
  /** Wall-clock of scenario time 0, µs since the Unix epoch. */
  readonly startUnixUs: number;
  readonly durationUs: Micros;
  readonly services: readonly ServiceInfo[];
  /** One for a pair of services. */
  readonly dependencies: readonly DependencyInfo[];
  /** What users were promised, by whoever wrote the scenario; truth has no part in it. */
  readonly objectives: readonly ObjectiveInfo[];
  readonly series: readonly SeriesInfo[];
  readonly intervals: readonly StreamIntervals[];
  /** null for a simulation, where nothing is read. */
  readonly intake: IntakeCounts | null;
}

export interface Source {
  readonly header: SourceHeader;
  /**
   * Appends the next batch. Returns the watermark, exclusive: every record with `t < through` has
   * been given. Where batches end depends on the records alone, never on time or speed, because the
   * digest is chained per batch. null after the last one.
   */
  next(batch: BatchWriter): { readonly through: Micros } | null;
  /** A copy of the simulated world, where one is due after the batch that was just given. */
  takeCheckpoint?(): WorldCheckpoint | null;
  close(): void;
}
