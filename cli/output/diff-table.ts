/** Sections of rows under one pair of headings: a thing, how it is in one run and in the other. */
import type { DiffedRun } from '../../engine/query/diff-types.ts';
import { printable } from '../../engine/terminal-text.ts';
import type { DiffFrame } from './diff.ts';
import type { Tint } from './style.ts';

export interface DiffSection {
  readonly title: string;
  readonly rows: readonly DiffRow[];
  readonly note: string | null;
}

/** Cells are texts of strangers until they are printed. */
export interface DiffRow {
  readonly what: string;
  readonly a: string;
  readonly b: string;
  readonly change: string;
  readonly tint: Tint;
}

const gap = '  ';
/** Columns that what a row is about may take, and has at least. */
const whatColumns = { least: 20, most: 60 } as const;

export function diffTableLines(
  sections: readonly DiffSection[],
  runs: { readonly a: Pick<DiffedRun, 'id'>; readonly b: Pick<DiffedRun, 'id'> },
  { columns, paint }: DiffFrame,
): string[] {
  const shown = sections.map(({ rows, ...section }) => ({ ...section, rows: rows.map(printed) }));
  const all = shown.flatMap(({ rows }) => rows);
  const ids = { a: printable(runs.a.id), b: printable(runs.b.id) };
  const widthOf = (column: 'what' | 'a' | 'b' | 'change', least: number): number =>
    all.reduce((widest, row) => Math.max(widest, row[column].length), least);
  const widths = { a: widthOf('a', ids.a.length), b: widthOf('b', ids.b.length) };
  const taken = widths.a + widths.b + widthOf('change', 0) + 3 * gap.length;
  const room = Math.max(whatColumns.least, Math.min(whatColumns.most, columns - taken));
  const what = Math.min(room, widthOf('what', whatColumns.least));
  const line = (cells: { readonly what: string; readonly a: string; readonly b: string }) =>
    [cut(cells.what, what).padEnd(what), cells.a.padEnd(widths.a), cells.b.padEnd(widths.b)].join(
      gap,
    );
  return shown.flatMap(({ title, rows, note }, i) => [
    ...(i === 0 ? [] : ['']),
    paint(
      'dim',
      line({ what: title.toUpperCase(), ...(rows.length > 0 ? ids : { a: '', b: '' }) }).trimEnd(),
    ),
    ...rows.map((row) => `${line(row)}${gap}${paint(row.tint, row.change)}`),
    ...(note !== null || rows.length === 0 ? [paint('dim', note ?? 'none')] : []),
  ]);
}

function printed(row: DiffRow): DiffRow {
  return { ...row, what: printable(row.what), a: printable(row.a), b: printable(row.b) };
}

function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, columns - 1).trimEnd()}…`;
}
