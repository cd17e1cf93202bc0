/**
 * A scenario as the engine reads it: validated, references resolved to indexes, units gone
 * (times in µs, rates per second, shares 0–1). `load.ts` makes it from the file; plain data, so it
 * crosses threads and forks as it is.
 */
import type { ChangeKind, Micros } from '../sdk/index.ts';
import type { InsightCategory } from '../insight/model.ts';

export interface ScenarioCommon {
  readonly apiVersion: 'workbench/v1';
  readonly name: string;
  readonly title: string;
  readonly description: string;
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
  readonly name: string;
  /** 0–1. */
  readonly target: number;
  readonly windowUs: Micros;
}

export interface Truth {
  readonly rootCause: { readonly service: string; readonly fault: string | null } | null;
  readonly category: InsightCategory | null;
  readonly alsoAccepted: readonly InsightCategory[];
  /** Recorded scenarios: when the outage was, where known. */
  readonly windows: readonly { readonly from: Micros; readonly to: Micros }[];
}

export interface SimulatedScenario extends ScenarioCommon {
  readonly kind: 'simulated';
  /** µs since the Unix epoch. */
  readonly startUnixUs: number;
  readonly durationUs: Micros;
  readonly services: readonly ServiceModel[];
  readonly traffic: readonly TrafficModel[];
  readonly changes: readonly ChangeModel[];
  readonly faults: readonly FaultModel[];
  readonly telemetry: TelemetryModel;
}

export interface ServiceModel {
  readonly name: string;
  /** `service`, `database`, `cache`, `queue`, `external`. */
  readonly kind: string;
  readonly instances: number;
  /** Concurrent requests one instance serves; the rest queue. */
  readonly workers: number;
  /** Requests that may wait at one instance; more are refused at once. */
  readonly queue: number;
  readonly pools: readonly PoolModel[];
  /** At least one; a service without `endpoints` in the file has one named `*`. */
  readonly endpoints: readonly EndpointModel[];
  readonly version: string;
}

/** A connection pool of each instance of a service. */
export interface PoolModel {
  readonly name: string;
  readonly size: number;
  /** How long a request waits for a connection, µs. */
  readonly timeoutUs: Micros;
}

export type DurationDistribution =
  | { readonly kind: 'lognormal'; readonly p50Us: number; readonly p99Us: number }
  | { readonly kind: 'exponential'; readonly meanUs: number }
  | { readonly kind: 'constant'; readonly us: number };

export interface EndpointModel {
  readonly name: string;
  readonly serviceTime: DurationDistribution;
  /** Made one after the other, after the own work. */
  readonly calls: readonly CallModel[];
}

export interface CallModel {
  /** Indexes into services and that service's endpoints. */
  readonly service: number;
  readonly endpoint: number;
  /** Index into the caller's pools, or null for a direct connection. */
  readonly pool: number | null;
  /** µs; Infinity where none is given. */
  readonly timeoutUs: Micros;
  readonly retries: {
    /** Attempts after the first. */
    readonly max: number;
    /** First pause, doubled each time, with full jitter. */
    readonly backoffUs: Micros;
  };
  /** Chance 0–1 that a request makes the call at all. */
  readonly probability: number;
}

export interface TrafficModel {
  readonly service: number;
  readonly endpoint: number;
  /** Requests per second, open loop. */
  readonly rate: number;
  readonly shape: 'steady' | 'daily';
}

export interface ChangeModel {
  readonly at: Micros;
  readonly kind: ChangeKind;
  readonly service: number;
  readonly version: string | null;
  readonly note: string;
}

/** When a fault acts: from `at`, to `until` (or the end). */
interface FaultCommon {
  readonly id: string;
  readonly at: Micros;
  readonly until: Micros | null;
  /** Index into services. */
  readonly service: number;
}

export type FaultModel = FaultCommon &
  (
    | {
        /** Own work takes longer: `add` on top, or `factor` times. */
        readonly kind: 'latency';
        readonly endpoint: number | null;
        readonly factor: number;
        readonly addUs: Micros;
      }
    | {
        /** This share of requests fails after its own work. */
        readonly kind: 'errors';
        readonly endpoint: number | null;
        readonly share: number;
      }
    | {
        /** Instances go away: all in-flight requests there fail, new ones are refused. */
        readonly kind: 'crash';
        /** How many instances; all of them where null. */
        readonly instances: number | null;
        /** Back after this long; stays down until the fault ends where null. */
        readonly restartAfterUs: Micros | null;
      }
    | {
        /** This share of leases of the pool is never given back. */
        readonly kind: 'pool-leak';
        readonly pool: number;
        readonly share: number;
      }
    | {
        /** Traffic into the service is multiplied. */
        readonly kind: 'traffic-spike';
        readonly factor: number;
      }
  );

export interface TelemetryModel {
  /** Share of success logs kept; errors are always kept. */
  readonly logSample: number;
  /** Share of traces whose spans are kept. */
  readonly traceSample: number;
  /** Distance between metric points, µs. */
  readonly metricIntervalUs: Micros;
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
