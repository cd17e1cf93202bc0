/** A column's figures as little bars that share one scale, so that overlaps can be seen. */
import type { BoardRow, Figure } from '../../../engine/benchmark/index.ts';

/** All in per cent of the bar's width. */
export interface IntervalBar {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

export interface Extent {
  readonly low: number;
  readonly high: number;
}

/** What a column reaches from and to, intervals included; null where nothing is finite, or all is one value. */
export function extentOf(
  rows: readonly Pick<BoardRow, 'figures'>[],
  column: string,
): Extent | null {
  const values = rows.flatMap(({ figures }) => {
    const figure = figures[column];
    return figure ? [figure.value, figure.interval?.low, figure.interval?.high] : [];
  });
  const finite = values.filter((value): value is number => Number.isFinite(value));
  if (finite.length === 0) return null;
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  return high > low ? { low, high } : null;
}

export function intervalBar(figure: Figure | null | undefined, extent: Extent): IntervalBar | null {
  if (!figure || !Number.isFinite(figure.value)) return null;
  const share = (value: number | undefined): number => {
    const known = Number.isFinite(value) ? (value as number) : figure.value;
    return Math.min(100, Math.max(0, (100 * (known - extent.low)) / (extent.high - extent.low)));
  };
  const ends = [share(figure.interval?.low), share(figure.interval?.high)];
  return { at: share(figure.value), from: Math.min(...ends), to: Math.max(...ends) };
}
