/** Scenario by entry: what each cell is worth, hardest scenario first. */
import type { Board } from '../../../engine/benchmark/index.ts';

/** Shades of a cell; the figure stands in it, so the shade is a help and not the message. */
export const heatSteps = 5;

export interface HeatRow {
  readonly item: string;
  readonly title: string;
  /** Mean over the entries that were asked for; null where none has a score. */
  readonly mean: number | null;
  /** In the order of `entries`; null where there is nothing to score. */
  readonly scores: readonly (number | null)[];
}

export interface HeatMap {
  readonly entries: readonly string[];
  readonly rows: readonly HeatRow[];
}

export function heatMap({ items, rows }: Pick<Board, 'items' | 'rows'>): HeatMap {
  const asked = rows.filter(({ role }) => role !== 'baseline');
  const judges = asked.length > 0 ? asked : rows;
  const lines = items.map(({ id, title }, i): HeatRow => {
    const own = judges.map(({ scores }) => finite(scores[i]));
    return {
      item: id,
      title,
      mean: meanOf(own),
      scores: rows.map(({ scores }) => finite(scores[i])),
    };
  });
  return {
    entries: rows.map(({ entry }) => entry),
    // What nobody is scored on teaches least.
    rows: lines.toSorted((a, b) => (a.mean ?? Infinity) - (b.mean ?? Infinity)),
  };
}

/** 0 (worst) to `heatSteps - 1`; null where there is no score. */
export function heatStep(score: number | null): number | null {
  if (score === null) return null;
  return Math.min(heatSteps - 1, Math.max(0, Math.floor(score * heatSteps)));
}

/** Short enough for a narrow cell: `1`, `.83`, `0`. */
export function heatText(score: number | null): string {
  if (score === null) return '–';
  if (score >= 0.995) return '1';
  if (score < 0.005) return '0';
  return score.toFixed(2).replace(/^0/, '');
}

function finite(score: number | null | undefined): number | null {
  return score !== undefined && score !== null && Number.isFinite(score) ? score : null;
}

function meanOf(scores: readonly (number | null)[]): number | null {
  const known = scores.filter((score) => score !== null);
  return known.length === 0 ? null : known.reduce((sum, score) => sum + score, 0) / known.length;
}
