/** `combined_windows.json` of a NAB-shaped folder: which series there are, and where they are abnormal. */
import { readFileSync } from 'node:fs';
import { WorkbenchError, reasonOf } from '../errors.ts';
import { limits } from '../limits.ts';
import { pathKind } from '../path-kind.ts';
import { parseTimestamp } from '../recording/timestamps.ts';
import type { RowWindow } from './scores/nab-rows.ts';

/** The first and the last moment of a window, µs since the Unix epoch. */
export type TimeWindow = readonly [startUs: number, endUs: number];

/** Per file (`<group>/<file>.csv`), in the order of names: the order that everything else keeps. */
export type NabLabels = ReadonlyMap<string, readonly TimeWindow[]>;

export function readNabLabels(file: string): NabLabels {
  const problem = (reason: string) => new WorkbenchError('RECORDING_UNREADABLE', { file, reason });
  const parsed = parseLabels(file, problem);
  const names = Object.keys(parsed).sort();
  if (names.length === 0) throw problem('it names no file');
  if (names.length > limits.benchmarkFilesMax) {
    throw problem(`it names more than ${limits.benchmarkFilesMax} files`);
  }
  return new Map(
    names.map((name) => {
      // The name becomes a path: it may not leave the folder.
      if (!/^[\w-][\w. -]*\/[\w-][\w. -]*\.csv$/.test(name)) {
        throw problem(`"${name}" is not of the form <group>/<file>.csv`);
      }
      return [name, windowsOf(name, parsed[name], problem)];
    }),
  );
}

/**
 * The rows of the windows of a series. A window begins and ends at the time of exactly one row, as
 * NAB demands: with repeated timestamps nobody could say which row is meant.
 */
export function rowsOfWindows(
  windows: readonly TimeWindow[],
  timesUs: Readonly<Float64Array>,
): readonly RowWindow[] | string {
  const found: RowWindow[] = [];
  for (const [start, end] of windows) {
    const first = timesUs.indexOf(start);
    const last = timesUs.indexOf(end);
    if (first < 0 || last < 0) return 'a window begins or ends at a time that no row has';
    if (timesUs.includes(start, first + 1) || timesUs.includes(end, last + 1)) {
      return 'a window begins or ends at a time that several rows have';
    }
    if (last < first) return 'a window ends before it begins';
    if (first <= (found.at(-1)?.last ?? -1)) return 'its windows overlap or are out of order';
    found.push({ first, last });
  }
  return found;
}

function parseLabels(
  file: string,
  problem: (reason: string) => WorkbenchError,
): Readonly<Record<string, unknown>> {
  const found = pathKind(file);
  if (found.kind === 'missing') throw new WorkbenchError('SOURCE_MISSING', { file });
  if (found.kind !== 'file') throw problem(found.reason);
  if (found.bytes > limits.benchmarkLabelsBytesMax) {
    const { bytes } = found;
    throw new WorkbenchError('FILE_TOO_LARGE', {
      file,
      bytes,
      limit: limits.benchmarkLabelsBytesMax,
    });
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw problem(`not JSON: ${reasonOf(error)}`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw problem('it is no table of files and their windows');
  }
  return Object.fromEntries(Object.entries(parsed));
}

function windowsOf(
  name: string,
  value: unknown,
  problem: (reason: string) => WorkbenchError,
): readonly TimeWindow[] {
  if (!Array.isArray(value)) throw problem(`${name}: its windows are no list`);
  if (value.length > limits.benchmarkWindowsMax) {
    throw problem(`${name}: it has more than ${limits.benchmarkWindowsMax} windows`);
  }
  return value.map((pair: unknown) => {
    const [start, end] = Array.isArray(pair) ? pair.map((t) => parseTimestamp(t)) : [];
    if (!Array.isArray(pair) || pair.length !== 2 || !start || !end) {
      throw problem(`${name}: a window is not a pair of timestamps`);
    }
    return [start.us, end.us] as const;
  });
}
