/** From what is read to what is played. */
import { basename } from 'node:path';
import type { Scenario } from '../scenario/model.ts';
import { sha256 } from './keys.ts';
import type { OutageItem, SeriesItem } from './model.ts';
import type { NabSeries } from './nab-folder.ts';

/** @param cacheFile of a recording; its name is a hash of all that it was made from */
export function outageItem(id: string, scenario: Scenario, cacheFile: string | null): OutageItem {
  const content = cacheFile === null ? '' : basename(cacheFile);
  const hash = sha256(`${scenario.hash} ${content}`);
  return { kind: 'outage', id, hash, scenario, cacheFile };
}

export function benchSeries(series: NabSeries): SeriesItem {
  const { timesUs, values, windows } = series;
  const parts = [bytesOf(timesUs), bytesOf(values), JSON.stringify(windows)].map(sha256);
  return { kind: 'series', id: series.name, hash: sha256(parts.join(' ')), series };
}

function bytesOf(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
