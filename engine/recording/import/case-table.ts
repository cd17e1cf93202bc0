/** Small tables that come with a dataset: cases, edges. Read whole; they are a few hundred rows. */
import { WorkbenchError } from '../../errors.ts';
import { similarName } from '../../similar.ts';
import { readCsv } from '../csv-rows.ts';
import { Intake } from '../intake.ts';

export type TableRow = Readonly<Record<string, string>>;

/** Rows by column name. Throws SOURCE_MISSING or RECORDING_UNREADABLE. */
export async function readTable(file: string): Promise<readonly TableRow[]> {
  let header: readonly string[] | null = null;
  const rows: TableRow[] = [];
  for await (const block of readCsv(file, new Intake())) {
    for (const row of block.rows) {
      if (header === null) header = row;
      else rows.push(Object.fromEntries(header.map((name, i) => [name, row[i] ?? ''])));
    }
  }
  return rows;
}

/** The row whose id is asked for. Throws CASE_NOT_FOUND with the nearest ones. */
export function findCase(
  rows: readonly TableRow[],
  idOf: (row: TableRow) => string,
  wanted: string,
  folder: string,
): TableRow {
  const found = rows.find((row) => idOf(row) === wanted);
  if (found) return found;
  const ids = rows.map(idOf);
  const closest = similarName(wanted, ids);
  const shown = closest === null ? ids.slice(0, 5) : [closest];
  const rest = ids.length - shown.length;
  throw new WorkbenchError('CASE_NOT_FOUND', {
    case: wanted,
    folder,
    nearest: `${shown.join(', ')} (and ${rest} more in cases.csv)`,
  });
}
