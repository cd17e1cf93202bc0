/**
 * Where the records of a recording wait to be sorted: a SQLite file that is thrown away. SQLite's
 * sorter spills to disk, so memory stays flat however long and however badly ordered the input is.
 */
import Database from 'better-sqlite3';
import { WorkbenchError } from '../errors.ts';
import { Kind } from '../replay/batch.ts';
import { limits } from '../limits.ts';
import { Coverage } from './coverage.ts';
import type { Intake } from './intake.ts';
import type { Part, RawRecord, RawSeries } from './raw-record.ts';

/** A record as it comes out: `[us, ns, part, kind, subject, severity, value, body, trace, span, parent, attributes]`. */
export type StagedRow = readonly [
  us: number,
  ns: number,
  part: number,
  kind: number,
  subject: number,
  severity: number,
  value: number,
  body: string,
  trace: string,
  span: string,
  parent: string,
  attributes: string,
];

/** A series with what was seen of it. */
export interface StagedSeries extends RawSeries {
  points: number;
  /** True once a value other than 0 came. */
  alive: boolean;
}

export class Staging {
  readonly series: StagedSeries[] = [];
  readonly services: string[] = [];
  readonly coverage = new Coverage();
  /** Time of the earliest and the latest record, µs since the Unix epoch. */
  firstUs = Infinity;
  lastUs = -Infinity;
  count = 0;
  readonly #database: Database.Database;
  readonly #insert: Database.Statement;
  readonly #serviceIds = new Map<string, number>();
  readonly #seriesIds = new Map<string, number>();
  /** The short way for points of a series that came before: readers reuse the object. */
  readonly #seriesOfObject = new Map<RawSeries, number>();
  #partNumber = -1;
  /** False once a record came before an earlier one: only then there is something to sort. */
  #sorted = true;
  #previousUs = 0;
  #previousNs = 0;

  constructor(file: string) {
    this.#database = new Database(file);
    // Nothing here outlives the process, so nothing is synced or journaled.
    this.#database.pragma('journal_mode = OFF');
    this.#database.pragma('synchronous = OFF');
    this.#database.pragma('locking_mode = EXCLUSIVE');
    this.#database.pragma('temp_store = FILE');
    this.#database.exec(`CREATE TABLE record (
      us INTEGER, ns INTEGER, part INTEGER, kind INTEGER, subject INTEGER, severity INTEGER,
      value REAL, body TEXT, trace TEXT, span TEXT, parent TEXT, attributes TEXT
    )`);
    this.#insert = this.#database.prepare(
      'INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
  }

  /** Takes all records of a part. */
  async addPart(part: Part, intake: Intake, onBlock: (records: number) => void): Promise<void> {
    this.#partNumber += 1;
    this.#database.exec('BEGIN');
    for await (const block of part.read(intake)) {
      for (const record of block) this.#add(record, part, intake);
      onBlock(block.length);
    }
    this.#database.exec('COMMIT');
    // Objects of one part are never seen again.
    this.#seriesOfObject.clear();
  }

  /** All records in the order `(t, part, position)`. */
  rows(): IterableIterator<StagedRow> {
    // The rowid is the position, and parts come one after the other.
    const order = this.#sorted ? 'rowid' : 'us, ns, rowid';
    return this.#database
      .prepare(`SELECT * FROM record ORDER BY ${order}`)
      .raw()
      .iterate() as IterableIterator<StagedRow>;
  }

  close(): void {
    this.#database.close();
  }

  #add(record: RawRecord, part: Part, intake: Intake): void {
    const { us, ns } = record.at;
    const subject =
      record.stream === 'metric' ? this.#seriesId(record) : this.#serviceId(record.service);
    if (subject === null) {
      const reason =
        record.stream === 'metric'
          ? `more than ${limits.seriesMax} series or ${limits.servicesMax} services`
          : `more than ${limits.servicesMax} services`;
      intake.refuse({ file: part.file, line: 0, reason });
      return;
    }
    if (++this.count > limits.recordsMax) {
      const reason = `it has more than ${limits.recordsMax} records`;
      throw new WorkbenchError('RECORDING_UNREADABLE', { file: part.file, reason });
    }
    if (part.covers === record.stream) this.coverage.add(record.stream, us);
    this.#insertRecord(record, subject);
    this.#sorted &&= us > this.#previousUs || (us === this.#previousUs && ns >= this.#previousNs);
    this.#previousUs = us;
    this.#previousNs = ns;
    if (us < this.firstUs) this.firstUs = us;
    if (us > this.lastUs) this.lastUs = us;
  }

  #insertRecord(record: RawRecord, subject: number): void {
    const { us, ns } = record.at;
    const part = this.#partNumber;
    switch (record.stream) {
      case 'log': {
        const { severity, body, traceId, attributes } = record;
        this.#insert.run(
          us,
          ns,
          part,
          Kind.log,
          subject,
          severity,
          0,
          body,
          traceId,
          '',
          '',
          attributes,
        );
        return;
      }
      case 'metric':
        this.#insert.run(us, ns, part, Kind.metric, subject, 0, record.value, '', '', '', '', '');
        return;
      case 'span': {
        const { status, durationUs, name, traceId, spanId, parentId, attributes } = record;
        this.#insert.run(
          ...[us, ns, part, Kind.span, subject, status, durationUs],
          ...[name, traceId, spanId, parentId, attributes],
        );
        return;
      }
      default:
        record satisfies never;
    }
  }

  #serviceId(name: string): number | null {
    const known = this.#serviceIds.get(name);
    if (known !== undefined) return known;
    if (this.services.length >= limits.servicesMax) return null;
    this.#serviceIds.set(name, this.services.length);
    return this.services.push(name) - 1;
  }

  #seriesId({ series, value }: { readonly series: RawSeries; readonly value: number }) {
    const id = this.#seriesOfObject.get(series) ?? this.#newSeriesId(series);
    const staged = id === null ? undefined : this.series[id];
    if (!staged) return null;
    staged.points += 1;
    if (value !== 0) staged.alive = true;
    return id;
  }

  #newSeriesId(series: RawSeries): number | null {
    const attributes = Object.entries(series.attributes).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = JSON.stringify([series.service, series.name, attributes]);
    let id = this.#seriesIds.get(key);
    if (id === undefined) {
      if (this.series.length >= limits.seriesMax || this.#serviceId(series.service) === null) {
        return null;
      }
      id = this.series.push({ ...series, points: 0, alive: false }) - 1;
      this.#seriesIds.set(key, id);
    }
    this.#seriesOfObject.set(series, id);
    return id;
  }
}
