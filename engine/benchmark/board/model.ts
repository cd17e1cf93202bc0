/** A table of entries, ready to be printed, compared and held to limits by whoever likes. */
import type { Micros } from '../../sdk/index.ts';
import type { Interval } from '../statistics/bootstrap.ts';
import type { RandomVerdict } from '../statistics/against-random.ts';

export interface Column {
  /** `f1`: how people name it in `--fail-under` and in files. */
  readonly id: string;
  readonly title: string;
  /** `share`, `score` (0–100), `s`, `ns`, `bytes`, `count`, `/h`. */
  readonly unit: Unit;
  readonly better: 'high' | 'low';
  /** How it is computed, in a sentence. */
  readonly says: string;
}

export type Unit = 'share' | 'score' | 's' | 'ns' | 'bytes' | 'count' | '/h';

export interface Figure {
  readonly value: number;
  /** 95 %, over items; null where there are too few. */
  readonly interval: Interval | null;
}

export interface BoardItem {
  readonly id: string;
  readonly kind: 'outage' | 'series';
  readonly hash: string;
  readonly title: string;
  /** What was wrong, which nobody is told before a play; null for a series. */
  readonly category: string | null;
  /** Of one play; null before the first. */
  readonly durationUs: Micros | null;
  /** The file that it was read from, resolved: what to give to `workbench run` (a series: its CSV). */
  readonly source: string;
}

export interface BoardRow {
  readonly entry: string;
  readonly role: string;
  readonly detectors: string;
  /** By column; null where there is nothing to compute it from. */
  readonly figures: Readonly<Record<string, Figure | null>>;
  /** By the ranking column: 1 and the number of entries that are significantly better. */
  readonly rank: number;
  readonly tiesWith: readonly string[];
  /** Against the random entries; null for those themselves, and where there are none. */
  readonly againstRandom: RandomVerdict | null;
  readonly failures: readonly string[];
  /** Per item, in the order of `items`, by the ranking column. */
  readonly scores: readonly (number | null)[];
}

export interface Board {
  readonly suite: string;
  readonly engineVersion: string;
  readonly items: readonly BoardItem[];
  readonly seeds: readonly number[];
  readonly columns: readonly Column[];
  /** What entries are ranked by. */
  readonly rankedBy: string;
  /** Best first. */
  readonly rows: readonly BoardRow[];
  /** What a reader must know to read it right. */
  readonly notes: readonly string[];
}
