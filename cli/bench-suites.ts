/** What each suite of `workbench bench` consists of. */
import { join, resolve } from 'node:path';
import {
  benchSeries,
  outageItem,
  readNabFolder,
  type BenchItem,
} from '../engine/benchmark/index.ts';
import { WorkbenchError } from '../engine/errors.ts';
import { pathKind } from '../engine/path-kind.ts';
import { similarName } from '../engine/similar.ts';
import { datasetItems } from './bench-datasets.ts';
import { homeFolders } from './home.ts';
import type { Io } from './io.ts';
import { loadLibrary } from './library.ts';
import type { LibraryEntry } from './output/library-table.ts';
import { packageFolder } from './package-files.ts';
import { allowedPaths } from './source-paths.ts';

export interface Suite {
  readonly name: string;
  readonly items: readonly BenchItem[];
  readonly seeds: readonly number[];
  /** What a reader of its board must know. */
  readonly notes: readonly string[];
}

/**
 * One scenario of each way in which outages show themselves (errors, waiting, a loop, a slow leak) and
 * one day without any: enough to see whether a detector is worth an hour of `library`.
 */
const quickIds = [
  'checkout-pool-exhaustion',
  'config-push',
  'retry-storm',
  'gray-failure',
  'noisy-but-healthy',
];
const named = ['quick', 'library', 'nab', 'nezha', 'petshop'];

/** @throws WorkbenchError USAGE, FILE_NOT_FOUND, SCENARIO_INVALID, and what readers of recordings throw */
export async function openSuite(
  io: Io,
  name: string,
  { dir, seeds }: { readonly dir?: string; readonly seeds?: number },
): Promise<Suite> {
  const all = { name, seeds: seedsOf(seeds ?? (name === 'library' ? 3 : 1)), notes: [] };
  if (name === 'nab') return { ...all, items: await nabItems(io, dir) };
  if (name === 'nezha' || name === 'petshop') {
    return { ...all, ...(await datasetItems(io, name, dir)) };
  }
  if (dir !== undefined) {
    throw new WorkbenchError('USAGE', {
      reason: '--dir is for suites of published data: nab, nezha, petshop',
    });
  }
  const scenarios = join(packageFolder(), 'scenarios');
  if (name === 'library') {
    return { ...all, items: await outages(io, loadLibrary(scenarios)) };
  }
  if (name === 'quick') {
    const chosen = loadLibrary(scenarios).filter(({ id }) => quickIds.includes(id));
    return { ...all, items: await outages(io, chosen) };
  }
  const folder = resolve(io.cwd, name);
  if (pathKind(folder).kind !== 'folder') throw unknownSuite(name);
  const found = loadLibrary(folder);
  if (found.length === 0) {
    const reason = `${name} has no folder with a scenario.yaml`;
    throw new WorkbenchError('USAGE', { reason });
  }
  return { ...all, name: folder, items: await outages(io, found) };
}

function seedsOf(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}

async function nabItems(io: Io, dir: string | undefined): Promise<readonly BenchItem[]> {
  if (dir === undefined) {
    throw new WorkbenchError('USAGE', {
      reason: '--suite nab needs --dir, a folder with data/ and combined_windows.json',
      next: 'get it from https://github.com/numenta/NAB (MIT licence)',
    });
  }
  const folder = resolve(io.cwd, dir);
  const all = await readNabFolder(folder);
  return all.map((series) => benchSeries(series, join(folder, 'data', series.name)));
}

/** Recordings are read into their caches first: a play needs nothing but its cache. */
async function outages(io: Io, entries: readonly LibraryEntry[]): Promise<readonly BenchItem[]> {
  const items: BenchItem[] = [];
  for (const { id, scenario } of entries) {
    if (scenario.kind === 'simulated') {
      items.push(outageItem(id, scenario, null));
      continue;
    }
    const { prepareRecording } = await import('../engine/recording/index.ts');
    const { home, cache } = homeFolders(io);
    const within = allowedPaths({ home, scenarioFile: scenario.file, allow: [], cwd: io.cwd });
    const { cacheFile } = await prepareRecording(scenario, { cacheFolder: cache, within });
    items.push(outageItem(id, scenario, cacheFile));
  }
  return items;
}

function unknownSuite(name: string): WorkbenchError {
  const near = similarName(name, named);
  const known = `suites: ${named.join(', ')}, or a folder of scenarios`;
  return new WorkbenchError('USAGE', {
    reason: `no suite ${name}, and no such folder`,
    next: near === null ? known : `did you mean ${near}?`,
  });
}
