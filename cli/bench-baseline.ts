/** An older board, from its file, and what has changed since. */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv } from 'ajv';
import { Type } from 'typebox';
import {
  compareDetectors,
  holmCorrection,
  ResultsFile,
  type Board,
  type BoardRow,
} from '../engine/benchmark/index.ts';
import { reasonOf, WorkbenchError } from '../engine/errors.ts';
import { limits } from '../engine/limits.ts';
import { randomFunction } from '../engine/replay/random.ts';
import { similarFile } from '../engine/similar.ts';
import type { Io } from './io.ts';
import type { BaselineDiff, EntryDiff, FigureDiff, PairedDiff } from './output/bench-baseline.ts';
import { rowOf } from './output/bench-report.ts';

/** Of a difference that is more than chance. */
const significance = 0.05;

/** Whatever of a board is compared; the rest of it may be of another version. */
export type OldBoard = Pick<Board, 'suite' | 'engineVersion' | 'seeds' | 'rankedBy'> & {
  readonly items: readonly Pick<Board['items'][number], 'id' | 'hash'>[];
  readonly rows: readonly Pick<BoardRow, 'entry' | 'figures' | 'scores'>[];
};

const shape = Type.Object({
  suite: Type.String(),
  engineVersion: Type.String(),
  seeds: Type.Array(Type.Integer({ minimum: 0 })),
  rankedBy: Type.String(),
  items: Type.Array(Type.Object({ id: Type.String(), hash: Type.String() })),
  rows: Type.Array(
    Type.Object({
      entry: Type.String(),
      figures: Type.Record(
        Type.String(),
        Type.Union([Type.Null(), Type.Object({ value: Type.Number() })]),
      ),
      scores: Type.Array(Type.Union([Type.Null(), Type.Number()])),
    }),
  ),
});

/**
 * From a report (`.json`) or what `bench --json` printed, or else from a file of results.
 * @throws WorkbenchError FILE_NOT_FOUND, BASELINE_UNREADABLE, RESULTS_FOREIGN
 */
export function readOldBoard(io: Pick<Io, 'cwd'>, typed: string): OldBoard {
  const file = resolve(io.cwd, typed);
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) {
    throw new WorkbenchError('FILE_NOT_FOUND', { file: typed, suggestion: similarFile(file) });
  }
  return /\.json$/i.test(file) ? boardOfJson(file, typed, found.size) : boardOfResults(file, typed);
}

function boardOfJson(file: string, typed: string, bytes: number): OldBoard {
  const limit = limits.benchmarkBoardBytesMax;
  if (bytes > limit) throw new WorkbenchError('FILE_TOO_LARGE', { file: typed, bytes, limit });
  const refuse = (reason: string): WorkbenchError =>
    new WorkbenchError('BASELINE_UNREADABLE', { file: typed, reason });
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw refuse(reasonOf(error));
  }
  const ajv = new Ajv();
  if (!ajv.validate<OldBoard>(shape, json)) throw refuse(ajv.errorsText(ajv.errors, { dataVar: 'board' }));
  const odd = json.rows.find(({ scores }) => scores.length !== json.items.length);
  if (odd) throw refuse(`board/rows: ${odd.entry} has not one score for each item`);
  return json;
}

function boardOfResults(file: string, typed: string): OldBoard {
  const results = ResultsFile.read(file);
  try {
    const kept = results.board();
    if (kept) return kept.board;
    throw new WorkbenchError('BASELINE_UNREADABLE', {
      file: typed,
      reason: 'its benchmark was cut off before there was a board',
    });
  } finally {
    results.close();
  }
}

/** What a board is of, before anything is played. */
export type Compared = Pick<OldBoard, 'suite' | 'engineVersion' | 'seeds' | 'items'>;

/** Why two boards say nothing of each other; empty where they do. */
export function whyIncomparable(before: Compared, now: Compared): readonly string[] {
  const differ = (what: string, a: string, b: string): string[] =>
    a === b ? [] : [`${what} ${a} there, ${b} here`];
  const hashes = new Map(before.items.map(({ id, hash }) => [id, hash]));
  const changed = now.items.filter(({ id, hash }) => (hashes.get(id) ?? hash) !== hash);
  const added = now.items.filter(({ id }) => !hashes.has(id));
  const ids = new Set(now.items.map(({ id }) => id));
  const gone = before.items.filter(({ id }) => !ids.has(id));
  return [
    ...differ('engine', before.engineVersion, now.engineVersion),
    ...differ('seeds', before.seeds.join(', '), now.seeds.join(', ')),
    ...named('changed since', changed),
    ...named('not there', added),
    ...named('not here', gone),
  ];
}

function named(what: string, items: readonly { readonly id: string }[]): string[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, 3).map(({ id }) => id);
  const rest = items.length - shown.length;
  return [`${what}: ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`];
}

/** Refuses before the long part. @throws WorkbenchError RESULTS_INCOMPARABLE */
export function requireComparable(
  typed: string,
  { before, now, force }: { readonly before: OldBoard; readonly now: Compared; readonly force: boolean },
): readonly string[] {
  const reasons = whyIncomparable(before, now);
  if (reasons.length === 0 || force) return reasons;
  throw new WorkbenchError('RESULTS_INCOMPARABLE', { file: typed, reason: reasons.join('; ') });
}

/** Baselines are there for comparison, and do not regress. */
export function diffToBaseline(
  board: Board,
  { file, before, reasons }: { readonly file: string; readonly before: OldBoard; readonly reasons: readonly string[] },
): BaselineDiff {
  const own = board.rows.filter(({ role }) => role === 'asked');
  const pairs = own.flatMap((row) => {
    const old = before.rows.find(({ entry }) => entry === row.entry);
    return old ? [{ row, old, tested: testPair(row, old, { board, before }) }] : [];
  });
  const corrected = holmCorrection(pairs.flatMap(({ tested }) => tested?.p ?? []));
  let at = 0;
  const entries = pairs.map(({ row, old, tested }): EntryDiff => {
    const paired = tested ? decided(tested, corrected[at++] ?? 1) : null;
    return { entry: row.entry, figures: figureDiffs(board, row, old), paired };
  });
  const unknown = own.filter((row) => !pairs.some((pair) => pair.row === row));
  return { file, reasons, entries, unknown: unknown.map(({ entry }) => entry) };
}

function figureDiffs(board: Board, row: BoardRow, old: OldBoard['rows'][number]): FigureDiff[] {
  return board.columns.flatMap((column): FigureDiff[] => {
    const before = old.figures[column.id]?.value ?? null;
    const now = row.figures[column.id]?.value ?? null;
    if (before === null && now === null) return [];
    return [{ column, before, now, worseBy: worseBy(before, now, column.better) }];
  });
}

/** A figure that is gone is as bad as can be; one that was not there is nothing to fall behind. */
function worseBy(before: number | null, now: number | null, better: 'high' | 'low'): number | null {
  if (before === null) return null;
  if (now === null) return Infinity;
  const worse = better === 'high' ? before - now : now - before;
  if (worse === 0) return 0;
  return before === 0 ? worse * Infinity : worse / Math.abs(before);
}

interface TestedPair {
  readonly items: number;
  readonly difference: number;
  readonly p: number;
}

/** By item: what a change of one detector did is told by the same outages before and after. */
function testPair(
  row: BoardRow,
  old: OldBoard['rows'][number],
  { board, before }: { readonly board: Board; readonly before: OldBoard },
): TestedPair | null {
  if (board.rankedBy !== before.rankedBy) return null;
  const known = new Map(before.items.map(({ id }, i) => [id, old.scores[i] ?? null]));
  const pairs = board.items.flatMap(({ id }, i) => {
    const [now, then] = [row.scores[i] ?? null, known.get(id) ?? null];
    return now === null || then === null ? [] : [{ now, then }];
  });
  if (pairs.length < 2) return null;
  const { pairs: [tested] } = compareDetectors(
    [
      { detector: 'now', scores: pairs.map(({ now }) => now) },
      { detector: 'before', scores: pairs.map(({ then }) => then) },
    ],
    (name) => randomFunction(1, `${row.entry} ${name}`),
  );
  if (!tested || tested.difference === null) return null;
  return { items: pairs.length, difference: tested.difference, p: tested.p };
}

function decided({ items, difference }: TestedPair, p: number): PairedDiff {
  return { items, difference, p, isMoreThanChance: p < significance };
}
