/**
 * The file that a benchmark leaves: what was played, and what each entry said, so that every figure of
 * every table can be computed again from it. A cell is kept under a key of all that it depends on; a
 * benchmark that was cut off goes on with those that are missing.
 */
import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { reasonOf, WorkbenchError } from '../../errors.ts';
import { storageError } from '../../store/index.ts';
import type { SeriesLabels } from '../board/series-figures.ts';
import { sha256 } from '../keys.ts';
import type { PlayedTruth } from '../model.ts';
import { bytes, columnsOf, doubles, outcomeOf, parsed, type CellRow } from './columns.ts';
import { strangenessOf } from './identity.ts';
import {
  applicationId,
  tables,
  version,
  type Heading,
  type KeptBoard,
  type MadeBoard,
  type Plan,
  type StoredCell,
  type StoredEntry,
  type StoredItem,
  type StoredPlay,
  type StoredSeries,
} from './schema.ts';

export interface BenchmarkSetting {
  readonly items: readonly (StoredItem & { readonly series: StoredSeries | null })[];
  readonly entries: readonly StoredEntry[];
  readonly seeds: readonly number[];
  readonly notes: readonly string[];
}

export class ResultsFile {
  readonly heading: Heading;
  readonly #db: Database.Database;

  /**
   * Makes the file, or opens one to go on with.
   * @throws WorkbenchError RESULTS_FOREIGN, RESULTS_DIFFER where it holds another benchmark
   */
  static resume(file: string, heading: Heading): ResultsFile {
    const isNew = !existsSync(file);
    const db = open(file, { readonly: false });
    if (isNew) {
      db.pragma(`application_id = ${applicationId}`);
      db.pragma(`user_version = ${version}`);
      db.exec(tables);
      const { suite, engineVersion, createdUnixMs } = heading;
      db.prepare('INSERT INTO benchmark VALUES (?, ?, ?)').run(suite, engineVersion, createdUnixMs);
      return new ResultsFile(db, heading);
    }
    requireOurs(db, file);
    const found = new ResultsFile(db, headingOf(db));
    for (const name of ['suite', 'engineVersion'] as const) {
      if (found.heading[name] === heading[name]) continue;
      found.close();
      throw new WorkbenchError('RESULTS_DIFFER', {
        file,
        reason: `it is of ${name === 'suite' ? 'suite' : 'engine'} ${found.heading[name]}, this is ${heading[name]}`,
      });
    }
    return found;
  }

  /** @throws WorkbenchError FILE_NOT_FOUND, RESULTS_FOREIGN */
  static read(file: string): ResultsFile {
    if (!existsSync(file)) throw new WorkbenchError('FILE_NOT_FOUND', { file });
    const db = open(file, { readonly: true });
    requireOurs(db, file);
    db.pragma('query_only = ON');
    return new ResultsFile(db, headingOf(db));
  }

  private constructor(db: Database.Database, heading: Heading) {
    this.#db = db;
    this.heading = heading;
  }

  keys(): ReadonlySet<string> {
    return new Set(this.#db.prepare<[], string>('SELECT key FROM cell').pluck().all());
  }

  /** What is about to be played: until then nothing can be added. */
  setUp({ items, entries, seeds, notes }: BenchmarkSetting): void {
    const item = this.#db.prepare(
      'INSERT OR REPLACE INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    const entry = this.#db.prepare('INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?)');
    const plan: Plan = {
      items: items.map(({ id }) => id),
      seeds,
      entries: entries.map(({ name }) => name),
      notes,
    };
    this.#kept(() => {
      items.forEach(({ id, kind, hash, title, category, source, labels, series }, position) => {
        const rows = [series && bytes(series.timesUs), series && bytes(series.values)];
        const label = labels && JSON.stringify(labels);
        item.run(id, position, kind, hash, title, category, source, label, ...rows);
      });
      entries.forEach(({ name, role, hash, detectors }, position) =>
        entry.run(name, position, role, hash, detectors),
      );
      this.#db.prepare('INSERT OR REPLACE INTO asked VALUES (1, ?)').run(JSON.stringify(plan));
    });
  }

  /** What was asked for last, whether or not all of it is played; null before anything was. */
  plan(): Plan | null {
    const text = this.#db.prepare<[], string>('SELECT plan FROM asked').pluck().get();
    return text === undefined ? null : parsed<Plan>(text);
  }

  /** How many cells of a plan are not there yet. */
  missingCells(plan: Plan): number {
    return plan.items.length * plan.seeds.length * plan.entries.length - this.#keysOf(plan).length;
  }

  /** Instead of the one that was kept before. */
  keepBoard({ board, details }: MadeBoard): void {
    const text = [JSON.stringify(board), JSON.stringify(details)];
    const insert = this.#db.prepare('INSERT OR REPLACE INTO board VALUES (1, ?, ?, ?)');
    this.#kept(() => insert.run(this.#madeFrom(planOf(board)), ...text));
  }

  hasBoard(): boolean {
    return this.#db.prepare('SELECT 1 FROM board').get() !== undefined;
  }

  /** The finished board; null where none was finished. */
  board(): KeptBoard | null {
    const row = this.#db
      .prepare<[], { madeFrom: string; board: string; details: string }>(
        'SELECT made_from AS madeFrom, board, details FROM board',
      )
      .get();
    if (!row) return null;
    const board = parsed<KeptBoard['board']>(row.board);
    const details = parsed<KeptBoard['details']>(row.details);
    return { board, details, isCurrent: row.madeFrom === this.#madeFrom(planOf(board)) };
  }

  /** One play with its cells, all or none. */
  add(play: StoredPlay, cells: readonly (StoredCell & { readonly key: string })[]): void {
    const { item, seed, records, truth } = play;
    const insertPlay = this.#db.prepare('INSERT OR REPLACE INTO play VALUES (?, ?, ?, ?)');
    const insertCell = this.#db.prepare(
      'INSERT OR REPLACE INTO cell VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#kept(() => {
      insertPlay.run(item, seed, records, truth && JSON.stringify(truth));
      for (const { key, entry, outcome } of cells) {
        const { first, second, rest } = columnsOf(outcome);
        const cost = JSON.stringify(outcome.cost);
        insertCell.run(key, item, seed, entry, outcome.kind, cost, rest, first, second);
      }
    });
  }

  items(): StoredItem[] {
    return this.#db
      .prepare<[], Omit<StoredItem, 'labels'> & { readonly labels: string | null }>(
        'SELECT id, kind, hash, title, category, source, labels FROM item ORDER BY position',
      )
      .all()
      .map((row) => ({
        ...row,
        labels: row.labels === null ? null : parsed<SeriesLabels>(row.labels),
      }));
  }

  entries(): StoredEntry[] {
    return this.#db
      .prepare<[], StoredEntry>('SELECT name, role, hash, detectors FROM entry ORDER BY position')
      .all();
  }

  plays(): StoredPlay[] {
    return this.#db
      .prepare<[], { item: string; seed: number; records: number; truth: string | null }>(
        'SELECT play.* FROM play JOIN item ON item.id = play.item ORDER BY position, seed',
      )
      .all()
      .map((row) => ({
        ...row,
        truth: row.truth === null ? null : parsed<PlayedTruth>(row.truth),
      }));
  }

  /** What an entry said, in the order of the plays. */
  cells(entry: string): StoredCell[] {
    return this.#db
      .prepare<[string], CellRow>(
        `SELECT cell.item, seed, cell.kind, cost, outcome, first, second
         FROM cell JOIN item ON item.id = cell.item WHERE entry = ? ORDER BY position, seed`,
      )
      .all(entry)
      .map((row) => ({ item: row.item, seed: row.seed, entry, outcome: outcomeOf(row) }));
  }

  /** The rows of an item; null where it is no series. */
  series(item: string): StoredSeries | null {
    const row = this.#db
      .prepare<[string], { times: Buffer | null; amounts: Buffer | null }>(
        'SELECT times, amounts FROM item WHERE id = ?',
      )
      .get(item);
    if (!row?.times || !row.amounts) return null;
    return { timesUs: doubles(row.times), values: doubles(row.amounts) };
  }

  close(): void {
    this.#db.close();
  }

  #madeFrom(plan: Plan): string {
    return sha256(JSON.stringify(this.#keysOf(plan)));
  }

  #keysOf({ items, seeds, entries }: Plan): string[] {
    return this.#db
      .prepare<[string, string, string], string>(
        `SELECT key FROM cell WHERE item IN (SELECT value FROM json_each(?))
         AND seed IN (SELECT value FROM json_each(?)) AND entry IN (SELECT value FROM json_each(?))
         ORDER BY key`,
      )
      .pluck()
      .all(JSON.stringify(items), JSON.stringify(seeds), JSON.stringify(entries));
  }

  /** @throws WorkbenchError STORAGE_FULL, STORAGE_FAILED; what was kept before stays */
  #kept(write: () => void): void {
    try {
      this.#db.transaction(write)();
    } catch (error) {
      throw storageError(this.#db.name, error, 'the same command goes on once there is room');
    }
  }
}

function open(file: string, options: { readonly readonly: boolean }): Database.Database {
  try {
    return new Database(file, options);
  } catch (error) {
    throw storageError(file, error, 'name another file with --db');
  }
}

function requireOurs(db: Database.Database, file: string): void {
  let reason: string;
  try {
    db.pragma('trusted_schema = OFF');
    if (db.pragma('application_id', { simple: true }) !== applicationId) {
      reason = 'it was not made by workbench bench';
    } else if (db.pragma('user_version', { simple: true }) !== version) {
      reason = 'another version of workbench made it: play it anew into another file';
    } else {
      reason = strangenessOf(db);
    }
  } catch (error) {
    reason = reasonOf(error);
  }
  if (reason === '') return;
  db.close();
  throw new WorkbenchError('RESULTS_FOREIGN', { file, reason });
}

function headingOf(db: Database.Database): Heading {
  const row = db
    .prepare<[], Heading>(
      'SELECT suite, engine_version AS engineVersion, created_unix_ms AS createdUnixMs FROM benchmark',
    )
    .get();
  if (!row) throw new WorkbenchError('RESULTS_FOREIGN', { reason: 'it has no heading' });
  return row;
}

function planOf({ items, seeds, rows, notes }: MadeBoard['board']): Plan {
  return {
    notes,
    items: items.map(({ id }) => id),
    seeds,
    entries: rows.map(({ entry }) => entry),
  };
}
