/** Metric points from a table with one value a row: time, service, metric, value. */
import type { SourceModel } from '../scenario/model.ts';
import { limits } from '../limits.ts';
import { cellNumber, columnIndex, requireColumn, seriesOf, timeColumns } from './csv-metrics.ts';
import type { ScaledSeries } from './csv-metrics.ts';
import { readCsv } from './csv-rows.ts';
import { requireFile } from './file-bytes.ts';
import type { Intake } from './intake.ts';
import { unknownService } from './jsonl-logs.ts';
import { tableOption, textOption } from './options.ts';
import type { Part, RawPoint, RawRecord } from './raw-record.ts';
import { cleanName } from './text-fields.ts';
import { parseTimestamp } from './timestamps.ts';

const usualNames = {
  time: timeColumns,
  service: ['service', 'service_name', 'service.name', 'app', 'job', 'pod', 'host', 'instance'],
  metric: ['metric', 'metric_name', 'name', 'series'],
  value: ['value', 'val', 'v'],
  unit: ['unit'],
} as const;

interface Columns {
  readonly time: number;
  readonly service: number;
  readonly metric: number;
  readonly value: number;
  readonly unit: number;
  /** All others: attributes of the series. */
  readonly labels: readonly (readonly [index: number, name: string])[];
}

export function csvMetricsLong(source: SourceModel): readonly Part[] {
  requireFile(source.path);
  return [{ file: source.path, covers: null, read: (intake) => readPoints(source, intake) }];
}

async function* readPoints(
  source: SourceModel,
  intake: Intake,
): AsyncGenerator<readonly RawRecord[]> {
  const file = source.path;
  let columns: Columns | null = null;
  const known = new Map<string, ScaledSeries>();
  for await (const block of readCsv(file, intake)) {
    const points: RawPoint[] = [];
    for (const [i, row] of block.rows.entries()) {
      if (columns === null) {
        columns = columnsOf(source, row);
        continue;
      }
      const result = toPoint(row, columns, source, known);
      if (typeof result === 'string')
        intake.reject({ file, line: block.lines[i] ?? 0, reason: result });
      else points.push(result);
    }
    intake.accept(points.length);
    if (points.length > 0) yield points;
  }
}

function columnsOf(source: SourceModel, header: readonly string[]): Columns {
  const given = tableOption(source, 'columns');
  const names = (column: keyof typeof usualNames): readonly string[] => {
    const named = given[column];
    return typeof named === 'string' ? [named] : usualNames[column];
  };
  const columns = {
    time: requireColumn(source.path, header, names('time')),
    metric: requireColumn(source.path, header, names('metric')),
    value: requireColumn(source.path, header, names('value')),
    service: columnIndex(header, names('service')),
    unit: columnIndex(header, names('unit')),
  };
  const taken = new Set<number>(Object.values(columns));
  const labels = header
    .map((name, i) => [i, cleanName(name)] as const)
    .filter(([i, name]) => !taken.has(i) && name !== '');
  return { ...columns, labels };
}

function toPoint(
  row: readonly string[],
  columns: Columns,
  source: SourceModel,
  known: Map<string, ScaledSeries>,
): RawPoint | string {
  const at = parseTimestamp(row[columns.time]);
  if (at === null) return 'the timestamp cannot be read';
  const value = cellNumber(row[columns.value]);
  if (value === undefined) return 'no value';
  if (!Number.isFinite(value)) return 'the value is not a finite number';
  const key = row.filter((_, i) => i !== columns.time && i !== columns.value).join('\0');
  let scaled = known.get(key);
  if (!scaled) {
    const metric = cleanName(row[columns.metric]);
    if (metric === '') return 'no metric name';
    scaled = newSeries(row, metric, columns, source);
    if (known.size < limits.seriesMax) known.set(key, scaled);
  }
  return { stream: 'metric', at, series: scaled.series, value: value * scaled.factor };
}

function newSeries(
  row: readonly string[],
  metric: string,
  columns: Columns,
  source: SourceModel,
): ScaledSeries {
  const attributes: Record<string, string> = {};
  for (const [i, name] of columns.labels) {
    const label = cleanName(row[i]);
    if (label !== '') attributes[name] = label;
  }
  return seriesOf({
    service: cleanName(row[columns.service]) || textOption(source, 'service') || unknownService,
    metric,
    unit: cleanName(row[columns.unit]) || textOption(source, 'unit'),
    role: tableOption(source, 'roles')[metric],
    attributes,
  });
}
