/** A series as a band: each stretch of rows from its lowest to its highest value, so that peaks stay. */
import type { SeriesStretch } from '../../server/bench-answers.ts';
import type { Span } from './plot.ts';

type Scale = (value: number) => number;

/** A little room above and below; a series that never moves lies in the middle. */
export function valueSpan(stretches: readonly SeriesStretch[]): Span {
  let [low, high] = [Infinity, -Infinity];
  for (const stretch of stretches) {
    low = Math.min(low, stretch.low);
    high = Math.max(high, stretch.high);
  }
  if (!Number.isFinite(low) || !Number.isFinite(high)) return { from: 0, to: 1 };
  const room = high > low ? (high - low) * 0.04 : Math.abs(high) || 1;
  return { from: low - room, to: high + room };
}

/** There along the upper edge, back along the lower one. */
export function bandPath(stretches: readonly SeriesStretch[], toX: Scale, toY: Scale): string {
  if (stretches.length === 0) return '';
  const there = stretches.map(({ row, high }) => `${toX(row)},${toY(high)}`);
  const back = stretches.toReversed().map(({ row, low }) => `${toX(row)},${toY(low)}`);
  return `M${[...there, ...back].join('L')}Z`;
}
