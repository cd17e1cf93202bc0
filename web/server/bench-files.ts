/** Results files on disk, through the door of `engine/benchmark`. Runs in the process that answers. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  comparable,
  compareBoards,
  matchAlerts,
  ResultsFile,
  type Board,
  type StoredItem,
} from '../../engine/benchmark/index.ts';
import { WorkbenchError } from '../../engine/errors.ts';
import { limits } from '../../engine/limits.ts';
import { pathKind } from '../../engine/path-kind.ts';
import type {
  BoardAnswer,
  BoardDifference,
  BoardList,
  CellAnswer,
  ListedBoard,
  OutagePlay,
  PlayRecipe,
} from './bench-answers.ts';
import { playCommand } from './bench-command.ts';
import { detectorTexts, refusalToPlay, type BenchPlaces } from './bench-places.ts';
import { keyOfPlay } from './bench-runs.ts';
import { rowsOf, stretchesOf } from './bench-series.ts';
import { boardCheck } from './bench-shape.ts';

/** Ids are parts of addresses; see the gate's `plainPath`. */
const plainId = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
const stretchesMax = 800;
const findingsMax = 600;

export interface CellAsked {
  readonly board: string;
  readonly item: string;
  readonly entry: string;
}

export interface DifferenceAsked {
  readonly board: string;
  /** The older one. */
  readonly with: string;
  /** Although they are not of the same. */
  readonly anyway: boolean;
}

/** Finds the runs that are stored under these keys (`keyOfPlay`). */
export type RunFinder = (keys: ReadonlySet<string>) => ReadonlyMap<string, string>;

export class BenchFiles {
  readonly #places: BenchPlaces;
  readonly #check = boardCheck();
  readonly #findRuns: RunFinder;

  constructor(places: BenchPlaces, findRuns: RunFinder) {
    this.#places = places;
    this.#findRuns = findRuns;
  }

  list(): BoardList {
    const { folder } = this.#places;
    const boards: ListedBoard[] = [];
    const unreadable: { file: string; reason: string }[] = [];
    for (const name of databasesIn(folder)) {
      const id = name.slice(0, -3);
      try {
        if (!plainId.test(id)) throw foreign(name, 'its name cannot be part of an address');
        boards.push(this.#use(id, (results) => listed(id, results, this.#fileOf(id))));
      } catch (error) {
        if (!(error instanceof WorkbenchError)) throw error;
        unreadable.push({ file: name, reason: String(error.details['reason'] ?? error.message) });
      }
    }
    boards.sort((a, b) => b.createdUnixMs - a.createdUnixMs || (a.id < b.id ? -1 : 1));
    return { folder, boards, unreadable };
  }

  /** @throws WorkbenchError RESULTS_NOT_FOUND, RESULTS_FOREIGN */
  board(id: string): BoardAnswer {
    return this.#use(id, (results) => {
      const kept = results.board();
      if (kept) {
        const wrong = this.#check(kept);
        if (wrong !== null) throw foreign(id, wrong);
      }
      return {
        ...listed(id, results, this.#fileOf(id)),
        made: kept && { board: kept.board, details: kept.details },
        isCurrent: kept?.isCurrent ?? true,
      };
    });
  }

  /** @throws WorkbenchError RESULTS_NOT_FOUND, RESULTS_FOREIGN, NOT_IN_RESULTS */
  cell(asked: CellAsked): CellAnswer {
    return this.#use(asked.board, (results) => {
      const { item, detectors } = this.#find(results, asked);
      return item.kind === 'series'
        ? seriesCell(results, asked, item)
        : {
            kind: 'outage',
            ...{ item: item.id, entry: asked.entry },
            plays: this.#plays(results, { asked, item, detectors }),
            playable: this.#playable(item, asked.entry, detectors),
          };
    });
  }

  /** @throws WorkbenchError RESULTS_NOT_FOUND, RESULTS_FOREIGN, NOT_IN_RESULTS */
  difference({ board, with: older, anyway }: DifferenceAsked): BoardDifference {
    const [before, after] = [this.#madeBoard(older), this.#madeBoard(board)];
    const found = comparable(before, after);
    const isShown = found.ok || (anyway && found.canBeForced);
    return {
      comparable: found,
      comparison: isShown ? compareBoards(before, after) : null,
      columns: after.columns,
      rankedBy: after.rankedBy,
    };
  }

  #madeBoard(id: string): Board {
    const { made } = this.board(id);
    if (made) return made.board;
    throw new WorkbenchError('NOT_IN_RESULTS', { what: 'finished board', name: id });
  }

  /** What to play. @throws WorkbenchError RESULTS_NOT_FOUND, NOT_IN_RESULTS, PLAY_REFUSED */
  recipe(asked: CellAsked & { readonly seed: number }): PlayRecipe {
    return this.#use(asked.board, (results) => {
      const { item, detectors } = this.#find(results, asked);
      const playable = this.#playable(item, asked.entry, detectors);
      if (!playable.ok) throw new WorkbenchError('PLAY_REFUSED', { reason: playable.reason });
      if (!results.plays().some((play) => play.item === item.id && play.seed === asked.seed)) {
        throw new WorkbenchError('NOT_IN_RESULTS', { what: 'seed', name: asked.seed });
      }
      const { source, hash } = item;
      return { source, hash, seed: asked.seed, detectors: detectorTexts(detectors) };
    });
  }

  #playable(item: StoredItem, entry: string, detectors: string) {
    const reason = refusalToPlay({ ...item, entry, detectors }, this.#places);
    return reason === null ? ({ ok: true } as const) : ({ ok: false, reason } as const);
  }

  #plays(
    results: ResultsFile,
    {
      asked,
      item,
      detectors,
    }: { readonly asked: CellAsked; readonly item: StoredItem; readonly detectors: string },
  ): OutagePlay[] {
    const { engineVersion } = results.heading;
    const truths = new Map(
      results.plays().map((play) => [`${play.item}\0${play.seed}`, play.truth]),
    );
    const cells = results.cells(asked.entry).filter((cell) => cell.item === item.id);
    const keyOf = (seed: number): string =>
      keyOfPlay({ engineVersion, itemHash: item.hash, seed, detectors });
    const runs = this.#findRuns(new Set(cells.map(({ seed }) => keyOf(seed))));
    return cells.flatMap(({ seed, outcome }): OutagePlay[] => {
      if (outcome.kind !== 'outage') return [];
      const truth = truths.get(`${item.id}\0${seed}`) ?? null;
      const { durationUs = 0, incidents = [], firstUserImpactUs = null } = truth ?? {};
      const alertsUs = outcome.opened.map(({ t }) => t);
      const matched = matchAlerts({ incidents, alertsUs, watchedUs: durationUs });
      const caught = matched.incidents.map(({ caughtUs }) => caughtUs);
      return [
        {
          ...{ seed, durationUs, firstUserImpactUs, incidents: matched.incidents },
          opened: outcome.opened.slice(0, limits.benchmarkOpenedMax).map((one) => ({
            ...one,
            counts: matched.falseAlarmsUs.includes(one.t)
              ? 'false-alarm'
              : caught.includes(one.t)
                ? 'catch'
                : 'again',
          })),
          findings: surest(outcome.findings, durationUs),
          run: runs.get(keyOf(seed)) ?? null,
          command: playCommand({ source: item.source, seed, detectors: detectorTexts(detectors) }),
        },
      ];
    });
  }

  #find(results: ResultsFile, { item: id, entry: name }: CellAsked) {
    const item = results.items().find((one) => one.id === id);
    if (!item) throw new WorkbenchError('NOT_IN_RESULTS', { what: 'item', name: id });
    const entry = results.entries().find((one) => one.name === name);
    if (!entry) throw new WorkbenchError('NOT_IN_RESULTS', { what: 'entry', name });
    return { item, detectors: entry.detectors };
  }

  #fileOf(id: string): string {
    return join(this.#places.folder, `${id}.db`);
  }

  /** Opened for one answer only: a benchmark that goes on writes to it. */
  #use<A>(id: string, work: (results: ResultsFile) => A): A {
    const file = this.#fileOf(id);
    if (!plainId.test(id) || pathKind(file).kind !== 'file') {
      throw new WorkbenchError('RESULTS_NOT_FOUND', { id, folder: this.#places.folder });
    }
    const results = ResultsFile.read(file);
    try {
      return work(results);
    } catch (error) {
      // JSON that is none, blobs of half a number, a row that is not there: the file is damaged.
      if (error instanceof WorkbenchError) throw error;
      throw foreign(file, error instanceof Error ? error.message : String(error));
    } finally {
      results.close();
    }
  }
}

function listed(id: string, results: ResultsFile, file: string): ListedBoard {
  const plan = results.plan();
  const { suite, engineVersion, createdUnixMs } = results.heading;
  return {
    ...{ id, suite, engineVersion, createdUnixMs },
    items: plan?.items.length ?? 0,
    entries: plan?.entries.length ?? 0,
    seeds: plan?.seeds.length ?? 0,
    missing: plan ? results.missingCells(plan) : 0,
    hasBoard: results.hasBoard(),
    fileBytes: statSync(file).size,
  };
}

function seriesCell(results: ResultsFile, asked: CellAsked, item: StoredItem): CellAnswer {
  const found = results.cells(asked.entry).find((cell) => cell.item === item.id);
  const series = results.series(item.id);
  if (found?.outcome.kind !== 'series' || !series) {
    throw new WorkbenchError('NOT_IN_RESULTS', {
      what: 'cell',
      name: `${asked.entry}, ${item.id}`,
    });
  }
  const columns = { ...series, ...found.outcome };
  const details = results.board()?.details.entries.find(({ entry }) => entry === asked.entry);
  return {
    kind: 'series',
    ...{ item: item.id, entry: asked.entry },
    rows: rowsOf(columns),
    windows: item.labels?.windows.slice(0, limits.benchmarkWindowsMax) ?? [],
    threshold: details?.threshold ?? null,
    stretches: stretchesOf(columns, stretchesMax),
  };
}

/** The surest finding of each stretch of the play. */
function surest(
  { timesUs, scores }: { readonly timesUs: Float64Array; readonly scores: Float64Array },
  durationUs: number,
): OutagePlay['findings'] {
  const width = Math.max(1, durationUs / findingsMax);
  const best = new Map<number, readonly [number, number]>();
  timesUs.forEach((t, i) => {
    const score = scores[i] ?? NaN;
    if (!Number.isFinite(t) || !Number.isFinite(score)) return;
    const stretch = Math.min(findingsMax, Math.max(0, Math.floor(t / width)));
    if (score > (best.get(stretch)?.[1] ?? -1)) best.set(stretch, [t, score]);
  });
  return [...best.values()].sort(([a], [b]) => a - b);
}

function foreign(file: string, reason: string): WorkbenchError {
  return new WorkbenchError('RESULTS_FOREIGN', { file, reason });
}

/** Regular files only: a pipe would never end, a link lead elsewhere. */
function databasesIn(folder: string): string[] {
  if (pathKind(folder).kind !== 'folder') return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.db'))
    .map(({ name }) => name)
    .sort()
    .slice(0, limits.benchmarkResultsFilesMax);
}
