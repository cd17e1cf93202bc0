/** What the writer is given, and what it says about it. */
import type { HealthEvent, HealthWindow } from '../health/model.ts';
import type { Finding, IncidentEvent } from '../incident/model.ts';
import type { BatchMessage } from '../replay/batch.ts';
import type { Micros } from '../sdk/index.ts';

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
}

/** So many more ranges, up to a watermark, survive the end of the process. */
export interface Commit {
  readonly ranges: number;
  readonly rows: number;
  /** Exclusive watermark of the last of them, µs. */
  readonly through: Micros;
}
