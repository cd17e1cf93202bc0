/** Ground truth: what happened and how one can know. Only scorers and instructors read it. */
import type { InsightCategory } from '../insight/model.ts';
import type { ChangeKind, Micros } from '../sdk/index.ts';

export interface Truth {
  readonly rootCause: { readonly service: string; readonly fault: string | null } | null;
  readonly category: InsightCategory | null;
  readonly alsoAccepted: readonly InsightCategory[];
  /** Other services that count as the root cause. */
  readonly alsoAcceptedServices: readonly string[];
  /** Recorded scenarios: when the outage was, where known. */
  readonly windows: readonly { readonly from: Micros; readonly to: Micros }[];
  /** What set it off, what made it worse, and what had been waiting for it, in sentences. */
  readonly trigger: string;
  readonly contributing: readonly string[];
  readonly latent: string;
  /** How the trouble travelled, from service to service. */
  readonly propagation: readonly { readonly from: string; readonly to: string }[];
  readonly clues: readonly Clue[];
  readonly redHerrings: readonly RedHerring[];
  readonly helpful: readonly ActionClaim[];
  readonly harmful: readonly ActionClaim[];
}

/** A sentence, and the records that bear it out. */
export interface Clue {
  readonly says: string;
  readonly checks: readonly Check[];
}

export interface RedHerring {
  readonly says: string;
  readonly falsifiedBy: Clue;
}

/** Taken at `at` the action makes the outcome better, or worse, than doing nothing. */
export interface ActionClaim {
  /** `rollback:payments`; several are taken together. */
  readonly actions: readonly string[];
  readonly at: Micros;
  readonly says: string;
}

/** Something that can be looked up in the records of a run. Times are scenario time. */
export type Check = { readonly service: string; readonly from: Micros; readonly to: Micros } & (
  | {
      readonly stream: 'metric';
      readonly name: string;
      /** Attributes that the series must have. */
      readonly attributes: Readonly<Record<string, string>>;
      readonly statistic: 'mean' | 'max' | 'min';
      readonly expect: MetricExpectation;
    }
  | {
      readonly stream: 'log';
      readonly contains: string;
      readonly atLeast: number;
      readonly atMost: number;
    }
  | {
      readonly stream: 'span';
      readonly contains: string;
      readonly atLeast: number;
      readonly atMost: number;
    }
  | { readonly stream: 'change'; readonly change: ChangeKind | null; readonly contains: string }
);

/** Compared with a number in the unit of the series, or with the mean before the first fault. */
export type MetricExpectation =
  | { readonly is: 'above' | 'below'; readonly value: number }
  | { readonly is: 'above' | 'below'; readonly timesBaseline: number }
  /** Not further from the baseline than this share of it. */
  | { readonly is: 'unchanged'; readonly within: number };
