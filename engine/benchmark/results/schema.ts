/** The tables of a results file, and what their rows are. */
import type { Board } from '../board/model.ts';
import type { BoardDetails } from '../board/details.ts';
import type { SeriesLabels } from '../board/series-figures.ts';
import type { EntryOutcome, PlayedTruth } from '../model.ts';

/** 'wbbn' in ASCII: tells results from any other program's database. */
export const applicationId = 0x7762626e;
/** 2: sources and categories of items, values of series, what was asked for, the finished board. */
export const version = 2;

export const tables = `
CREATE TABLE benchmark (suite TEXT NOT NULL, engine_version TEXT NOT NULL, created_unix_ms INTEGER NOT NULL) STRICT;
CREATE TABLE item (
  id TEXT PRIMARY KEY, position INTEGER NOT NULL, kind TEXT NOT NULL, hash TEXT NOT NULL, title TEXT NOT NULL,
  -- What was wrong; null of a series.
  category TEXT,
  -- The file that it was read from.
  source TEXT NOT NULL,
  -- Of a series: {rows, windows, buffer}, and little-endian doubles: scenario time of rows, µs, and their values. Else null.
  labels TEXT, times BLOB, amounts BLOB
) STRICT;
CREATE TABLE entry (
  name TEXT PRIMARY KEY, position INTEGER NOT NULL, role TEXT NOT NULL, hash TEXT NOT NULL, detectors TEXT NOT NULL
) STRICT;
CREATE TABLE play (
  item TEXT NOT NULL REFERENCES item, seed INTEGER NOT NULL, records INTEGER NOT NULL, truth TEXT,
  PRIMARY KEY (item, seed)
) STRICT;
CREATE TABLE cell (
  key TEXT PRIMARY KEY, item TEXT NOT NULL REFERENCES item, seed INTEGER NOT NULL, entry TEXT NOT NULL REFERENCES entry,
  kind TEXT NOT NULL, cost TEXT NOT NULL,
  -- Of an outage: {opened, findingCount}. Else null.
  outcome TEXT,
  -- Little-endian doubles. Outage: times and scores of findings. Series: scores and alert scores by row.
  first BLOB NOT NULL, second BLOB NOT NULL,
  UNIQUE (item, seed, entry)
) STRICT;
-- What was asked for last, {items, seeds, entries, notes}, and the board that came of it once all was played.
CREATE TABLE asked (only_one INTEGER PRIMARY KEY CHECK (only_one = 1), plan TEXT NOT NULL) STRICT;
CREATE TABLE board (
  only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
  -- Hash of the keys of its cells: cells played since make it old.
  made_from TEXT NOT NULL, board TEXT NOT NULL, details TEXT NOT NULL
) STRICT;
`;

export interface StoredItem {
  readonly id: string;
  readonly kind: 'outage' | 'series';
  readonly hash: string;
  readonly title: string;
  /** Of an outage. */
  readonly category: string | null;
  readonly source: string;
  /** Of a series. */
  readonly labels: SeriesLabels | null;
}

/** The rows of a series, to be drawn. */
export interface StoredSeries {
  /** Scenario time, µs. */
  readonly timesUs: Float64Array;
  readonly values: Float64Array;
}

export interface StoredEntry {
  readonly name: string;
  readonly role: string;
  readonly hash: string;
  /** What it consists of, for people: `zscore:limit=8`. */
  readonly detectors: string;
}

export interface StoredPlay {
  readonly item: string;
  readonly seed: number;
  readonly records: number;
  readonly truth: PlayedTruth | null;
}

export interface StoredCell {
  readonly item: string;
  readonly seed: number;
  readonly entry: string;
  readonly outcome: EntryOutcome;
}

export interface Heading {
  readonly suite: string;
  readonly engineVersion: string;
  readonly createdUnixMs: number;
}

/** What a board is of; a file may hold plays of other times beside it, of code that is gone. */
export interface Plan {
  readonly items: readonly string[];
  readonly seeds: readonly number[];
  readonly entries: readonly string[];
  /** Of the suite: what a reader must know. */
  readonly notes: readonly string[];
}

/** A finished board and what lies behind it. */
export interface MadeBoard {
  readonly board: Board;
  readonly details: BoardDetails;
}

export interface KeptBoard extends MadeBoard {
  /** False where something it is of was played again since: make it anew. */
  readonly isCurrent: boolean;
}
