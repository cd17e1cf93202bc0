/** Rows of a Nezha table with named columns, one record each. */
import { requireColumn } from './csv-metrics.ts';
import { readCsv } from './csv-rows.ts';
import type { Intake } from './intake.ts';
import type { RawRecord } from './raw-record.ts';

interface Table {
  readonly file: string;
  readonly intake: Intake;
  readonly columnNames: readonly string[];
  /** Of the cells in the order of the names: a record, why there is none, or null outside of the selection. */
  readonly toRecord: (cells: readonly string[]) => RawRecord | string | null;
}

export async function* readNezhaRows({
  file,
  intake,
  columnNames,
  toRecord,
}: Table): AsyncGenerator<readonly RawRecord[]> {
  let indexes: readonly number[] | null = null;
  for await (const block of readCsv(file, intake)) {
    const records: RawRecord[] = [];
    for (const [i, row] of block.rows.entries()) {
      if (indexes === null) {
        indexes = columnNames.map((name) => requireColumn(file, row, [name]));
        continue;
      }
      const result = toRecord(indexes.map((index) => row[index] ?? ''));
      if (typeof result === 'string') {
        intake.reject({ file, line: block.lines[i] ?? 0, reason: result });
      } else if (result !== null) records.push(result);
    }
    intake.accept(records.length);
    if (records.length > 0) yield records;
  }
}
