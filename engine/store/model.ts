/** What the writer is given, and what it says about it. */
import type { HealthEvent, HealthWindow } from '../health/model.ts';
import type { Finding, IncidentEvent } from '../incident/model.ts';
import type { BatchMessage } from '../replay/batch.ts';
import type { Micros } from '../sdk/index.ts';

/**
 * What a simulation knows of its world beyond what its telemetry tells: counted where it happened. Each
 * list in order.
 */
export interface MeasuredTruth {
  /** When a service worked worse than it does without the faults; by index of the service. */
  readonly impacts: readonly {
    readonly service: number;
    readonly from: Micros;
    readonly to: Micros;
  }[];
  /** From here on the records differ from those of a quiet day. */
  readonly firstObservable: Micros | null;
  /** From here on users feel it. */
  readonly firstUserImpact: Micros | null;
  /** Requests of an objective, by its index in the scenario, in each bucket of `bucketUs`. */
  readonly sli: readonly {
    readonly objective: number;
    readonly bucket: number;
    readonly total: number;
    readonly bad: number;
  }[];
}

/** The world of a simulation at a moment. */
export interface WorldCheckpoint {
  readonly t: Micros;
  /** Of a canonical form: equal worlds, equal hashes. */
  readonly hash: string;
  /** Packed by the simulator, which alone can read it. */
  readonly world: Uint8Array;
}

/** One step of a detector's score, which is a step function of time. */
export interface ScoreStep {
  readonly detector: string;
  readonly subject: string;
  readonly t: Micros;
  readonly score: number;
  /** The score where it begins something, else 0. */
  readonly alertScore: number;
}

/** What the engine said up to a watermark; each list in the order of the run. */
export interface EngineEvents {
  readonly findings: readonly Finding[];
  readonly scores: readonly ScoreStep[];
  readonly incidentEvents: readonly IncidentEvent[];
  readonly healthEvents: readonly HealthEvent[];
  readonly windows: readonly HealthWindow[];
}

export interface RangeToWrite extends BatchMessage, EngineEvents {
  readonly from: number;
  readonly to: number;
  /** Exclusive watermark of this range; the batch's own for its last range. */
  readonly through: Micros;
  /** The range ends its batch. */
  readonly last: boolean;
  /** Folded state after all events before `through`; only with `last`. */
  readonly keyframe: string | null;
}

export interface DetectorTotal {
  readonly detector: string;
  readonly recordsFed: number;
  readonly findings: number;
  readonly findingsDropped: number;
  readonly findingsRejected: number;
  /** Times that it began afresh. */
  readonly restarts: number;
  /** What people should know of one that did not fail; '' where nothing. */
  readonly notice: string;
  /** '' where it did not fail. */
  readonly failure: string;
}

export interface RunEnd {
  readonly state: 'completed' | 'degraded' | 'interrupted' | 'failed';
  readonly reason: string;
  /** Another run of the same scenario would end with the same digest; else none is stored. */
  readonly comparable: boolean;
  readonly through: Micros;
  readonly finishedUnixMs: number;
  readonly detectors: readonly DetectorTotal[];
  readonly events: EngineEvents;
  readonly keyframe: string;
  /** null for a recording, and where the source was cut off before it could tell. */
  readonly measured: MeasuredTruth | null;
}

/** So many more ranges, up to a watermark, survive the end of the process. */
export interface Commit {
  readonly ranges: number;
  readonly rows: number;
  /** Exclusive watermark of the last of them, µs. */
  readonly through: Micros;
}
