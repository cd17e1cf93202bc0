/**
 * One CSV file of a NAB-shaped folder. NAB scores by the index of a row, so a row that cannot be read
 * would move all others: it is an error here, not a rejection that is counted.
 */
import { WorkbenchError } from '../errors.ts';
import { cellNumber, requireColumn } from '../recording/csv-metrics.ts';
import { readCsv } from '../recording/csv-rows.ts';
import { Intake } from '../recording/intake.ts';
import { parseTimestamp } from '../recording/timestamps.ts';

export interface NabTable {
  /** Microseconds since the Unix epoch, in the order of the file: may repeat and run backward. */
  readonly timesUs: Float64Array;
  /** Of the column that was asked for. */
  readonly values: Float64Array;
}

/** Throws RECORDING_UNREADABLE with the line where a row is not as it should be. */
export async function readNabTable(
  file: string,
  column: string,
  rowsMax: number,
): Promise<NabTable> {
  const intake = new Intake();
  const times: number[] = [];
  const values: number[] = [];
  let columns: { readonly time: number; readonly value: number } | null = null;
  for await (const { rows, lines } of readCsv(file, intake)) {
    for (const [i, row] of rows.entries()) {
      if (columns === null) {
        columns = {
          time: requireColumn(file, row, ['timestamp']),
          value: requireColumn(file, row, [column]),
        };
        continue;
      }
      const at = parseTimestamp(row[columns.time]);
      const value = cellNumber(row[columns.value]);
      if (at === null) throw unreadable(file, lines[i], 'the timestamp cannot be read');
      if (value === undefined || !Number.isFinite(value)) {
        throw unreadable(file, lines[i], `${column} is not a finite number`);
      }
      if (times.length >= rowsMax) throw unreadable(file, lines[i], 'too many rows');
      times.push(at.us);
      values.push(value);
    }
  }
  const [rejection] = intake.rejections;
  if (rejection) throw unreadable(file, rejection.line, rejection.reason);
  if (times.length === 0) throw unreadable(file, undefined, 'it has no rows');
  return { timesUs: Float64Array.from(times), values: Float64Array.from(values) };
}

function unreadable(file: string, line: number | undefined, reason: string): WorkbenchError {
  const at = line === undefined || line === 0 ? '' : `line ${line}: `;
  return new WorkbenchError('RECORDING_UNREADABLE', { file, reason: `${at}${reason}` });
}
