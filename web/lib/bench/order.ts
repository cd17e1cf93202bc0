/** The order of the leaderboard, and of the heat map's rows. */
import type { Board, BoardRow } from '../../../engine/benchmark/index.ts';

export interface BoardOrder {
  /** A column's id, or `rank`, `entry`. */
  readonly by: string;
  /** Worst first. */
  readonly reversed: boolean;
}

export const byRank: BoardOrder = { by: 'rank', reversed: false };

/** Best first in the column's own sense; who has no figure comes last, whichever way it is sorted. */
export function orderedRows(
  { rows, columns }: Pick<Board, 'rows' | 'columns'>,
  { by, reversed }: BoardOrder,
): readonly BoardRow[] {
  const sign = reversed ? -1 : 1;
  if (by === 'entry') {
    return rows.toSorted((a, b) => sign * a.entry.localeCompare(b.entry));
  }
  const better = columns.find(({ id }) => id === by)?.better;
  const valueOf = ({ rank, figures }: BoardRow): number => {
    if (better === undefined) return rank;
    const value = figures[by]?.value ?? NaN;
    return better === 'high' ? -value : value;
  };
  return rows.toSorted((a, b) => {
    const [left, right] = [valueOf(a), valueOf(b)];
    if (Number.isNaN(left) || Number.isNaN(right)) {
      return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
    }
    return sign * (left - right);
  });
}

/** The order once its head is clicked: a second click turns it round. */
export function turned(order: BoardOrder, by: string): BoardOrder {
  return { by, reversed: order.by === by && !order.reversed };
}
