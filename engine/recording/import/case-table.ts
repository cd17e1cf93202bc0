/** Small tables that come with a dataset: cases, edges. Read whole; they are a few hundred rows. */
import { join } from 'node:path';
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

export interface CaseTable {
  /** The dataset's folder, with cases.csv. */
  readonly folder: string;
  /** Columns that make the id of a case, joined by slashes. */
  readonly id: readonly string[];
}

/** The ids of all cases, in the order of the table. Throws like `readCase`. */
export async function caseIds(table: CaseTable): Promise<readonly string[]> {
  return (await readCases(table)).map(({ id }) => id);
}

/**
 * The row of the case that is asked for. Throws SOURCE_MISSING, RECORDING_UNREADABLE for the table of
 * another dataset, or CASE_NOT_FOUND with the nearest ones.
 */
export async function readCase(table: CaseTable, wanted: string): Promise<TableRow> {
  const { folder } = table;
  const cases = await readCases(table);
  const found = cases.find(({ id }) => id === wanted);
  if (found) return found.row;
  const ids = cases.map(({ id }) => id);
  const closest = similarName(wanted, ids);
  const shown = closest === null ? ids.slice(0, 5) : [closest];
  const rest = ids.length - shown.length;
  throw new WorkbenchError('CASE_NOT_FOUND', {
    case: wanted,
    folder,
    nearest: `${shown.join(', ')} (and ${rest} more in cases.csv)`,
  });
}

async function readCases({ folder, id }: CaseTable) {
  const file = join(folder, 'cases.csv');
  const rows = await readTable(file);
  const lacking = id.filter((column) => rows[0]?.[column] === undefined);
  if (lacking.length > 0) {
    const reason = `it has no column "${lacking.join('", "')}": is it the table of another dataset?`;
    throw new WorkbenchError('RECORDING_UNREADABLE', { file, reason });
  }
  return rows.map((row) => ({ row, id: id.map((column) => row[column]).join('/') }));
}
