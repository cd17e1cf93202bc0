/** Metric points of a table whose columns are known: one or several series a row. */
import { limits } from '../limits.ts';
import { cellNumber } from './csv-metrics.ts';
import { readCsv } from './csv-rows.ts';
import type { Intake } from './intake.ts';
import type { RawPoint, RawRecord, RawSeries } from './raw-record.ts';
import { parseTimestamp } from './timestamps.ts';

export interface TableLayout {
  /** Index of the time column. */
  readonly time: number;
  /** Rows with the same key belong to the same series. */
  readonly key: (row: readonly string[]) => string;
  readonly columns: readonly {
    readonly index: number;
    readonly series: (row: readonly string[]) => RawSeries;
    readonly factor: number;
  }[];
  /** µs from a row's time until its values could be known. */
  readonly delayUs: number;
  readonly selects: (us: number) => boolean;
}

export async function* readMetricTable(
  file: string,
  intake: Intake,
  layoutOf: (header: readonly string[]) => TableLayout,
): AsyncGenerator<readonly RawRecord[]> {
  let layout: TableLayout | null = null;
  const known = new Map<string, readonly RawSeries[]>();
  for await (const block of readCsv(file, intake)) {
    const points: RawPoint[] = [];
    for (const [i, row] of block.rows.entries()) {
      if (layout === null) {
        layout = layoutOf(row.map((name) => name.trim()));
        continue;
      }
      const line = block.lines[i] ?? 0;
      const stamp = parseTimestamp(row[layout.time]);
      if (stamp === null) {
        intake.reject({ file, line, reason: 'the timestamp cannot be read' });
        continue;
      }
      const at = { us: stamp.us + layout.delayUs, ns: stamp.ns };
      if (!layout.selects(at.us)) continue;
      const key = layout.key(row);
      const series = known.get(key) ?? layout.columns.map((column) => column.series(row));
      if (known.size < limits.seriesMax) known.set(key, series);
      for (const [c, column] of layout.columns.entries()) {
        const value = cellNumber(row[column.index]);
        const of = series[c];
        // Empty is "unknown", never 0.
        if (value === undefined || of === undefined) continue;
        if (Number.isFinite(value)) {
          points.push({ stream: 'metric', at, series: of, value: value * column.factor });
        } else intake.reject({ file, line, reason: `${of.name}: not a finite number` });
      }
    }
    intake.accept(points.length);
    if (points.length > 0) yield points;
  }
}
