/** The detector contract. See `plugins/skeleton` for a commented example to copy. */
import type { Change, LogRecord, MetricPoint, Micros, Series, Span } from './records.ts';

/** What one state of a detector is kept for. */
export type Per = 'series' | 'service' | 'edge' | 'run';

/** JSON-like data; the engine stores, copies and restores it, so authors write no code for that. */
export type Plain =
  null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** One option of a detector; a small subset of JSON Schema, validated strictly. */
export type Option =
  | {
      readonly type: 'number' | 'integer';
      readonly default: number;
      readonly minimum?: number;
      readonly maximum?: number;
      readonly description: string;
    }
  | { readonly type: 'boolean'; readonly default: boolean; readonly description: string }
  | {
      readonly type: 'string';
      readonly default: string;
      readonly enum?: readonly string[];
      readonly description: string;
    };

export type Options = Readonly<Record<string, Option>>;

/** The values that a detector's options take in a run. */
export type Config<O extends Options> = {
  readonly [K in keyof O]: O[K] extends { readonly type: 'number' | 'integer' }
    ? number
    : O[K] extends { readonly type: 'boolean' }
      ? boolean
      : string;
};

/** What a state is for. */
export interface Subject {
  /** Unique within the run: `service`, `service/metric{attributes}`, `caller>callee` or `run`. */
  readonly key: string;
  /** The service it belongs to; the callee for an edge, '' for the run. */
  readonly service: string;
  /** Set for `per: 'series'`. */
  readonly series: Series | null;
  /** Set for `per: 'edge'`. */
  readonly caller: string | null;
}

/**
 * How a service depends on another; the caller is the one that suffers.
 * - `call` it asks for something
 * - `cache` it keeps answers of others there
 * - `queue` it takes messages from there
 * - `replication` it copies the data of
 */
export const dependencyKinds = ['call', 'cache', 'queue', 'replication'] as const;
export type DependencyKind = (typeof dependencyKinds)[number];

/** Who depends on whom; one entry for a pair of services. */
export interface Topology {
  readonly services: readonly string[];
  /** Services that users call directly. */
  readonly entries: readonly string[];
  readonly dependencies: readonly {
    readonly caller: string;
    readonly callee: string;
    readonly kind: DependencyKind;
  }[];
}

/** What users of a service were promised. */
export interface Objective {
  readonly service: string;
  /** One of its endpoints, or null for all of them. */
  readonly endpoint: string | null;
  /** What people call it. */
  readonly name: string;
  /** Share of requests that must be good, 0–1. */
  readonly target: number;
  /** The period over which the share counts. */
  readonly windowUs: Micros;
  /** A good request is answered within this; null where any answer will do. */
  readonly latencyUs: Micros | null;
}

/** A stretch of scenario time in which a stream was recorded, half-open. */
export interface Interval {
  readonly from: Micros;
  readonly to: Micros;
}

export interface InitContext<C> {
  readonly config: C;
  readonly subject: Subject;
  readonly topology: Topology;
  /** Objectives of the subject's service, of all services for the run; empty where none is known. */
  readonly objectives: readonly Objective[];
  /** When the subject's stream was recorded; a hole is not silence. */
  readonly intervals: readonly Interval[];
  /** The same by stream: where one of them has a hole while another goes on. */
  readonly recorded: Readonly<Record<'log' | 'metric' | 'span', readonly Interval[]>>;
}

/** How bad a finding is in the detector's own view; the incident's severity comes from user impact. */
export type FindingSeverity = 'warning' | 'critical';

export interface ReportedFinding<M extends string = string> {
  /** Id of one of the detector's messages. */
  readonly message: M;
  /** Values for the message's `{placeholders}`, and evidence for people and insights. */
  readonly values: Readonly<Record<string, string | number>>;
  /**
   * How sure, 0–1. Below 0.5 a finding joins incidents and opens one only while its service is unwell.
   * So does one about a series without a role of a service that has series with roles: what it means
   * for users is not known.
   */
  readonly score: number;
  readonly severity?: FindingSeverity;
}

export interface HookContext<C, M extends string = string> {
  readonly config: C;
  readonly subject: Subject;
  readonly topology: Topology;
  /** Scenario time of the record or tick at hand. */
  readonly now: Micros;
  /** Uniform in [0, 1), from a stream seeded by run seed, detector and subject. */
  readonly random: () => number;
  /**
   * Makes a finding: "the condition holds now". Report again while it holds; the engine turns
   * findings into alerts with `for` and hysteresis, and limits the rate. One that it cannot take (an
   * unknown message, a score that is no share) is rejected with the line that reported it.
   */
  readonly report: (finding: ReportedFinding<M>) => void;
}

/** A score in [0, 1]; undefined where the record says nothing. */
export type Score = number | undefined | void;

export interface Hooks<S, C, M extends string = string> {
  readonly log?: (state: S, record: LogRecord, context: HookContext<C, M>) => Score;
  readonly metric?: (state: S, point: MetricPoint, context: HookContext<C, M>) => Score;
  readonly span?: (state: S, span: Span, context: HookContext<C, M>) => Score;
  readonly change?: (state: S, change: Change, context: HookContext<C, M>) => void;
  /** Once a second of scenario time, after the records of that second. */
  readonly tick?: (state: S, context: HookContext<C, M>) => Score;
  /** Once, after the last record. */
  readonly end?: (state: S, context: HookContext<C, M>) => void;
}

export interface Detector<
  S extends object = object,
  O extends Options = Options,
  M extends string = string,
> {
  readonly apiVersion: 1;
  /** kebab-case, unique. */
  readonly id: string;
  /** One sentence. */
  readonly summary: string;
  readonly per: Per;
  readonly options: O;
  /**
   * Message id to template; `{name}` is replaced by a value of the finding, `{name:unit}` by a number
   * in the unit of the subject's series. `{service}` and `{metric}` are the subject's unless given.
   */
  readonly messages: Readonly<Record<M, string>>;
  /** Makes the state of one subject: plain data. Return null to leave the subject alone. */
  readonly init: (context: InitContext<Config<O>>) => S | null;
  readonly on: Hooks<S, Config<O>, M>;
}

/** Types a detector and gives it back unchanged. */
export function defineDetector<S extends object, const O extends Options, const M extends string>(
  detector: Detector<S, O, M>,
): Detector<S, O, M> {
  return detector;
}
