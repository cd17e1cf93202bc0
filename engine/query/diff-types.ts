/**
 * What two runs have in common and where they part, for an instructor: it is told from ground truth
 * too. `a` is the run that the other is held against: what came earlier came earlier in `b`. Both are
 * looked at up to the same moment, which both got to.
 */
import type { HealthState } from '../health/model.ts';
import type { IncidentSeverity } from '../incident/model.ts';
import type { Micros } from '../sdk/index.ts';
import type { ForkOrigin, RunState } from './types.ts';

/** `missing`: in `a` only; `extra`: in `b` only. Less than a second apart is the same. */
export type DiffChange = 'same' | 'earlier' | 'later' | 'missing' | 'extra';

export interface RunDiff {
  readonly a: DiffedRun;
  readonly b: DiffedRun;
  /** Everything below is about the time before it, µs. */
  readonly untilUs: Micros;
  /** The run that did not get further; null where both ended there. */
  readonly limitedBy: DiffLimit | null;
  readonly alike: {
    /** The very text of the scenario. */
    readonly scenario: boolean;
    readonly seed: boolean;
    readonly engine: boolean;
    /** The same ones with the same options. */
    readonly detectors: boolean;
  };
  /** null where the two do not begin alike, so that nothing is to be expected. */
  readonly parting: Parting | null;
  readonly incidents: readonly DiffedIncident[];
  readonly findings: DiffedFindings;
  readonly health: readonly DiffedHealth[];
  readonly problems: readonly DiffedProblems[];
  readonly budget: DiffedBudget;
}

export interface DiffLimit {
  readonly run: string;
  /** `completed` where its scenario is the shorter one. */
  readonly state: RunState;
}

export interface DiffedRun {
  readonly id: string;
  readonly title: string;
  readonly scenario: string;
  readonly seed: number;
  readonly engineVersion: string;
  readonly state: RunState;
  readonly digest: string | null;
  readonly parent: ForkOrigin | null;
  /** What people did to the simulated world. */
  readonly inputs: readonly { readonly t: Micros; readonly text: string }[];
}

/** The runs are proven to be the same up to `sameUntil`, and to differ before `differBy`. */
export interface Parting {
  readonly sameUntil: Micros;
  /** null where nothing that both have kept tells them apart. */
  readonly differBy: Micros | null;
}

/** A difference of two times: `b` less `a`, µs; null where one of them has none. */
type Difference = Micros | null;

export interface IncidentFacts {
  readonly id: number;
  readonly title: string;
  readonly severity: IncidentSeverity;
  readonly services: readonly string[];
  readonly openedAt: Micros;
  readonly resolvedAt: Micros | null;
}

export interface DiffedIncident {
  readonly a: IncidentFacts | null;
  readonly b: IncidentFacts | null;
  readonly opened: DiffChange;
  readonly openedByUs: Difference;
  /** null where it is resolved in neither, or there is only one of it. */
  readonly resolved: DiffChange | null;
  readonly resolvedByUs: Difference;
}

export interface DiffedFindings {
  /** Those that are not the same, by time. */
  readonly differing: readonly DiffedFinding[];
  /** How many are. */
  readonly same: number;
  /** There are more than a question looks at. */
  readonly more: boolean;
}

/** The first time that a detector said something of something. */
export interface DiffedFinding {
  readonly detector: string;
  readonly subject: string;
  readonly message: string;
  readonly change: DiffChange;
  readonly byUs: Difference;
  readonly a: FindingFacts | null;
  readonly b: FindingFacts | null;
}

export interface FindingFacts {
  readonly firstAt: Micros;
  readonly count: number;
}

export interface HealthFacts {
  /** First time degraded or down. */
  readonly firstUnwellAt: Micros | null;
  readonly unwellUs: Micros;
  readonly last: HealthState;
}

export interface DiffedHealth {
  readonly service: string;
  /** When it was unwell first. */
  readonly began: DiffChange;
  readonly beganByUs: Difference;
  /** Whether it was unwell for longer. */
  readonly unwell: 'same' | 'less' | 'more';
  /** `b` less `a`. */
  readonly unwellByUs: Micros;
  readonly a: HealthFacts;
  readonly b: HealthFacts;
}

export interface ProblemCounts {
  readonly warnings: number;
  readonly errors: number;
}

/** Log records of a service that tell of trouble. */
export interface DiffedProblems {
  readonly service: string;
  readonly a: ProblemCounts;
  readonly b: ProblemCounts;
}

export interface DiffedBudget {
  /**
   * `users`: what they got, counted on their side in the simulation; `health`: error ratios of the
   * services that users call, as telemetry tells them.
   */
  readonly source: 'users' | 'health';
  readonly objectives: readonly DiffedObjective[];
}

/**
 * Minutes of an error budget: the share of bad requests, over time. A minute in which nothing worked
 * costs one; with 99.9 % over 30 days there are 43.2 to spend.
 */
export interface DiffedObjective {
  readonly name: string;
  readonly service: string;
  readonly endpoint: string | null;
  /** All there are to spend in a period; null where there is no objective. */
  readonly minutes: number | null;
  /** null where nothing was counted. */
  readonly a: number | null;
  readonly b: number | null;
  /** Spent in `a` and not in `b`. */
  readonly saved: number | null;
}
