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
import type { EntryCost, EntryOutcome, OutageOutcome, PlayedTruth } from '../model.ts';

/** 'wbbn' in ASCII: tells results from any other program's database. */
const applicationId = 0x7762626e;
const version = 1;

const tables = `
CREATE TABLE benchmark (suite TEXT NOT NULL, engine_version TEXT NOT NULL, created_unix_ms INTEGER NOT NULL) STRICT;
CREATE TABLE item (
  id TEXT PRIMARY KEY, position INTEGER NOT NULL, kind TEXT NOT NULL, hash TEXT NOT NULL, title TEXT NOT NULL,
  -- Of a series: {rows, windows, buffer}. Else null.
  labels TEXT
) STRICT;
CREATE TABLE entry (
  name TEXT PRIMARY KEY, position INTEGER NOT NULL, role TEXT NOT NULL, hash TEXT NOT NULL, detectors TEXT NOT NULL
) STRICT;
CREATE TABLE play (
  item TEXT NOT NULL REFERENCES item, seed INTEGER NOT NULL, records INTEGER NOT NULL, truth TEXT,
  PRIMARY KEY (item, seed)
) STRICT;
CREATE TABLE cell (
  key TEXT PRIMARY KEY, item TEXT NOT NULL REFERENCES item, seed INTEGER NOT NULL, entry TEXT NOT NULL REFERENCES entry,
  kind TEXT NOT NULL, cost TEXT NOT NULL,
  -- Of an outage: {opened, findingCount}. Else null.
  outcome TEXT,
  -- Little-endian doubles. Outage: times and scores of findings. Series: scores and alert scores by row.
  first BLOB NOT NULL, second BLOB NOT NULL,
  UNIQUE (item, seed, entry)
) STRICT;
`;

export interface StoredItem {
  readonly id: string;
  readonly kind: 'outage' | 'series';
  readonly hash: string;
  readonly title: string;
  /** Of a series. */
  readonly labels: SeriesLabels | null;
}

export interface StoredEntry {
  readonly name: string;
  readonly role: string;
  readonly hash: string;
  /** What it consists of, for people: `zscore:limit=8`. */
  readonly detectors: string;
}

export interface StoredPlay {
  readonly item: string;
  readonly seed: number;
  readonly records: number;
  readonly truth: PlayedTruth | null;
}

export interface StoredCell {
  readonly item: string;
  readonly seed: number;
  readonly entry: string;
  readonly outcome: EntryOutcome;
}

export interface Heading {
  readonly suite: string;
  readonly engineVersion: string;
  readonly createdUnixMs: number;
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
    return new ResultsFile(db, headingOf(db));
  }

  private constructor(db: Database.Database, heading: Heading) {
    this.#db = db;
    this.heading = heading;
  }

  keys(): ReadonlySet<string> {
    return new Set(this.#db.prepare<[], string>('SELECT key FROM cell').pluck().all());
  }

  setUp(items: readonly StoredItem[], entries: readonly StoredEntry[]): void {
    const item = this.#db.prepare('INSERT OR REPLACE INTO item VALUES (?, ?, ?, ?, ?, ?)');
    const entry = this.#db.prepare('INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?)');
    this.#kept(() => {
      items.forEach(({ id, kind, hash, title, labels }, position) =>
        item.run(id, position, kind, hash, title, labels && JSON.stringify(labels)),
      );
      entries.forEach(({ name, role, hash, detectors }, position) =>
        entry.run(name, position, role, hash, detectors),
      );
    });
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
        'SELECT id, kind, hash, title, labels FROM item ORDER BY position',
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

  close(): void {
    this.#db.close();
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

interface CellRow {
  readonly item: string;
  readonly seed: number;
  readonly kind: EntryOutcome['kind'];
  readonly cost: string;
  readonly outcome: string | null;
  readonly first: Buffer;
  readonly second: Buffer;
}

function columnsOf(outcome: EntryOutcome) {
  if (outcome.kind === 'series') {
    return { first: bytes(outcome.scores), second: bytes(outcome.alertScores), rest: null };
  }
  const { findings, opened, findingCount } = outcome;
  const rest = JSON.stringify({ opened, findingCount });
  return { first: bytes(findings.timesUs), second: bytes(findings.scores), rest };
}

function outcomeOf({ kind, cost: costText, outcome, first, second }: CellRow): EntryOutcome {
  const cost = parsed<EntryCost>(costText);
  if (kind === 'series')
    return { kind, scores: doubles(first), alertScores: doubles(second), cost };
  const rest = parsed<Pick<OutageOutcome, 'opened' | 'findingCount'>>(outcome ?? '{}');
  const findings = { timesUs: doubles(first), scores: doubles(second) };
  return { kind, ...rest, findings, cost };
}

function bytes(values: Float64Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

/** A copy: the bytes of a row may lie at any offset. */
function doubles(blob: Buffer): Float64Array {
  return new Float64Array(new Uint8Array(blob).buffer);
}

/** The parse boundary: we wrote it, and the file says that it is ours. */
function parsed<T>(json: string): T {
  return JSON.parse(json) as T;
}

function open(file: string, options: { readonly readonly: boolean }): Database.Database {
  try {
    return new Database(file, options);
  } catch (error) {
    throw storageError(file, error, 'name another file with --db');
  }
}

function requireOurs(db: Database.Database, file: string): void {
  let reason = '';
  try {
    if (db.pragma('application_id', { simple: true }) !== applicationId) {
      reason = 'it was not made by workbench bench';
    } else if (db.pragma('user_version', { simple: true }) !== version) {
      reason = 'another version of workbench made it';
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
