/** The benchmarks there are, as a table. */
import { printable } from '../../engine/terminal-text.ts';
import { count, plural } from './format.ts';
import type { Paint } from './style.ts';

export interface ListedResults {
  readonly file: string;
  readonly suite: string;
  readonly engineVersion: string;
  readonly createdUnixMs: number;
  readonly items: number;
  readonly seeds: number;
  readonly entries: number;
  /** Scores that were asked for last and are not there. */
  readonly missing: number;
}

const heads = ['SUITE', 'STATE', 'ITEMS', 'SEEDS', 'ENTRIES', 'BEGUN', 'ENGINE'] as const;
/** Columns of figures, which line up at the right. */
const figures = new Set<(typeof heads)[number]>(['ITEMS', 'SEEDS', 'ENTRIES']);

export function resultsTableLines(all: readonly ListedResults[], paint: Paint): string[] {
  const rows = all.map(({ suite, engineVersion, createdUnixMs, missing, ...counts }) => [
    printable(suite),
    missing === 0 ? 'finished' : `cut off, ${plural(missing, 'score')} missing`,
    ...[counts.items, counts.seeds, counts.entries].map(count),
    new Date(createdUnixMs).toISOString().slice(0, 16).replace('T', ' '),
    engineVersion,
  ]);
  const widths = heads.map((head, c) =>
    Math.max(head.length, ...rows.map((row) => (row[c] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    heads
      .map((head, c) => {
        const cell = cells[c] ?? '';
        const width = widths[c] ?? 0;
        return figures.has(head) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [paint('dim', line(heads)), ...rows.map(line)];
}
