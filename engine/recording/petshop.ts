/**
 * The PetShop dataset (amazon-science/petshop-root-cause-analysis): metrics of five minutes each of
 * an AWS shop, 49 hours of normal traffic and five rows around each injected issue, which were
 * recorded months apart. A case is the end of the normal period followed by the issue, made
 * contiguous by shifting the normal part: the issue keeps its true clock.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { WorkbenchError } from '../errors.ts';
import type { SeriesRole } from '../sdk/index.ts';
import type { SourceModel } from '../scenario/model.ts';
import { cellNumber } from './csv-metrics.ts';
import { readCsv } from './csv-rows.ts';
import { requireFile, requireFolder } from './file-bytes.ts';
import { Intake } from './intake.ts';
import { textOption, unitOption } from './options.ts';
import type { Part, RawPoint, RawRecord, RawSeries } from './raw-record.ts';
import { cleanName } from './text-fields.ts';
import { parseTimestamp } from './timestamps.ts';

/** µs of normal traffic before the issue where the scenario doesn't say: two shifts, a quick run. */
export const petshopBaselineUs = 12 * 3600 * 1e6;

/** Service, metric, statistic, then a line with the name of the index. */
const headerRows = 4;

export interface PetshopFiles {
  readonly issue: string;
  /** null: the traffic scenario was published without a normal period. */
  readonly normal: string | null;
}

/** The files of `<scenario>/<split>/<issue>`. Throws SOURCE_MISSING. */
export function petshopFiles(folder: string, caseId: string): PetshopFiles {
  requireFolder(folder);
  const issue = join(folder, caseId, 'metrics.csv');
  requireFolder(join(folder, caseId));
  requireFile(issue);
  const normal = join(folder, caseId.split('/')[0] ?? '', 'noissue', 'metrics.csv');
  return { issue, normal: existsSync(normal) ? normal : null };
}

export async function petshop(source: SourceModel): Promise<readonly Part[]> {
  const files = petshopFiles(source.path, textOption(source, 'case') ?? '');
  const issue = await petshopTimes(files.issue);
  const part = (file: string, clock: Clock): Part => ({
    file,
    covers: null,
    read: (intake) => readTable(file, clock, intake),
  });
  if (files.normal === null) return [part(files.issue, { ...issue, shiftUs: 0, fromUs: 0 })];
  const normal = await petshopTimes(files.normal);
  // The last normal row comes one cadence before the first of the issue.
  const shiftUs = issue.firstUs - normal.cadenceUs - normal.lastUs;
  const baselineUs = unitOption(source, 'baseline', 'duration') ?? petshopBaselineUs;
  return [
    part(files.normal, { ...normal, shiftUs, fromUs: issue.firstUs - baselineUs }),
    part(files.issue, { ...issue, shiftUs: 0, fromUs: 0 }),
  ];
}

export interface TableTimes {
  readonly firstUs: number;
  readonly lastUs: number;
  /** Distance of the rows, µs. */
  readonly cadenceUs: number;
  /** Time of each row, µs since the Unix epoch. */
  readonly rows: readonly number[];
}

interface Clock {
  readonly cadenceUs: number;
  /** Added to the clock of each row. */
  readonly shiftUs: number;
  /** Rows before are left out, after the shift. */
  readonly fromUs: number;
}

export async function petshopTimes(file: string): Promise<TableTimes> {
  const rows: number[] = [];
  let skipped = 0;
  // The real reading counts what is wrong with the file; this one only looks at its clock.
  for await (const block of readCsv(file, new Intake())) {
    for (const row of block.rows) {
      const at = skipped++ < headerRows ? null : parseTimestamp(row[0]);
      if (at !== null) rows.push(at.us);
    }
  }
  const [firstUs, secondUs] = rows;
  const lastUs = rows.at(-1);
  if (firstUs === undefined || secondUs === undefined || lastUs === undefined) {
    throw new WorkbenchError('RECORDING_UNREADABLE', {
      file,
      reason: 'it has fewer than two rows',
    });
  }
  return { firstUs, lastUs, cadenceUs: secondUs - firstUs, rows };
}

async function* readTable(
  file: string,
  { cadenceUs, shiftUs, fromUs }: Clock,
  intake: Intake,
): AsyncGenerator<readonly RawRecord[]> {
  const header: (readonly string[])[] = [];
  let columns: readonly Column[] = [];
  for await (const block of readCsv(file, intake)) {
    const points: RawPoint[] = [];
    for (const [i, row] of block.rows.entries()) {
      if (header.length < headerRows) {
        header.push(row);
        if (header.length === headerRows) columns = columnsOf(file, header, cadenceUs);
        continue;
      }
      const line = block.lines[i] ?? 0;
      const at = parseTimestamp(row[0]);
      if (at === null) {
        intake.reject({ file, line, reason: 'the timestamp cannot be read' });
        continue;
      }
      const us = at.us + shiftUs;
      if (us < fromUs) continue;
      for (const { index, series, factor } of columns) {
        const value = cellNumber(row[index]);
        // Empty: no request came, so nothing was measured.
        if (value === undefined) continue;
        if (Number.isFinite(value)) {
          points.push({ stream: 'metric', at: { us, ns: at.ns }, series, value: value * factor });
        } else intake.reject({ file, line, reason: `${series.service}: not a finite number` });
      }
    }
    intake.accept(points.length);
    if (points.length > 0) yield points;
  }
}

interface Column {
  readonly index: number;
  readonly series: RawSeries;
  readonly factor: number;
}

const latencyRoles: Readonly<Record<string, SeriesRole>> = {
  Average: 'latency_mean',
  p50: 'latency_p50',
  p95: 'latency_p95',
  p99: 'latency_p99',
};

function columnsOf(
  file: string,
  [services = [], metrics = [], statistics = []]: readonly (readonly string[])[],
  cadenceUs: number,
): readonly Column[] {
  if (services[0] !== 'microservice' || metrics[0] !== 'metric') {
    const reason = 'its first rows are not "microservice" and "metric", as PetShop has them';
    throw new WorkbenchError('RECORDING_UNREADABLE', { file, reason });
  }
  const columns: Column[] = [];
  for (const [index, name] of services.entries()) {
    const service = cleanName(name);
    if (index === 0 || service === '') continue;
    const metric = metrics[index] ?? '';
    const statistic = statistics[index] ?? '';
    const series = { service, attributes: { statistic }, rank: 0, zeroIsDead: false };
    if (metric === 'latency') {
      const role = latencyRoles[statistic] ?? null;
      columns.push({ index, series: { ...series, name: 'latency', unit: 's', role }, factor: 1 });
    } else if (metric === 'availability') {
      const role = 'availability';
      columns.push({ index, series: { ...series, name: metric, unit: '1', role }, factor: 0.01 });
    } else if (metric === 'requests') {
      // A count of the row's five minutes.
      const factor = 1e6 / cadenceUs;
      const role = 'request_rate';
      columns.push({
        index,
        series: { ...series, name: metric, unit: '{request}/s', role },
        factor,
      });
    }
  }
  return columns;
}
