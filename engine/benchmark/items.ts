/** From what is read to what is played. */
import { basename } from 'node:path';
import type { Scenario } from '../scenario/model.ts';
import { sha256 } from './keys.ts';
import { labelsOf } from './board/series-figures.ts';
import { rowTimesUs } from './job/series-source.ts';
import type { BenchItem, OutageItem, SeriesItem } from './model.ts';
import type { NabSeries } from './nab-folder.ts';
import type { BenchmarkSetting } from './results/results-file.ts';

/** @param cacheFile of a recording; its name is a hash of all that it was made from */
export function outageItem(id: string, scenario: Scenario, cacheFile: string | null): OutageItem {
  const content = cacheFile === null ? '' : basename(cacheFile);
  const hash = sha256(`${contentOf(scenario)} ${content}`);
  return { kind: 'outage', id, hash, scenario, cacheFile };
}

/** A recording is where it is on this machine, which its text tells and no result depends on. */
function contentOf(scenario: Scenario): string {
  if (scenario.kind === 'simulated') return scenario.hash;
  const { truth, objectives } = scenario;
  return JSON.stringify({ truth, objectives });
}

/** @param source the file that it was read from */
export function benchSeries(series: NabSeries, source: string): SeriesItem {
  const { timesUs, values, windows } = series;
  const parts = [bytesOf(timesUs), bytesOf(values), JSON.stringify(windows)].map(sha256);
  return { kind: 'series', id: series.name, hash: sha256(parts.join(' ')), series, source };
}

/** As a results file keeps it. */
export function storedItem(item: BenchItem): BenchmarkSetting['items'][number] {
  const { id, kind, hash } = item;
  if (item.kind === 'outage') {
    const { title, truth, file } = item.scenario;
    const { category } = truth;
    return { id, kind, hash, title, category, source: file, labels: null, series: null };
  }
  const { series, source } = item;
  const rows = { timesUs: rowTimesUs(series), values: series.values };
  return {
    ...{ id, kind, hash, title: id, category: null, source },
    labels: labelsOf(series),
    series: rows,
  };
}

function bytesOf(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
