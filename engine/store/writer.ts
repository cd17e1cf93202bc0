/**
 * The one writer of a run file. A range of a batch, and the engine's events up to its watermark, go
 * into one transaction, so a reader or a crash sees whole ranges only. Ranges share transactions: a
 * commit writes every page that was touched, however little.
 */
import { BatchReader, Kind, type Slot } from '../replay/batch.ts';
import { limits } from '../limits.ts';
import type { ActionInput } from '../scenario/model.ts';
import { changeKinds, type Micros } from '../sdk/index.ts';
import { tuneForIndexing, type Connection } from './database.ts';
import { RunDigest } from './digest.ts';
import type { Commit, EngineEvents, RangeToWrite, RunEnd, WorldCheckpoint } from './model.ts';
import type { TemplateStep } from '../templates/index.ts';
import { LogRollups } from './rollups.ts';
import { keysPerMicrosecond, loadedIndexes } from './schema.ts';
import { prepareStatements, type Statements } from './statements.ts';
import { insertMeasured } from './truth.ts';

type KeyedTable = 'log' | 'template' | 'span' | 'change' | 'finding' | 'incident' | 'health';

export class RunWriter {
  readonly #db: Connection;
  readonly #digest: RunDigest;
  readonly #readers: BatchReader[];
  readonly #detectorIds: ReadonlyMap<string, number>;
  readonly #statements: Statements;
  /** Last key of each table: the rowid is the order. */
  readonly #lastKey: Record<KeyedTable, number> = {
    log: -1,
    template: -1,
    span: -1,
    change: -1,
    finding: -1,
    incident: -1,
    health: -1,
  };
  readonly #rollups: LogRollups;
  readonly #indexed: boolean;
  readonly #rowsPerCommit: number;
  readonly #onCommit: (commit: Commit) => void;
  #uncommittedRows = 0;
  #uncommittedRanges = 0;
  #through: Micros = 0;
  #stored = 0;
  #checkpointBytes = 0;

  constructor(
    db: Connection,
    options: {
      readonly slots: readonly Slot[];
      readonly detectors: readonly string[];
      /** Start of the digest: any plain data. */
      readonly header: unknown;
      /** In the order of time; the file has them already. */
      readonly inputs: readonly ActionInput[];
      readonly indexed: boolean;
      /** Rows that may wait for a commit; 0 commits every range. */
      readonly rowsPerCommit: number;
      readonly onCommit: (commit: Commit) => void;
    },
  ) {
    this.#db = db;
    this.#digest = new RunDigest(options.header, options.inputs);
    this.#readers = options.slots.map((slot) => new BatchReader(slot));
    this.#detectorIds = new Map(options.detectors.map((name, i) => [name, i]));
    this.#indexed = options.indexed;
    this.#rowsPerCommit = options.rowsPerCommit;
    this.#onCommit = options.onCommit;
    this.#statements = prepareStatements(db);
    this.#rollups = new LogRollups(this.#statements);
  }

  /** Ranges wait for `commit`. */
  get pending(): boolean {
    return this.#uncommittedRanges > 0;
  }

  /** Stores a range and its events in the open transaction; commits it when enough rows wait. */
  write(range: RangeToWrite): void {
    const reader = this.#readers[range.slot];
    if (!reader) throw new RangeError(`no slot ${range.slot}`);
    reader.open(range);
    this.#transaction(() => {
      this.#records(reader, range.from, range.to);
      this.#templates(range.templates);
      this.#rollups.flush(range.through);
      this.#events(range);
      this.#stored += range.to - range.from;
      this.#statements.progress.run(range.through, this.#stored);
      if (range.last) {
        this.#digest.batch(reader.columns, range.count, range.textBytes);
        this.#digest.inputsBefore(range.through);
      }
      if (range.keyframe !== null) this.#keyframe(range.through, range.keyframe);
    });
    this.#uncommittedRows += range.to - range.from;
    this.#uncommittedRanges++;
    this.#through = range.through;
    if (this.#uncommittedRows >= this.#rowsPerCommit) this.commit();
  }

  /** Makes everything that was written durable against a crash of the process, and says so. */
  commit(): void {
    if (this.#db.inTransaction) this.#transaction(() => this.#db.exec('COMMIT'));
    const ranges = this.#uncommittedRanges;
    const rows = this.#uncommittedRows;
    this.#uncommittedRows = 0;
    this.#uncommittedRanges = 0;
    if (ranges > 0) this.#onCommit({ ranges, rows, through: this.#through });
  }

  /** Keeps the simulated world, or its hash alone where it is too large. */
  checkpoint({ t, hash, world }: WorldCheckpoint): void {
    const bytes = world.byteLength;
    const fits =
      bytes <= limits.checkpointBytesMax &&
      this.#checkpointBytes + bytes <= limits.checkpointsBytesMax;
    if (fits) this.#checkpointBytes += bytes;
    this.#transaction(() => this.#statements.checkpoint.run(t, hash, fits ? world : null));
  }

  setState(state: 'running' | 'paused'): void {
    this.commit();
    this.#statements.state.run(state);
  }

  /** Stores the last events, builds what is missing and seals the file. Returns the digest, where it compares. */
  finish(end: RunEnd): string | null {
    this.#transaction(() => {
      this.#events(end.events);
      this.#rollups.finish();
    });
    this.commit();
    this.#digest.inputsBefore(end.through);
    const digest = end.comparable ? this.#digest.read() : null;
    if (!this.#indexed) this.#buildIndexes();
    this.#transaction(() => {
      this.#keyframe(end.through, end.keyframe);
      if (end.measured) insertMeasured(this.#db, end.measured);
      for (const d of end.detectors) {
        this.#statements.detector.run(
          d.failure ? 'failed' : 'completed',
          d.failure || d.notice,
          d.recordsFed,
          d.findings,
          d.findingsDropped,
          d.detector,
        );
      }
      this.#statements.end.run(
        end.state,
        end.reason,
        end.through,
        digest,
        end.finishedUnixMs,
        this.#stored,
      );
    });
    this.commit();
    return digest;
  }

  #buildIndexes(): void {
    tuneForIndexing(this.#db);
    this.#db.exec(loadedIndexes);
  }

  /** Runs `work` in the open transaction, or in a new one. */
  #transaction(work: () => void): void {
    try {
      if (!this.#db.inTransaction) this.#db.exec('BEGIN IMMEDIATE');
      work();
    } catch (error) {
      // A full disk may have rolled back already.
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  #records(reader: BatchReader, from: number, to: number): void {
    const { log, sample, span, change } = this.#statements;
    const { t, kind, subject, severity, value } = reader.columns;
    for (let i = from; i < to; i++) {
      const time = t[i] as number;
      const owner = subject[i] as number;
      switch (kind[i]) {
        case Kind.log:
          this.#rollups.count({
            t: time,
            service: owner,
            severity: severity[i] as number,
            template: value[i] as number,
          });
          log.add(
            this.#key('log', time),
            time,
            owner,
            severity[i] as number,
            (value[i] as number) || null,
            reader.body(i),
            reader.trace(i) || null,
            reader.attributes(i) || null,
          );
          break;
        case Kind.metric:
          sample.add(owner, time, value[i] as number);
          break;
        case Kind.span:
          span.add(
            this.#key('span', time),
            time,
            owner,
            reader.body(i),
            value[i] as number,
            severity[i] as number,
            reader.trace(i),
            reader.span(i),
            reader.parent(i),
            reader.attributes(i) || null,
          );
          break;
        default:
          change.add(
            this.#key('change', time),
            time,
            owner,
            changeKinds[severity[i] as number] ?? 'other',
            reader.body(i),
            reader.attributes(i) || null,
          );
      }
    }
    for (const rows of [log, sample, span, change]) rows.flush();
  }

  #key(table: KeyedTable, time: Micros): number {
    const key = Math.max(this.#lastKey[table] + 1, time * keysPerMicrosecond);
    this.#lastKey[table] = key;
    return key;
  }

  #templates(steps: readonly TemplateStep[]): void {
    for (const { t, id, text, mergedInto } of steps) {
      this.#digest.event('template', { t, id, text, mergedInto });
      const stored = mergedInto === null ? text : null;
      this.#statements.template.run(this.#key('template', t), t, id, stored, mergedInto);
    }
  }

  #events(events: EngineEvents): void {
    const s = this.#statements;
    for (const f of events.findings) {
      this.#digest.event('finding', f);
      s.finding.run(
        this.#key('finding', f.t),
        f.t,
        this.#detectorIds.get(f.detector),
        f.subject,
        f.service,
        f.series,
        f.severity,
        f.score,
        f.message,
        f.body,
        JSON.stringify(f.values),
      );
    }
    for (const step of events.scores) {
      this.#digest.event('score', step);
      const detector = this.#detectorIds.get(step.detector);
      s.score.run(detector, step.subject, step.t, step.score, step.alertScore);
    }
    for (const event of events.incidentEvents) {
      this.#digest.event('incident', event);
      const { t, incident, kind, ...payload } = event;
      s.incident.run(this.#key('incident', t), t, incident, kind, JSON.stringify(payload));
    }
    for (const event of events.healthEvents) {
      this.#digest.event('health', event);
      const { t, service, state, reason, figures } = event;
      s.health.run(this.#key('health', t), t, service, state, reason, JSON.stringify(figures));
    }
    for (const w of events.windows) {
      this.#digest.event('window', w);
      const { requestRate, errorRatio, latencyP95 } = w.figures;
      s.window.run(w.service, w.bucket, requestRate, errorRatio, latencyP95, w.state);
    }
  }

  #keyframe(through: Micros, state: string): void {
    const key = through * keysPerMicrosecond;
    this.#statements.keyframe.run(key, through, state, this.#digest.read());
  }
}
