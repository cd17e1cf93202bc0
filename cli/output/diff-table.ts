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
/** Columns that what a row is about may take on a terminal, and has at least. */
const whatColumns = { least: 20, most: 60 } as const;

export function diffTableLines(
  sections: readonly DiffSection[],
  runs: { readonly a: Pick<DiffedRun, 'id'>; readonly b: Pick<DiffedRun, 'id'> },
  { columns, paint }: DiffFrame,
): string[] {
  const shown = sections.map(({ rows, ...section }) => ({ ...section, rows: rows.map(printed) }));
  const ids = { a: printable(runs.a.id), b: printable(runs.b.id) };
  const shared = layoutOf(
    shown.flatMap(({ rows }) => rows),
    ids,
    columns,
  );
  return shown.flatMap(({ title, rows, note }, i) => {
    // Sections line up where there is room; else each gets what its own figures leave.
    const layout = shared.isCut ? layoutOf(rows, ids, columns) : shared;
    const heading = { what: title.toUpperCase(), ...(rows.length > 0 ? ids : { a: '', b: '' }) };
    return [
      ...(i === 0 ? [] : ['']),
      paint('dim', lineOf(heading, layout).trimEnd()),
      ...rows.map((row) => `${lineOf(row, layout)}${gap}${paint(row.tint, row.change)}`),
      ...(note !== null || rows.length === 0 ? [paint('dim', note ?? 'none')] : []),
    ];
  });
}

interface Layout {
  /** Columns of the cells. */
  readonly what: number;
  readonly a: number;
  readonly b: number;
  readonly isCut: boolean;
}

function layoutOf(
  rows: readonly DiffRow[],
  ids: { readonly a: string; readonly b: string },
  columns: number,
): Layout {
  const widthOf = (column: 'what' | 'a' | 'b' | 'change', least: number): number =>
    rows.reduce((widest, row) => Math.max(widest, row[column].length), least);
  const widths = { a: widthOf('a', ids.a.length), b: widthOf('b', ids.b.length) };
  const taken = widths.a + widths.b + widthOf('change', 0) + 3 * gap.length;
  const most = columns === Infinity ? Infinity : Math.min(whatColumns.most, columns - taken);
  const wanted = widthOf('what', whatColumns.least);
  const what = Math.min(Math.max(whatColumns.least, most), wanted);
  return { ...widths, what, isCut: what < wanted };
}

function lineOf(
  cells: { readonly what: string; readonly a: string; readonly b: string },
  { what, a, b }: Layout,
): string {
  return [cut(cells.what, what).padEnd(what), cells.a.padEnd(a), cells.b.padEnd(b)].join(gap);
}

function printed(row: DiffRow): DiffRow {
  return { ...row, what: printable(row.what), a: printable(row.a), b: printable(row.b) };
}

function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, columns - 1).trimEnd()}…`;
}
