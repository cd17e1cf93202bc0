/** What there is to tell of a benchmark, as plain data: terminal, files and annotations all tell of this. */
import type {
  Board,
  BoardDetails,
  BoardItem,
  BoardRow,
  EntryDetails,
} from '../../engine/benchmark/index.ts';
import { plural } from './format.ts';
import type { Io } from '../io.ts';
import type { BaselineDiff } from './bench-baseline.ts';

export interface BenchReport {
  readonly board: Board;
  readonly details: BoardDetails;
  /** Names of entries that the question was about, in the order asked; empty where it was about all. */
  readonly asked: readonly string[];
  /** What decides between exit codes 0 and 1. */
  readonly gates: readonly Gate[];
  /** What an older board says, where one was given. */
  readonly baseline: BaselineDiff | null;
  /** Scores that are not there, because the benchmark was cut off. */
  readonly missing: number;
  readonly place: Pick<Io, 'cwd' | 'program'>;
}

/** A limit, or a figure that must not fall behind an older board's. */
export interface Gate {
  readonly entry: string;
  /** `f1 of at least 0.8`. */
  readonly name: string;
  readonly passed: boolean;
  /** What was found, in a line: `zscore: f1 is 0.75, the limit 0.8`. */
  readonly says: string;
}

/** The entry of all detectors that `run` uses where none is asked for. */
export const usualSet = 'default set';

/** Entries that a report goes into: those asked for, or where nobody asked, the set that `run` uses. */
export function subjectsOf({ board, asked }: Pick<BenchReport, 'board' | 'asked'>): BoardRow[] {
  const rows = asked.flatMap((name) => rowOf(board, name) ?? []);
  if (rows.length > 0) return rows;
  const usual = rowOf(board, usualSet) ?? board.rows[0];
  return usual ? [usual] : [];
}

/** A detector that is a baseline with several seeds has a row for each: the first one stands for it. */
export function rowOf(board: Board, name: string): BoardRow | null {
  return (
    board.rows.find(({ entry }) => entry === name) ??
    board.rows.find(({ entry }) => entry === `${name} #1`) ??
    null
  );
}

export function detailsOf({ details }: BenchReport, entry: string): EntryDetails | null {
  return details.entries.find((one) => one.entry === entry) ?? null;
}

export function itemOf(board: Board, id: string): BoardItem | null {
  return board.items.find((item) => item.id === id) ?? null;
}

/** `5 items, 1 seed each, engine 0.1.0`. */
export function aboutBoard({ items, seeds, engineVersion }: Board): string {
  const each = seeds.length === 1 ? '' : ' each';
  return `${plural(items.length, 'item')}, ${plural(seeds.length, 'seed')}${each}, engine ${engineVersion}`;
}
