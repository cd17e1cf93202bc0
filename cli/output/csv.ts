/**
 * CSV as RFC 4180 has it, safe to open in a spreadsheet: a text that would run as a formula gets an
 * apostrophe in front. Numbers never do, or `-5` would no longer be one.
 */

/** What a spreadsheet takes for the start of a formula, in full width too. */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;
const special = /[",\r\n]/;

export interface CsvOptions {
  /** Texts as they are, for programs. */
  readonly raw: boolean;
}

export function csvLine(cells: readonly (string | number | null)[], { raw }: CsvOptions): string {
  return `${cells.map((cell) => csvCell(cell, raw)).join(',')}\r\n`;
}

function csvCell(cell: string | number | null, raw: boolean): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = !raw && formula.test(cell) ? `'${cell}` : cell;
  return special.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
