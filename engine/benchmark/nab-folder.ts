/**
 * A folder in the shape of the Numenta Anomaly Benchmark: `data/<group>/<file>.csv`,
 * `combined_windows.json` (or `labels/combined_windows.json`, as it is published), and the scores of
 * other detectors in `results/<detector>/<group>/<detector>_<file>.csv`, gzipped or not.
 */
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { WorkbenchError } from '../errors.ts';
import { limits } from '../limits.ts';
import { pathKind } from '../path-kind.ts';
import { requireFolder, requireWithin } from '../recording/file-bytes.ts';
import { similarName } from '../similar.ts';
import { readNabLabels, rowsOfWindows, type TimeWindow } from './nab-labels.ts';
import { readNabTable } from './nab-table.ts';
import type { NabFile } from './scores/nab-rows.ts';

/** A series with its labels. */
export interface NabSeries extends NabFile {
  /** Microseconds since the Unix epoch, zone-less ones read as UTC; may repeat and run backward. */
  readonly timesUs: Float64Array;
  readonly values: Float64Array;
}

/** All series that the labels name, in the order of their names. */
export async function readNabFolder(folder: string): Promise<readonly NabSeries[]> {
  requireFolder(folder);
  const published = join(folder, 'labels', 'combined_windows.json');
  const labels = readNabLabels(
    pathKind(published).kind === 'missing' ? join(folder, 'combined_windows.json') : published,
  );
  const series: NabSeries[] = [];
  let rowsLeft: number = limits.benchmarkRowsMax;
  for (const [name, windows] of labels) {
    const one = await readSeries(folder, { name, windows, rowsMax: rowsLeft });
    series.push(one);
    rowsLeft -= one.rows;
  }
  return series;
}

/** Names of the detectors whose scores lie in the folder. */
export function nabResultNames(folder: string): readonly string[] {
  const results = join(folder, 'results');
  if (pathKind(results).kind !== 'folder') return [];
  return readdirSync(results, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** The published `anomaly_score` of a detector, from 0 to 1, one array for each of the series. */
export async function readNabResults(
  folder: string,
  detector: string,
  series: readonly NabSeries[],
): Promise<readonly Float64Array[]> {
  const known = nabResultNames(folder);
  if (!known.includes(detector)) {
    const near = similarName(detector, known);
    throw new WorkbenchError('SOURCE_MISSING', {
      file: join(folder, 'results', detector),
      ...(near === null ? {} : { suggestion: join(folder, 'results', near) }),
    });
  }
  const all: Float64Array[] = [];
  for (const one of series) all.push(await readScores(folder, detector, one));
  return all;
}

async function readSeries(
  folder: string,
  {
    name,
    windows,
    rowsMax,
  }: {
    readonly name: string;
    readonly windows: readonly TimeWindow[];
    readonly rowsMax: number;
  },
): Promise<NabSeries> {
  const file = within(folder, join(folder, 'data', name));
  const { timesUs, values } = await readNabTable(file, 'value', rowsMax);
  const found = rowsOfWindows(windows, timesUs);
  if (typeof found === 'string') {
    throw new WorkbenchError('RECORDING_UNREADABLE', { file, reason: `its labels: ${found}` });
  }
  return { name, rows: timesUs.length, windows: found, timesUs, values };
}

async function readScores(
  folder: string,
  detector: string,
  { name, rows, timesUs }: NabSeries,
): Promise<Float64Array> {
  const plain = join(folder, 'results', detector, dirname(name), `${detector}_${basename(name)}`);
  const file = within(folder, pathKind(plain).kind === 'missing' ? `${plain}.gz` : plain);
  const table = await readNabTable(file, 'anomaly_score', rows + 1);
  const problem = (reason: string) => new WorkbenchError('RECORDING_UNREADABLE', { file, reason });
  if (table.timesUs.length !== rows) {
    throw problem(`it has not the ${rows} rows of the series`);
  }
  const strange = table.timesUs.findIndex((t, row) => t !== timesUs[row]);
  if (strange >= 0) throw problem(`row ${strange + 1} has another timestamp than the series`);
  const outside = table.values.findIndex((score) => !(score >= 0 && score <= 1));
  if (outside >= 0) throw problem(`the score of row ${outside + 1} is not from 0 to 1`);
  return table.values;
}

/** A link may not lead out of the folder. */
function within(folder: string, file: string): string {
  if (pathKind(file).kind !== 'missing') requireWithin(file, [folder]);
  return file;
}
