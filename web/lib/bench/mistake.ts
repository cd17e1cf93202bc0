/** What an entry got wrong, in words. */
import type { Board, BoardDetails, Mistake } from '../../../engine/benchmark/index.ts';
import { formatClock, formatDuration } from '../format/time.ts';
import type { Look } from '../state/look.ts';
import { numberText } from './figure.ts';

export const mistakeLook: Readonly<Record<Mistake['kind'], Look>> = {
  miss: { hue: 'critical', shape: '▲', word: 'missed' },
  'false-alarm': { hue: 'high', shape: '◆', word: 'false alarm' },
  late: { hue: 'medium', shape: '■', word: 'late' },
};

/** `T+04:00 to 08:00, 4:00 long`; an alarm is a moment. */
export function whenText({ kind, tUs, untilUs }: Mistake): string {
  const start = `T+${formatClock(tUs)}`;
  if (kind === 'false-alarm') return start;
  return `${start} to ${formatClock(untilUs)}, ${formatDuration(untilUs - tUs)}`;
}

/** How much better the column would be without it. */
export function costText({ cost }: Mistake, board: Board, details: BoardDetails): string {
  if (!(cost > 0)) return '';
  const id = details.entries[0]?.costColumn ?? board.rankedBy;
  const column = board.columns.find((one) => one.id === id);
  return `−${numberText(cost, column?.unit ?? 'share')}`;
}

export interface MistakesShown {
  /** From the worst to the least. */
  readonly mistakes: readonly Mistake[];
  /** How many there are of the entry, those that the file leaves out included. */
  readonly total: number;
}

export function mistakesOf(
  details: BoardDetails,
  { entry, item }: { readonly entry: string; readonly item: string | null },
): MistakesShown {
  const found = details.entries.find((one) => one.entry === entry);
  if (!found) return { mistakes: [], total: 0 };
  const { mistakes, mistakeCount } = found;
  if (item === null) return { mistakes, total: Math.max(mistakeCount, mistakes.length) };
  const own = mistakes.filter((mistake) => mistake.item === item);
  return { mistakes: own, total: own.length };
}
