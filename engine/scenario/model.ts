/**
 * A scenario as the engine reads it: validated, references resolved to indexes, units gone
 * (times in µs, rates per second, shares 0–1). `load.ts` makes it from the file; plain data, so it
 * crosses threads and forks as it is.
 */
import type { ChangeKind, Micros } from '../sdk/index.ts';
import type { ActionRules } from './model-actions.ts';
import type { FaultModel } from './model-faults.ts';
import type { ServiceModel, TrafficModel } from './model-services.ts';
import type { Truth } from './model-truth.ts';

export type * from './model-actions.ts';
export type * from './model-faults.ts';
export type * from './model-services.ts';
export type * from './model-truth.ts';

export interface ScenarioCommon {
  readonly apiVersion: 'workbench/v1';
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** What it is about, for lists and searches. */
  readonly tags: readonly string[];
  /** 1 (a single clear signal) to 4 (several causes); null where nobody said. */
  readonly difficulty: number | null;
  readonly seed: number;
  readonly detectors: readonly DetectorChoice[] | 'default';
  readonly objectives: readonly Objective[];
  readonly truth: Truth;
  /** Absolute path of the file it came from, its text, and SHA-256 of the text. */
  readonly file: string;
  readonly source: string;
  readonly hash: string;
}

export interface DetectorChoice {
  readonly id: string;
  readonly config: Readonly<Record<string, number | string | boolean>>;
}

export interface Objective {
  readonly service: string;
  /** One of its endpoints, or null for all of them. */
  readonly endpoint: string | null;
  readonly name: string;
  /** Share of requests that must be good, 0–1. */
  readonly target: number;
  readonly windowUs: Micros;
  /** A good request is answered within this, µs; Infinity where any answer will do. */
  readonly latencyUs: Micros;
}

export interface SimulatedScenario extends ScenarioCommon {
  readonly kind: 'simulated';
  /** µs since the Unix epoch. */
  readonly startUnixUs: number;
  readonly durationUs: Micros;
  /** Availability zones; instances are spread over them in turn. */
  readonly zones: readonly string[];
  /** Hosts, spread over the zones in turn; instances over the hosts of their zone. */
  readonly nodes: number;
  readonly services: readonly ServiceModel[];
  readonly traffic: readonly TrafficModel[];
  readonly changes: readonly ChangeModel[];
  readonly faults: readonly FaultModel[];
  readonly actions: ActionRules;
  readonly telemetry: TelemetryModel;
}

export interface ChangeModel {
  readonly at: Micros;
  readonly kind: ChangeKind;
  readonly service: number;
  /** Deploy: what runs from then on. */
  readonly version: string | null;
  /** Deploy: only this many instances (a canary), one after the other over `overUs`. */
  readonly instances: number | null;
  readonly overUs: Micros;
  /** Config: its new revision. */
  readonly config: string | null;
  /** Flag: which, and whether it goes on. */
  readonly flag: { readonly name: string; readonly on: boolean } | null;
  readonly note: string;
}

export interface TelemetryModel {
  /** Share of success logs kept; errors are always kept. */
  readonly logSample: number;
  /** Share of traces whose spans are kept. */
  readonly traceSample: number;
  /** Distance between metric points, µs. */
  readonly metricIntervalUs: Micros;
  /** From the end of an interval to its points, µs. */
  readonly metricLagUs: Micros;
}

export interface RecordedScenario extends ScenarioCommon {
  readonly kind: 'recorded';
  /** µs since the Unix epoch; null: the first record's. */
  readonly startUnixUs: number | null;
  readonly durationUs: Micros | null;
  readonly services: readonly {
    readonly name: string;
    readonly kind: string;
    readonly entry: boolean;
  }[];
  readonly dependencies: readonly { readonly caller: string; readonly callee: string }[];
  readonly sources: readonly SourceModel[];
}

/** One source of a recording. Paths are absolute; options belong to the format. */
export interface SourceModel {
  readonly format: SourceFormat;
  readonly path: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export const sourceFormats = [
  'jsonl-logs',
  'csv-metrics-long',
  'csv-metrics-wide',
  'petshop',
  'nezha',
] as const;
export type SourceFormat = (typeof sourceFormats)[number];

export type Scenario = SimulatedScenario | RecordedScenario;
