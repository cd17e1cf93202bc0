/** Two boards of the same suite, entry by entry: a change of a detector against what it was before. */
import { randomFunction } from '../../replay/random.ts';
import type { Interval } from '../statistics/bootstrap.ts';
import { comparePair, decidePairs, type ScenarioScores } from '../statistics/compare.ts';
import type { Board, BoardRow, Column } from './model.ts';

export interface Comparable {
  /** Whether a difference is one of the detectors, and not of what they were played on. */
  readonly ok: boolean;
  /** Why not, each a sentence for people. */
  readonly reasons: readonly string[];
  /** Some things cannot be forced: other figures, or not one item in common. */
  readonly canBeForced: boolean;
}

export interface BoardComparison {
  readonly comparable: Comparable;
  /** What both were scored on, by id: scores are paired over these. */
  readonly items: readonly string[];
  /** In the order of the newer board, those that both have. */
  readonly entries: readonly EntryComparison[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

export interface EntryComparison {
  readonly entry: string;
  /** By column that both boards have. */
  readonly figures: Readonly<Record<string, FigureChange>>;
  /** Of the ranking score, item by item; null where no item has a score on both. */
  readonly paired: PairedChange | null;
}

export interface FigureChange {
  readonly before: number | null;
  readonly after: number | null;
  /** Above 0 where it got better, whichever way better is; null where one of them is. */
  readonly gain: number | null;
}

export interface PairedChange {
  readonly items: number;
  /** Mean of after minus before: above 0 is better. */
  readonly difference: number;
  readonly interval: Interval | null;
  /** Two-sided, by sign flips; then after Holm over the entries of the same role. */
  readonly p: number;
  readonly correctedP: number;
  /** `alike`: no more than noise. */
  readonly verdict: 'better' | 'alike' | 'worse';
}

const comparisonSeed = 1;

/** Boards compare where everything but the detectors is the same. */
export function comparable(before: Board, after: Board): Comparable {
  const common = commonItems(before, after);
  const isOfOneKind = before.rankedBy === after.rankedBy;
  const reasons = [
    ...(isOfOneKind ? [] : ['one is of outages, the other of series']),
    ...(common.length > 0 ? [] : ['they have no item in common']),
    ...(before.engineVersion === after.engineVersion
      ? []
      : [`engine ${before.engineVersion} made one, ${after.engineVersion} the other`]),
    ...(sameList(before.seeds, after.seeds)
      ? []
      : [`seeds ${before.seeds.join(', ')} in one, ${after.seeds.join(', ')} in the other`]),
    ...changedItems(before, after),
    ...onlyIn(before, after, 'the older'),
    ...onlyIn(after, before, 'the newer'),
  ];
  return { ok: reasons.length === 0, reasons, canBeForced: isOfOneKind && common.length > 0 };
}

/** Whether or not they compare: ask `comparable` first, and say its reasons where it is forced. */
export function compareBoards(before: Board, after: Board): BoardComparison {
  const items = commonItems(before, after);
  const pairs = after.rows.flatMap((row) => {
    const old = before.rows.find(({ entry }) => entry === row.entry);
    return old ? [{ old, row }] : [];
  });
  const changes = new Map(
    [...new Set(pairs.map(({ row }) => row.role))].flatMap((role) =>
      pairedChanges(
        pairs
          .filter(({ row }) => row.role === role)
          .map(({ old, row }) => ({
            before: { detector: 'before', scores: scoresOn(items, before, old) },
            after: { detector: row.entry, scores: scoresOn(items, after, row) },
          })),
      ),
    ),
  );
  return {
    comparable: comparable(before, after),
    items,
    entries: pairs.map(({ old, row }) => ({
      entry: row.entry,
      figures: figureChanges(sharedColumns(before, after), old, row),
      paired: changes.get(row.entry) ?? null,
    })),
    added: namesMissingIn(before, after),
    removed: namesMissingIn(after, before),
  };
}

interface ScorePair {
  readonly before: ScenarioScores;
  readonly after: ScenarioScores;
}

function pairedChanges(pairs: readonly ScorePair[]): (readonly [string, PairedChange])[] {
  const compared = pairs.map(({ before, after }) =>
    comparePair(after, before, randomFunction(comparisonSeed, `change of ${after.detector}`)),
  );
  return decidePairs(compared).flatMap(({ a, better, difference, interval, p, correctedP }, i) => {
    if (difference === null) return [];
    const verdict = better === null ? 'alike' : difference > 0 ? 'better' : 'worse';
    const items = countOfPairs(pairs[i]);
    return [[a, { items, difference, interval, p, correctedP, verdict }] as const];
  });
}

function countOfPairs(pair: ScorePair | undefined): number {
  const { before, after } = pair ?? { before: { scores: [] }, after: { scores: [] } };
  return after.scores.filter((score, i) => score !== null && before.scores[i] !== null).length;
}

function figureChanges(
  columns: readonly Column[],
  old: BoardRow,
  row: BoardRow,
): Record<string, FigureChange> {
  return Object.fromEntries(
    columns.map(({ id, better }) => {
      const before = old.figures[id]?.value ?? null;
      const after = row.figures[id]?.value ?? null;
      const rise = before === null || after === null ? null : after - before;
      // Not minus zero.
      const gain = rise === null || rise === 0 ? rise : better === 'high' ? rise : -rise;
      return [id, { before, after, gain }];
    }),
  );
}

function commonItems(before: Board, after: Board): string[] {
  const known = new Set(before.items.map(({ id }) => id));
  return after.items.map(({ id }) => id).filter((id) => known.has(id));
}

function scoresOn(items: readonly string[], board: Board, { scores }: BoardRow) {
  const place = new Map(board.items.map(({ id }, i) => [id, i]));
  return items.map((id) => scores[place.get(id) ?? -1] ?? null);
}

function changedItems(before: Board, after: Board): string[] {
  const hashes = new Map(before.items.map(({ id, hash }) => [id, hash]));
  const changed = after.items.filter(({ id, hash }) => (hashes.get(id) ?? hash) !== hash);
  return changed.length === 0 ? [] : [`what is played is not the same: ${named(changed)}`];
}

function onlyIn(board: Board, other: Board, which: string): string[] {
  const known = new Set(other.items.map(({ id }) => id));
  const own = board.items.filter(({ id }) => !known.has(id));
  return own.length === 0 ? [] : [`only in ${which}: ${named(own)}`];
}

function named(items: readonly { readonly id: string }[]): string {
  const shown = items.slice(0, 3).map(({ id }) => id);
  const more = items.length - shown.length;
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${more} more`;
}

function sharedColumns(before: Board, after: Board): Column[] {
  const known = new Set(before.columns.map(({ id }) => id));
  return after.columns.filter(({ id }) => known.has(id));
}

function namesMissingIn(board: Board, other: Board): string[] {
  const known = new Set(board.rows.map(({ entry }) => entry));
  return other.rows.map(({ entry }) => entry).filter((entry) => !known.has(entry));
}

function sameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}
