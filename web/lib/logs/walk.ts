/** Keys of a focused list of log lines: from line to line, error to error, hit to hit. */
import type { LogRow } from '../../../engine/query/types.ts';
import { occurs } from './text.ts';

type Walk = readonly [direction: 1 | -1, stop: (row: LogRow, search: string) => boolean];

const any = () => true;
const isError = (row: LogRow) => row.level === 'error';
const isWarning = (row: LogRow) => row.level === 'warn';
const isHit = (row: LogRow, search: string) => search !== '' && occurs(row.body, search);

const walks: Readonly<Record<string, Walk>> = {
  ArrowDown: [1, any],
  ArrowUp: [-1, any],
  j: [1, any],
  k: [-1, any],
  e: [1, isError],
  E: [-1, isError],
  w: [1, isWarning],
  W: [-1, isWarning],
  n: [1, isHit],
  N: [-1, isHit],
};

export const walkKeys: readonly { readonly keys: readonly string[]; readonly label: string }[] = [
  { keys: ['↓', '↑'], label: 'In the logs: next, previous line (also J, K)' },
  { keys: ['E', 'Shift E'], label: 'In the logs: next, previous error' },
  { keys: ['W', 'Shift W'], label: 'In the logs: next, previous warning' },
  { keys: ['N', 'Shift N'], label: 'In the logs: next, previous hit' },
];

/**
 * The line that a key leads to; null where there is none in that direction, undefined for a key
 * that is not the list's. With nothing chosen (`from` −1) the walk begins at the newest line.
 */
export function walkTo(
  rows: readonly LogRow[],
  from: number,
  press: { readonly key: string; readonly modified: boolean; readonly search: string },
): LogRow | null | undefined {
  const walk = press.modified ? undefined : walks[press.key];
  if (!walk) return undefined;
  const [direction, stop] = walk;
  const start = from < 0 ? rows.length : from;
  for (let index = start + direction; index >= 0 && index < rows.length; index += direction) {
    const row = rows[index];
    if (row && stop(row, press.search)) return row;
  }
  return null;
}
