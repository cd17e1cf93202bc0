/** Where results of benchmarks are, and what a person may type for them: a file, or the name of its suite. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  isRandomEntry as isRandom,
  makeBoard,
  ResultsFile,
  type Board,
  type KeptBoard,
  type MadeBoard,
  type Plan,
} from '../engine/benchmark/index.ts';
import { reasonOf, WorkbenchError } from '../engine/errors.ts';
import { pathKind } from '../engine/path-kind.ts';
import { similarFile, similarName } from '../engine/similar.ts';
import { shownBoard, shownDetails } from './board-shape.ts';
import { homeFolders } from './home.ts';
import type { Io } from './io.ts';
import type { ListedResults } from './output/bench-list.ts';

type Place = Pick<Io, 'cwd' | 'env'>;

export function resultsFolder(io: Place): string {
  return join(homeFolders(io).home, 'bench');
}

export function defaultResultsFile(io: Place, suite: string): string {
  const name = suite.replaceAll(/[^a-z0-9-]+/gi, '-').replace(/^-+/, '');
  return join(resultsFolder(io), `${name}.db`);
}

/**
 * The file of what was typed; of nothing, the one that was written to last.
 * @throws WorkbenchError USAGE, FILE_NOT_FOUND
 */
export function resultsFileOf(io: Place, typed: string | undefined): string {
  const folder = resultsFolder(io);
  if (typed === undefined) {
    const [newest] = resultsFilesIn(folder);
    if (newest !== undefined) return newest;
    throw new WorkbenchError('USAGE', {
      reason: `no results in ${folder} yet`,
      next: 'workbench bench --suite quick',
    });
  }
  const path = resolve(io.cwd, typed);
  if (pathKind(path).kind === 'file') return path;
  if (/\.db$/i.test(typed)) {
    throw new WorkbenchError('FILE_NOT_FOUND', { file: typed, suggestion: similarFile(path) });
  }
  // A folder of scenarios is a suite as well, and is named by its path.
  const file = [typed, path].map((suite) => defaultResultsFile(io, suite)).find(existsSync);
  if (file !== undefined) return file;
  const known = resultsFilesIn(folder).map((name) => name.slice(folder.length + 1, -'.db'.length));
  const near = similarName(typed, known);
  const list =
    known.length === 0 ? 'workbench bench --suite quick' : `there are: ${known.join(', ')}`;
  throw new WorkbenchError('USAGE', {
    reason: `no results of a suite ${typed}`,
    next: near === null ? list : `did you mean ${near}?`,
  });
}

/** The newest first. */
function resultsFilesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.db'))
    .map((name) => join(folder, name))
    .map((file) => ({ file, writtenMs: statSync(file).mtimeMs }))
    .sort((a, b) => b.writtenMs - a.writtenMs)
    .map(({ file }) => file);
}

export interface StoredBoard extends MadeBoard {
  /** Scores that are not there, because the benchmark was cut off. */
  readonly missing: number;
  /** Names of entries as they were asked for, which is not how they are ranked. */
  readonly order: readonly string[];
}

/**
 * What was asked for last, as far as it got: the board that was kept, or one of what there is.
 * @throws WorkbenchError RESULTS_FOREIGN
 */
export function storedBoard(results: ResultsFile, file: string): StoredBoard {
  const plan = results.plan();
  if (plan === null) {
    throw new WorkbenchError('RESULTS_FOREIGN', { file, reason: 'nothing was asked for yet' });
  }
  const missing = results.missingCells(plan);
  const kept = keptBoard(results, file);
  const made = kept && isOf(kept.board, plan) ? kept : makeBoard(results, { ...plan, isRandom });
  return { board: made.board, details: made.details, missing, order: plan.entries };
}

/** Null where there is none, or plays have been made since. @throws WorkbenchError RESULTS_FOREIGN */
function keptBoard(results: ResultsFile, file: string): MadeBoard | null {
  const kept = readKept(results, file);
  if (!kept?.isCurrent) return null;
  for (const part of [shownBoard(kept.board), shownDetails(kept.details)]) {
    if (!part.ok) throw new WorkbenchError('RESULTS_FOREIGN', { file, reason: part.reason });
  }
  return kept;
}

/** A stranger's board may be anything, and whatever reads it may trip over that. */
function readKept(results: ResultsFile, file: string): KeptBoard | null {
  try {
    return results.board();
  } catch (error) {
    throw new WorkbenchError(
      'RESULTS_FOREIGN',
      { file, reason: reasonOf(error) },
      { cause: error },
    );
  }
}

function isOf({ rows, items, seeds }: Board, plan: Plan): boolean {
  const names = new Set(rows.map(({ entry }) => entry));
  const ids = new Set(items.map(({ id }) => id));
  return (
    names.size === plan.entries.length &&
    plan.entries.every((name) => names.has(name)) &&
    ids.size === plan.items.length &&
    plan.items.every((id) => ids.has(id)) &&
    seeds.join() === plan.seeds.join()
  );
}

export function listResults(io: Place): {
  readonly results: readonly ListedResults[];
  readonly skipped: readonly string[];
} {
  const results: ListedResults[] = [];
  const skipped: string[] = [];
  for (const file of resultsFilesIn(resultsFolder(io))) {
    try {
      results.push(listed(file));
    } catch (error) {
      skipped.push(reasonOf(error));
    }
  }
  return { results, skipped };
}

function listed(file: string): ListedResults {
  const results = ResultsFile.read(file);
  try {
    const plan = results.plan() ?? { items: [], seeds: [], entries: [], notes: [] };
    const { suite, engineVersion, createdUnixMs } = results.heading;
    return {
      ...{ file, suite, engineVersion, createdUnixMs },
      items: plan.items.length,
      seeds: plan.seeds.length,
      entries: plan.entries.length,
      missing: results.missingCells(plan),
    };
  } finally {
    results.close();
  }
}
