/** What a benchmark plays, and what comes of it. Plain data: it crosses threads and lies in the results file. */
import type { LoadedDetector } from '../detect/index.ts';
import type { SourcePlan } from '../replay/source-plan.ts';
import type { Scenario } from '../scenario/model.ts';
import type { Micros } from '../sdk/index.ts';
import type { NabSeries } from './nab-folder.ts';
import type { TrueIncident } from './scores/events.ts';

/** One thing to be judged on: an outage with incidents, or a single series with labelled windows. */
export type BenchItem = OutageItem | SeriesItem;

export interface OutageItem {
  readonly kind: 'outage';
  /** Unique in its suite. */
  readonly id: string;
  /** Of everything that the records depend on but the seed. */
  readonly hash: string;
  readonly scenario: Scenario;
  /** Of a recording, its cache; a simulation needs none. */
  readonly cacheFile: string | null;
}

export interface SeriesItem {
  readonly kind: 'series';
  readonly id: string;
  readonly hash: string;
  readonly series: NabSeries;
  /** The file that it was read from. */
  readonly source: string;
}

/** A row of the board: one detector, or several that open incidents together. */
export interface BenchEntry {
  readonly name: string;
  /** `baseline` is on every board, whatever is asked for. */
  readonly role: 'asked' | 'baseline';
  readonly detectors: readonly LoadedDetector[];
  /** Added to the seed that detectors draw from, so that one that rolls dice can be played several times. */
  readonly seedOffset: number;
  /** Of the code and options of its detectors. */
  readonly hash: string;
}

/** One play of an item, for many entries at once: making the records is the larger part of the work. */
export interface BenchJob {
  readonly item: BenchItem;
  readonly seed: number;
  readonly entries: readonly BenchEntry[];
}

/** What an entry cost and whether it held. */
export interface EntryCost {
  /** Records that its detectors were given. */
  readonly recordsFed: number;
  /** Time in its hooks and what the engine does around them, ns. */
  readonly busyNs: number;
  /** Size of its states when they were largest, as they are stored; null where they live in another process. */
  readonly stateBytes: number | null;
  /** `detector: hook: reason`, of those that failed. */
  readonly failures: readonly string[];
}

export interface OutageOutcome {
  readonly kind: 'outage';
  /** Incidents that the engine opened from what the entry found. */
  readonly opened: readonly {
    readonly t: Micros;
    readonly title: string;
    readonly severity: string;
  }[];
  readonly findingCount: number;
  /** The surest finding of each ten seconds that had one: when, and how sure. */
  readonly findings: { readonly timesUs: Float64Array; readonly scores: Float64Array };
  readonly cost: EntryCost;
}

export interface SeriesOutcome {
  readonly kind: 'series';
  /** One for each row. */
  readonly scores: Float64Array;
  /** The same behind the engine's onset filter. */
  readonly alertScores: Float64Array;
  readonly cost: EntryCost;
}

export type EntryOutcome = OutageOutcome | SeriesOutcome;

/** What was true of an item as it was played; null for a series, whose labels are its own. */
export interface PlayedTruth {
  readonly durationUs: Micros;
  readonly incidents: readonly TrueIncident[];
  readonly firstUserImpactUs: Micros | null;
}

export interface JobResult {
  /** How often there was a record. */
  readonly records: number;
  readonly truth: PlayedTruth | null;
  /** In the order of the job's entries. */
  readonly outcomes: readonly EntryOutcome[];
}

export function planOf(item: OutageItem, seed: number): SourcePlan {
  const { scenario, cacheFile } = item;
  if (scenario.kind === 'simulated') return { kind: 'simulated', scenario, seed, inputs: [] };
  if (cacheFile === null) throw new RangeError(`${item.id} is a recording without its cache`);
  return { kind: 'recorded', cacheFile, objectives: scenario.objectives };
}
