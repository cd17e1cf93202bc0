/**
 * What the analyst may look at: rows of one run at or before one playhead. Whoever implements it
 * clamps every span to the playhead, so that no card can read the future. Spans are closed: [from, to].
 */
import type { ChangeKind, Micros, SeriesRole } from '../sdk/index.ts';
import type { HealthState } from '../health/index.ts';

export interface Span {
  readonly from: Micros;
  readonly to: Micros;
}

export interface ServiceFact {
  readonly id: number;
  readonly name: string;
  readonly entry: boolean;
}

export interface SeriesFact {
  readonly id: number;
  readonly service: number;
  readonly name: string;
  readonly unit: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly role: SeriesRole | null;
  readonly cadenceUs: Micros;
}

export interface SampleFact {
  readonly t: Micros;
  readonly value: number;
}

export interface LogFact {
  readonly k: number;
  readonly t: Micros;
  readonly severity: number;
  readonly body: string;
}

export interface ChangeFact {
  readonly k: number;
  readonly t: Micros;
  readonly kind: ChangeKind;
  readonly note: string;
}

export interface HealthFact {
  readonly k: number;
  readonly t: Micros;
  readonly state: HealthState;
  readonly reason: string;
}

export interface FindingFact {
  readonly k: number;
  readonly t: Micros;
  readonly service: number | null;
  readonly detector: string;
  readonly body: string;
}

/** What the engine has said about one incident so far. */
export interface IncidentFact {
  /** Affected services, in the order in which they joined. */
  readonly services: readonly number[];
  readonly firstSignalAt: Micros;
  /** null while it goes on. */
  readonly resolvedAt: Micros | null;
}

/** Lists are in order of time and bounded; where a bound cuts, the note says which end is kept. */
export interface RunFacts {
  readonly playhead: Micros;
  readonly services: readonly ServiceFact[];
  callees(service: number): readonly number[];
  callers(service: number): readonly number[];
  series(service: number): readonly SeriesFact[];
  /** The latest of the span. */
  samples(series: number, span: Span): readonly SampleFact[];
  /** Warnings and errors, the first of the span per severity number. */
  problems(service: number, span: Span): readonly LogFact[];
  /** The latest of the span. */
  changes(service: number, span: Span): readonly ChangeFact[];
  /** The latest of the span. */
  healthEvents(service: number, span: Span): readonly HealthFact[];
  /** The first of the span, of all services. */
  findings(span: Span): readonly FindingFact[];
  /** The very first of a service in the span; null where there is none, or others crowd it out. */
  firstFinding(service: number, span: Span): FindingFact | null;
  /** The latest incident that has affected a service; null where none has by the playhead. */
  incidentOf(service: number): IncidentFact | null;
  /** null where it has not opened by the playhead. */
  incident(id: number): IncidentFact | null;
}
