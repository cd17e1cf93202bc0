/** An older board, from its file, and what has changed since. */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  comparable,
  compareBoards,
  ResultsFile,
  type Board,
  type EntryComparison,
} from '../engine/benchmark/index.ts';
import { reasonOf, WorkbenchError } from '../engine/errors.ts';
import { limits } from '../engine/limits.ts';
import { similarFile } from '../engine/similar.ts';
import { comparedBoard } from './board-shape.ts';
import type { Io } from './io.ts';
import type { BaselineDiff, EntryDiff, FigureDiff } from './output/bench-baseline.ts';

/**
 * From a report (`.json`) or what `bench --json` printed, or else from a file of results.
 * @throws WorkbenchError FILE_NOT_FOUND, BASELINE_UNREADABLE, RESULTS_FOREIGN
 */
export function readOldBoard(io: Pick<Io, 'cwd'>, typed: string): Board {
  const file = resolve(io.cwd, typed);
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) {
    throw new WorkbenchError('FILE_NOT_FOUND', { file: typed, suggestion: similarFile(file) });
  }
  return /\.json$/i.test(file) ? boardOfJson(file, typed, found.size) : boardOfResults(file, typed);
}

function boardOfJson(file: string, typed: string, bytes: number): Board {
  const limit = limits.baselineBytesMax;
  if (bytes > limit) throw new WorkbenchError('FILE_TOO_LARGE', { file: typed, bytes, limit });
  const refuse = (reason: string): WorkbenchError =>
    new WorkbenchError('BASELINE_UNREADABLE', { file: typed, reason });
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw refuse(reasonOf(error));
  }
  const shaped = comparedBoard(json);
  if (shaped.ok) return shaped.value;
  throw refuse(shaped.reason);
}

function boardOfResults(file: string, typed: string): Board {
  const results = ResultsFile.read(file);
  try {
    const kept = results.board();
    const shaped = kept
      ? comparedBoard(kept.board)
      : { ok: false as const, reason: 'its benchmark was cut off before there was a board' };
    if (shaped.ok) return shaped.value;
    throw new WorkbenchError('BASELINE_UNREADABLE', { file: typed, reason: shaped.reason });
  } finally {
    results.close();
  }
}

/** Refuses before the long part. @throws WorkbenchError RESULTS_INCOMPARABLE */
export function requireComparable(
  file: string,
  { before, now, force }: { readonly before: Board; readonly now: Board; readonly force: boolean },
): readonly string[] {
  const { ok, reasons, canBeForced } = comparable(before, now);
  if (ok || (force && canBeForced)) return reasons;
  throw new WorkbenchError('RESULTS_INCOMPARABLE', {
    ...{ file, canBeForced, reason: reasons.join('; ') },
  });
}

/** Baselines are there to be compared with, and do not regress. */
export function diffToBaseline(
  board: Board,
  {
    file,
    before,
    reasons,
  }: { readonly file: string; readonly before: Board; readonly reasons: readonly string[] },
): BaselineDiff {
  const own = new Set(board.rows.flatMap(({ role, entry }) => (role === 'asked' ? [entry] : [])));
  const { entries, added } = compareBoards(before, board);
  return {
    ...{ file, reasons },
    entries: entries.filter(({ entry }) => own.has(entry)).map((one) => entryDiff(board, one)),
    unknown: added.filter((entry) => own.has(entry)),
  };
}

function entryDiff(board: Board, { entry, figures, paired }: EntryComparison): EntryDiff {
  return {
    entry,
    figures: board.columns.flatMap((column): FigureDiff[] => {
      const { before = null, after: now = null, gain = null } = figures[column.id] ?? {};
      if (before === null && now === null) return [];
      return [{ column, before, now, worseBy: worseBy(before, now, gain) }];
    }),
    paired: paired && {
      ...{ items: paired.items, difference: paired.difference, p: paired.correctedP },
      isMoreThanChance: paired.verdict !== 'alike',
    },
  };
}

function worseBy(before: number | null, now: number | null, gain: number | null): number | null {
  if (before === null) return null;
  if (now === null || gain === null) return Infinity;
  if (gain === 0) return 0;
  return before === 0 ? -gain * Infinity : -gain / Math.abs(before);
}
