/** The questions about benchmarks under `/api/bench`, and their answers: the contract with the page. */
import type {
  Board,
  BoardComparison,
  BoardDetails,
  Column,
  Comparable,
} from '../../engine/benchmark/index.ts';
import type { Micros } from '../../engine/sdk/index.ts';

/** `GET /api/bench`: the results files of the folder, newest first. */
export interface BoardList {
  readonly folder: string;
  readonly boards: readonly ListedBoard[];
  /** Files that hold no results that we can read, and why. */
  readonly unreadable: readonly { readonly file: string; readonly reason: string }[];
}

export interface ListedBoard {
  readonly id: string;
  readonly suite: string;
  readonly engineVersion: string;
  readonly createdUnixMs: number;
  readonly items: number;
  readonly entries: number;
  readonly seeds: number;
  /** Cells that were asked for and not played yet. */
  readonly missing: number;
  readonly hasBoard: boolean;
  readonly fileBytes: number;
}

/** `GET /api/bench/:board`. */
export interface BoardAnswer extends ListedBoard {
  /** null where none was finished. */
  readonly made: { readonly board: Board; readonly details: BoardDetails } | null;
  /** False where cells were played since the board was made. */
  readonly isCurrent: boolean;
}

/** `GET /api/bench/:board/cell?item=…&entry=…`: what one entry said of one item. */
export type CellAnswer = OutageCell | SeriesCell;

export interface OutageCell {
  readonly kind: 'outage';
  readonly item: string;
  readonly entry: string;
  readonly plays: readonly OutagePlay[];
  /** Whether the workbench can play it again from here, else why not. */
  readonly playable: { readonly ok: true } | { readonly ok: false; readonly reason: string };
}

export interface OutagePlay {
  readonly seed: number;
  readonly durationUs: Micros;
  readonly firstUserImpactUs: Micros | null;
  readonly incidents: readonly {
    readonly startUs: Micros;
    readonly endUs: Micros;
    readonly observableUs: Micros | null;
    /** null where it was missed. */
    readonly caughtUs: Micros | null;
  }[];
  /** Incidents that the workbench opened from what the entry found. */
  readonly opened: readonly {
    readonly t: Micros;
    readonly title: string;
    readonly severity: string;
    readonly counts: 'catch' | 'again' | 'false-alarm';
  }[];
  /** The surest finding of a stretch of time. */
  readonly findings: readonly (readonly [t: Micros, score: number])[];
  /** A run of the same scenario, seed and detectors; null where none is stored. */
  readonly run: string | null;
  /** What plays it in a terminal. */
  readonly command: string;
}

export interface SeriesCell {
  readonly kind: 'series';
  readonly item: string;
  readonly entry: string;
  readonly rows: number;
  readonly windows: readonly { readonly first: number; readonly last: number }[];
  /** From this score on a row is an alarm; null where none ever is. */
  readonly threshold: number | null;
  /** Stretches of rows: the lowest and highest value of each, and its highest scores. */
  readonly stretches: readonly SeriesStretch[];
}

export interface SeriesStretch {
  readonly row: number;
  readonly t: Micros;
  readonly low: number;
  readonly high: number;
  readonly score: number;
  readonly alertScore: number;
}

/** `GET /api/bench/:board/difference?with=…&anyway=…`: the board against an older one. */
export interface BoardDifference {
  readonly comparable: Comparable;
  /** null where they do not compare, and nobody asked for it all the same. */
  readonly comparison: BoardComparison | null;
  readonly columns: readonly Column[];
  readonly rankedBy: string;
}

/** What `POST /api/bench/:board/plays` makes a run of; checked, but for what only the scenario can tell. */
export interface PlayRecipe {
  /** The scenario's file. */
  readonly source: string;
  /** Of the item, which the scenario must still have. */
  readonly hash: string;
  readonly seed: number;
  /** `zscore:limit=8`; bundled ones only. */
  readonly detectors: readonly string[];
}

/** Its answer: the run that begins. */
export interface StartedPlay {
  readonly run: string;
}
