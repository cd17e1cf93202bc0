/**
 * Ranges on their way through detectors and folds into the run file. They are dispatched in order and
 * pipelined: while the detectors read one, the writer stores the one before. Results are taken in
 * order of dispatch, whatever shard answers first; the events of a range leave when it is committed.
 */
import type { DetectorOutput, DetectorPool, DetectorRange } from '../detect/index.ts';
import { changeKinds, type ChangeKind, type Micros } from '../sdk/index.ts';
import type { Commit, EngineEvents, WriterLink } from '../store/index.ts';
import { BatchReader, Kind, type BatchMessage, type Slot } from './batch.ts';
import { EventMerge } from './event-merge.ts';
import type { SourceHeader } from './source.ts';

/** What happened in a range, for people who follow the run. */
export interface RunEvents extends EngineEvents {
  readonly changes: readonly {
    readonly t: Micros;
    /** Index of the service. */
    readonly service: number;
    readonly kind: ChangeKind;
    readonly note: string;
  }[];
}

export interface Range extends BatchMessage, DetectorRange {
  /** The range ends its batch. */
  readonly last: boolean;
}

export interface PipelineParts {
  readonly header: SourceHeader;
  readonly slots: readonly Slot[];
  readonly pool: DetectorPool;
  readonly writer: WriterLink;
  /** Nobody needs the slot any more. */
  readonly onFree: (slot: number) => void;
  /** Stored for good, up to and excluding `through`. */
  readonly onCommit: (events: readonly RunEvents[], through: Micros) => void;
  readonly onFailure: (error: unknown) => void;
}

/** Ranges between dispatch and writer; bounds what a paced run holds. */
const rangesInFlightMax = 16;

export class RangePipeline {
  /** Detectors that failed, and in what. */
  readonly failures = new Map<string, string>();
  /** Detectors that went on with fresh states because their thread or process had ended, and why. */
  readonly restarted = new Map<string, string>();
  /** Findings could not be taken. */
  rejected = false;
  /** False once the wall clock or the end of a thread decided what a detector said. */
  reproducible = true;
  /** Watermark of the last range that went to the writer; its commit may still be under way. */
  givenUs: Micros = 0;
  readonly #parts: PipelineParts;
  readonly #readers: readonly BatchReader[];
  readonly #merge: EventMerge;
  /** Events of ranges that are not yet committed, in order. */
  readonly #uncommitted: RunEvents[] = [];
  #inFlight = 0;
  #roomWanted: (() => void) | null = null;
  #closed = false;
  /** A range was lost: what follows would leave a hole. */
  #broken = false;
  /** Ranges are stored in the order of dispatch: each waits for the one before. */
  #stored: Promise<void> = Promise.resolve();

  constructor(parts: PipelineParts) {
    this.#parts = parts;
    this.#readers = parts.slots.map((slot) => new BatchReader(slot));
    this.#merge = new EventMerge(parts.header);
    parts.writer.listen({
      written: (range) => this.#written(range),
      committed: (commit) => this.#committed(commit),
    });
  }

  /** A reader of the batch, from its first record. */
  open(batch: BatchMessage): BatchReader {
    const reader = this.#reader(batch.slot);
    reader.open(batch);
    return reader;
  }

  /** Resolves when another range may be dispatched, or none ever will. */
  async room(): Promise<void> {
    while (this.#inFlight >= rangesInFlightMax && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#roomWanted = resolve;
      });
      this.#roomWanted = null;
    }
  }

  dispatch(range: Range): void {
    this.#inFlight++;
    const output = this.#parts.pool.process(range);
    this.#stored = this.#stored
      .then(async () => this.#store(range, await output))
      .catch((error: unknown) => {
        this.#broken = true;
        this.#parts.onFailure(error);
      });
  }

  /** Lets nobody wait for room any more. */
  close(): void {
    this.#closed = true;
    this.#roomWanted?.();
  }

  /** Resolves when everything that was dispatched is with the writer. */
  get drained(): Promise<void> {
    return this.#stored;
  }

  /** What the detectors and folds still say after the last record. */
  async finish(end: Micros): Promise<EngineEvents> {
    const output = await this.#parts.pool.finish(end);
    this.#noteFailures(output);
    this.#merge.add(output);
    return this.#merge.finish(end);
  }

  /** The folded state after all events so far, as JSON. */
  keyframe(): string {
    return this.#merge.keyframe();
  }

  #store(range: Range, output: DetectorOutput): void {
    if (this.#broken) return;
    this.#noteFailures(output);
    this.#merge.observe(this.#reader(range.slot).columns, range.from, range.to);
    this.#merge.add(output);
    const events = this.#merge.advance(range.through);
    // Keyframes stand at ends of batches only: the digest they carry is defined there.
    const keyframe = range.last ? this.#merge.keyframeIfDue() : null;
    this.#uncommitted.push({ ...events, changes: this.#changes(range) });
    this.#parts.writer.write({ ...range, ...events, keyframe });
    this.givenUs = range.through;
  }

  #changes({ slot, from, to }: Range): RunEvents['changes'] {
    const reader = this.#reader(slot);
    const { kind, t, subject, severity } = reader.columns;
    const changes = [];
    for (
      let i = kind.indexOf(Kind.change, from);
      i >= 0 && i < to;
      i = kind.indexOf(Kind.change, i + 1)
    ) {
      changes.push({
        t: t[i] ?? 0,
        service: subject[i] ?? 0,
        kind: changeKinds[severity[i] ?? 0] ?? 'other',
        note: reader.body(i),
      });
    }
    return changes;
  }

  #written({ slot, last }: { readonly slot: number; readonly last: boolean }): void {
    this.#inFlight--;
    if (last) this.#parts.onFree(slot);
    this.#roomWanted?.();
  }

  #committed({ ranges, through }: Commit): void {
    this.#parts.onCommit(this.#uncommitted.splice(0, ranges), through);
  }

  #noteFailures(output: DetectorOutput): void {
    for (const { detector, hook, reason, killed } of output.failures) {
      if (!this.failures.has(detector)) this.failures.set(detector, `${hook}: ${reason}`);
      if (killed) this.reproducible = false;
    }
    for (const { detector, reason } of output.restarted) {
      this.restarted.set(detector, reason);
      this.reproducible = false;
    }
    if (output.rejected.length > 0) this.rejected = true;
  }

  #reader(slot: number): BatchReader {
    const reader = this.#readers[slot];
    if (!reader) throw new RangeError(`no slot ${slot}`);
    return reader;
  }
}
