/** Metric points from a table with one time a row and one series a column. */
import type { SourceModel } from '../scenario/model.ts';
import { cellNumber, requireColumn, seriesOf, timeColumns } from './csv-metrics.ts';
import type { ScaledSeries } from './csv-metrics.ts';
import { readCsv } from './csv-rows.ts';
import { requireFile } from './file-bytes.ts';
import type { Intake } from './intake.ts';
import { unknownService } from './jsonl-logs.ts';
import { asTable, tableOption, textOption } from './options.ts';
import type { Part, RawPoint, RawRecord } from './raw-record.ts';
import { cleanName } from './text-fields.ts';
import { parseTimestamp } from './timestamps.ts';
import type { Instant } from './timestamps.ts';
import { WorkbenchError } from '../errors.ts';

interface Columns {
  readonly time: number;
  readonly series: readonly (readonly [index: number, name: string, series: ScaledSeries])[];
}

export function csvMetricsWide(source: SourceModel): readonly Part[] {
  requireFile(source.path);
  return [{ file: source.path, covers: null, read: (intake) => readPoints(source, intake) }];
}

async function* readPoints(
  source: SourceModel,
  intake: Intake,
): AsyncGenerator<readonly RawRecord[]> {
  const file = source.path;
  let columns: Columns | null = null;
  for await (const block of readCsv(file, intake)) {
    const points: RawPoint[] = [];
    for (const [i, row] of block.rows.entries()) {
      if (columns === null) {
        columns = columnsOf(source, row);
        continue;
      }
      const line = block.lines[i] ?? 0;
      const at = parseTimestamp(row[columns.time]);
      if (at === null) intake.reject({ file, line, reason: 'the timestamp cannot be read' });
      else pointsOfRow(points, { row, at, columns, file, line }, intake);
    }
    intake.accept(points.length);
    if (points.length > 0) yield points;
  }
}

interface Row {
  readonly row: readonly string[];
  readonly at: Instant;
  readonly columns: Columns;
  readonly file: string;
  readonly line: number;
}

function pointsOfRow(points: RawPoint[], { row, at, columns, file, line }: Row, intake: Intake) {
  for (const [i, name, { series, factor }] of columns.series) {
    const value = cellNumber(row[i]);
    if (value === undefined) continue;
    if (Number.isFinite(value)) {
      points.push({ stream: 'metric', at, series, value: value * factor });
    } else {
      intake.reject({ file, line, reason: `column ${name}: the value is not a finite number` });
    }
  }
}

function columnsOf(source: SourceModel, header: readonly string[]): Columns {
  const named = textOption(source, 'time');
  const time = requireColumn(source.path, header, named ? [named] : timeColumns);
  const meanings = tableOption(source, 'metrics');
  const chosen = Object.keys(meanings);
  for (const column of chosen) requireColumn(source.path, header, [column]);
  const series: (readonly [number, string, ScaledSeries])[] = [];
  for (const [i, raw] of header.entries()) {
    const name = cleanName(raw);
    if (i === time || name === '' || (chosen.length > 0 && !chosen.includes(name))) continue;
    series.push([i, name, seriesOfColumn(name, asTable(meanings[name]), source)]);
  }
  if (series.length === 0) {
    const reason = 'it has no column of values beside the time';
    throw new WorkbenchError('RECORDING_UNREADABLE', { file: source.path, reason });
  }
  return { time, series };
}

/** `carts/latency`, or `carts_latency` as research datasets have it, where no service is given. */
function seriesOfColumn(
  column: string,
  meaning: Readonly<Record<string, unknown>>,
  source: SourceModel,
): ScaledSeries {
  const given = cleanName(meaning['service']) || textOption(source, 'service');
  const split = given ? null : /^([^/:]+)[/:](.+)$|^([^_]+)_(.+)$/.exec(column);
  const unit = cleanName(meaning['unit']);
  return seriesOf({
    service: given ?? split?.[1] ?? split?.[3] ?? unknownService,
    metric: cleanName(meaning['metric']) || (split?.[2] ?? split?.[4] ?? column),
    unit: unit === '' ? undefined : unit,
    role: meaning['role'],
  });
}
