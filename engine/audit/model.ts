/** What an audit of a scenario measures, and what it says about it. */
import type { InsightCategory } from '../insight/model.ts';
import type { Micros } from '../sdk/index.ts';
import type { MeasuredTruth, Outcome, OutcomeOptions } from '../simulator/index.ts';

/** How outcomes are measured: by simulations, unless a test knows better. */
export interface Measure {
  readonly outcome: (options: OutcomeOptions) => Outcome;
  readonly truth: (options: { readonly seed: number }) => MeasuredTruth;
}

/** One number a window. */
export type RequestCounts = Outcome['objectives'][number];

/** `refuse`: the scenario is not fit to play; `remark`: its author should know. */
export type Level = 'ok' | 'remark' | 'refuse';

export const ruleNames = [
  'moves-a-user-sli',
  'three-clues',
  'herrings-falsifiable',
  'faults-have-effect',
  'one-line-rules',
  'actions',
  'non-incident',
  'library',
] as const;
export type RuleName = (typeof ruleNames)[number];

/** One thing that a rule looked at. */
export interface Finding {
  readonly level: Level;
  readonly says: string;
  /** What was measured; null where there is no such number. */
  readonly numbers: Readonly<Record<string, number | null>>;
}

export interface RuleResult {
  readonly rule: RuleName;
  /** The worst of its findings. */
  readonly level: Level;
  /** The whole in one line. */
  readonly says: string;
  readonly findings: readonly Finding[];
}

/** Why a scenario is worth playing, in facts; null for a recording, which cannot be played otherwise. */
export interface PlayFacts {
  readonly isIncident: boolean;
  readonly durationUs: Micros;
  readonly services: number;
  readonly usersPerSecond: number;
  /** When the trouble is set off: the first fault. */
  readonly troubleAt: Micros | null;
  /** When the records first show something. */
  readonly firstObservable: Micros | null;
  readonly firstUserImpact: Micros | null;
  /** Minutes in which users got nothing, were it all put together. */
  readonly lostMinutes: number;
  readonly clues: readonly ClueFacts[];
  readonly herrings: readonly ClueFacts[];
  readonly oneLine: readonly OneLineFacts[];
  readonly actions: readonly ActionFacts[];
}

export interface ClueFacts {
  readonly says: string;
  readonly holds: boolean;
  /** Streams of its evidence: `metric`, `log`, `span`, `change`. */
  readonly streams: readonly string[];
  /** What the records show for each check. */
  readonly measured: readonly string[];
}

export interface OneLineFacts {
  /** `highest z-score`, `first error`, `most frequent template`. */
  readonly name: string;
  /** The service it blames, or null. */
  readonly service: string | null;
  readonly because: string;
  readonly findsTheCause: boolean;
}

export interface ActionFacts {
  readonly claim: 'helpful' | 'harmful';
  readonly actions: readonly string[];
  readonly at: Micros;
  readonly says: string;
  readonly lostMinutes: number;
  readonly holds: boolean;
}

export interface Audit {
  readonly name: string;
  readonly title: string;
  readonly kind: 'simulated' | 'recorded';
  readonly hash: string;
  readonly seed: number;
  readonly difficulty: number | null;
  readonly category: InsightCategory | null;
  readonly tags: readonly string[];
  readonly accepted: boolean;
  /** In the order in which they are told. */
  readonly rules: readonly RuleResult[];
  readonly play: PlayFacts | null;
}
