/**
 * One run file, open for reading. Answers come from one snapshot of the database, so a run that is
 * still being written cannot change in the middle of an answer.
 */
import { statSync } from 'node:fs';
import Database, { type Statement } from 'better-sqlite3';
import { reasonOf, WorkbenchError } from '../errors.ts';
import { pathKind } from '../path-kind.ts';
import type { Micros } from '../sdk/index.ts';
import type { Whereabouts, WriterProcess } from '../writer-process.ts';
import { limits } from '../limits.ts';
import type { Connection } from '../store/database.ts';
import { checkIdentity } from '../store/identity.ts';
import { readAsNewest } from '../store/migrations.ts';
import { keysPerMicrosecond } from '../store/schema.ts';
import { LevelTotals, type LevelCounts } from './level-totals.ts';
import { readError } from './read-error.ts';
import type { RunState } from './types.ts';

/** Tables whose key is `max(previous + 1, t * keysPerMicrosecond)`. */
export type KeyedTable =
  'log' | 'template' | 'span' | 'change' | 'finding' | 'incident_event' | 'health_event';

/** The row of table `run`. */
export interface RunRow {
  readonly id: string;
  readonly scenario_name: string;
  readonly title: string;
  readonly scenario_kind: 'simulated' | 'recorded';
  readonly seed: number;
  readonly engine_version: string;
  readonly start_unix_us: number;
  readonly duration: Micros;
  readonly created_unix_ms: number;
  readonly state: RunState;
  readonly state_reason: string;
  /** A number, or `max`. */
  readonly asked_speed: string;
  readonly through: Micros;
  readonly digest: string | null;
  readonly pid: number | null;
  readonly machine: string;
  readonly read_count: number;
  readonly stored_count: number;
  readonly rejected_count: number;
  readonly truncated_count: number;
  readonly duplicate_count: number;
  readonly scenario_hash: string;
  /** The run that it was forked from, and when; null where it was not. */
  readonly parent_id: string | null;
  readonly forked_at: Micros | null;
  /** JSON: a list of words. */
  readonly tags: string;
  readonly difficulty: number | null;
}

export interface ServiceRow {
  readonly id: number;
  readonly name: string;
  readonly kind: string;
  readonly entry: number;
}

/** Sums of one run, for its next reader. */
export interface KeptTotals {
  readonly run: string;
  readonly totals: LevelTotals;
}

export interface OpenOptions {
  /** What an earlier reader of this file had summed up. */
  readonly kept?: KeptTotals | undefined;
  /**
   * Whether a process is there. A run that nobody writes any more is then told as interrupted: its
   * writer was gone before it could say so. Without it the file is believed.
   */
  readonly whereabouts?: (writer: WriterProcess) => Whereabouts;
}

/**
 * Opens a run file for reading; it is never changed.
 * @throws WorkbenchError FILE_NOT_FOUND, FILE_UNREADABLE, RUN_FILE_FOREIGN, RUN_FILE_NEWER,
 *   RUN_FILE_DAMAGED, STORAGE_BINDING_MISSING
 */
export function openRun(file: string, options: OpenOptions = {}): RunReader {
  refuseNonFile(file);
  let db: Connection | undefined;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true, timeout: 2_000 });
    db.pragma('trusted_schema = OFF');
    db.pragma('cache_size = -16384');
    checkIdentity(db, file);
    readAsNewest(db);
    db.pragma('query_only = ON');
    return new RunReader(db, file, options);
  } catch (error) {
    db?.close();
    throw readError(file, error);
  }
}

/** Reads one run; made by `openRun`. Holds prepared statements, so keep it while the run is in use. */
export class RunReader {
  readonly db: Connection;
  readonly file: string;
  /** In the order of their ids. */
  readonly services: readonly ServiceRow[];
  /** Names by id: events refer to a service by number. */
  readonly serviceNames: readonly string[];
  /** Sums that stay true while the run goes on. */
  readonly kept: KeptTotals;
  readonly #whereabouts: (writer: WriterProcess) => Whereabouts;
  readonly #statements = new Map<string, Statement<unknown[], unknown>>();
  readonly #ids: ReadonlyMap<string, number>;

  constructor(db: Connection, file: string, { kept, whereabouts = () => 'there' }: OpenOptions) {
    this.#whereabouts = whereabouts;
    this.db = db;
    this.file = file;
    this.services = this.rows<ServiceRow>(
      `SELECT id, name, kind, entry FROM service ORDER BY id LIMIT ${limits.servicesMax + 1}`,
    );
    const names: string[] = [];
    for (const { id, name } of this.services) {
      // Numbered from 0: a list with a hole of a billion would be walked through by whoever reads it.
      if (id < 0 || id >= limits.servicesMax) {
        throw new WorkbenchError('RUN_FILE_DAMAGED', { file, reason: `a service ${id}` });
      }
      names[id] = name;
    }
    this.serviceNames = names;
    this.#ids = new Map(this.services.map((s) => [s.name, s.id]));
    const { id, created_unix_ms: created, duration } = this.run();
    const run = `${id} of ${created}`;
    this.kept = kept?.run === run ? kept : { run, totals: new LevelTotals(duration) };
  }

  /** The run as it stands now; changes while it is being written. */
  run(): RunRow {
    const row = this.row<RunRow>('SELECT * FROM run LIMIT 1');
    if (row) return row;
    throw new WorkbenchError('RUN_FILE_FOREIGN', { file: this.file, reason: 'it holds no run' });
  }

  /** Exact counts of log records by level at or before `t`, a playhead. */
  levelsUntil(t: Micros): LevelCounts {
    return this.kept.totals.until(this, t);
  }

  /** Where the process is that writes the run; gone when the run is over. */
  writer(): Whereabouts {
    const { state, pid, machine } = this.run();
    const isOpen = state === 'running' || state === 'paused';
    return isOpen && pid !== null ? this.#whereabouts({ pid, machine }) : 'gone';
  }

  /** `t` moved into what is stored whole: before the watermark of a run that is being written. */
  playhead(t: Micros): Micros {
    const { state, through, duration } = this.run();
    const last =
      state === 'running' || state === 'paused' ? through - 1 : Math.max(through, duration);
    return Math.max(0, Math.min(t, last));
  }

  serviceName(id: number): string {
    return this.serviceNames[id] ?? '';
  }

  /** @throws WorkbenchError NOT_IN_RUN */
  serviceId(name: string): number {
    const id = this.#ids.get(name);
    if (id !== undefined) return id;
    throw new WorkbenchError('NOT_IN_RUN', {
      what: 'service',
      name,
      known: `services of this run: ${this.serviceNames.filter(Boolean).join(', ')}`,
    });
  }

  /**
   * The first key past `t`: rows with a smaller key are at or before it, the others are not. Keys run
   * ahead of `t * 4` after a burst of equal times, so the rows behind the burst are searched
   * for the end of `t`; time never falls as the key grows, so bisection finds it.
   */
  keyAfter(table: KeyedTable, t: Micros): number {
    const probe = this.statement<[number], [number]>(
      `SELECT t FROM ${table} WHERE k >= ? ORDER BY k LIMIT 1`,
      'raw',
    );
    const isPast = (key: number): boolean => {
      const found = probe.get(key);
      return found === undefined || found[0] > t;
    };
    let low = (t + 1) * keysPerMicrosecond;
    if (isPast(low)) return low;
    let step = 1;
    while (!isPast(low + step)) {
      low += step;
      step *= 2;
    }
    let high = low + step;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (isPast(middle)) high = middle;
      else low = middle;
    }
    return high;
  }

  rows<R>(sql: string, ...parameters: readonly unknown[]): R[] {
    return this.statement<unknown[], R>(sql).all(...parameters);
  }

  /** Rows as arrays: half the cost where there are many. */
  tuples<R extends readonly unknown[]>(sql: string, ...parameters: readonly unknown[]): R[] {
    return this.statement<unknown[], R>(sql, 'raw').all(...parameters);
  }

  row<R>(sql: string, ...parameters: readonly unknown[]): R | undefined {
    return this.statement<unknown[], R>(sql).get(...parameters);
  }

  /** Prepares a statement once for the life of the reader. */
  statement<P extends unknown[], R>(sql: string, mode: 'object' | 'raw' = 'object') {
    const key = `${mode} ${sql}`;
    let statement = this.#statements.get(key);
    if (!statement) {
      statement = this.db.prepare<unknown[], unknown>(sql);
      if (mode === 'raw') statement.raw();
      this.#statements.set(key, statement);
    }
    // The shape of a row is the caller's SQL: this is the one door where it is believed.
    return statement as Statement<P, R>;
  }

  /** Whether the indexes are built: a run at full speed makes them after its last record. */
  isIndexed(): boolean {
    return (
      this.row(`SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = 'span_by_trace'`) !==
      undefined
    );
  }

  /** Whether its logs were mined: files of older versions have no templates. */
  hasTemplates(): boolean {
    return this.row(`SELECT 1 FROM main.sqlite_schema WHERE name = 'template'`) !== undefined;
  }

  /** Runs `work` on one snapshot of the database. @throws WorkbenchError RUN_FILE_DAMAGED, … */
  snapshot<A>(work: () => A): A {
    try {
      return this.db.transaction(work)();
    } catch (error) {
      throw this.#isDamage(error)
        ? new WorkbenchError(
            'RUN_FILE_DAMAGED',
            { file: this.file, reason: reasonOf(error) },
            { cause: error },
          )
        : readError(this.file, error);
    }
  }

  close(): void {
    this.db.close();
  }

  /**
   * Whether a surprise is the file's fault: text that is no JSON, or a cell that is not of its column's
   * type, which SQLite itself can tell where the file is not too long to look through. What is left
   * is ours.
   */
  #isDamage(error: unknown): boolean {
    if (error instanceof SyntaxError) return true;
    const isSurprise = error instanceof TypeError || error instanceof RangeError;
    if (!isSurprise || statSync(this.file).size > limits.checkedBytesMax) return false;
    return this.db.pragma('quick_check(1)', { simple: true }) !== 'ok';
  }
}

function refuseNonFile(file: string): void {
  const found = pathKind(file);
  if (found.kind === 'missing') throw new WorkbenchError('FILE_NOT_FOUND', { file });
  if (found.kind !== 'file') {
    throw new WorkbenchError('RUN_FILE_FOREIGN', { file, reason: found.reason });
  }
  if (found.bytes === 0) {
    throw new WorkbenchError('RUN_FILE_FOREIGN', { file, reason: 'the file is empty' });
  }
}
