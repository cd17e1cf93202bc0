/**
 * One run, end to end: source → pacer → detectors → incidents and health → writer. Ranges are
 * dispatched in order and pipelined: while the detectors read one, the writer stores the one before.
 * Results are taken in order of dispatch, whatever shard answers first.
 */
import type { DetectorOutput, DetectorPool, DetectorRange } from '../detect/index.ts';
import { reasonOf, WorkbenchError } from '../errors.ts';
import { changeKinds, type ChangeKind, type Micros } from '../sdk/index.ts';
import type { Commit, DetectorTotal, EngineEvents, RunEnd, WriterLink } from '../store/index.ts';
import { BatchReader, Kind, type BatchMessage, type Slot } from './batch.ts';
import type { Clock } from './clock.ts';
import type { LiveState, LiveStatus, RunControl } from './control.ts';
import { EventMerge } from './event-merge.ts';
import { Pacer } from './pacer.ts';
import type { SourceFeed } from './source-feed.ts';
import type { SourceHeader } from './source.ts';
import type { Speed } from './speed.ts';
import { Speedometer } from './speedometer.ts';

export interface RunOutcome {
  readonly state: RunEnd['state'];
  readonly reason: string;
  /** null where the run did not end by itself: only whole runs compare. */
  readonly digest: string | null;
  readonly throughUs: Micros;
  readonly detectors: readonly DetectorTotal[];
  /** Why the run failed. */
  readonly error: WorkbenchError | null;
}

export interface RunParts {
  readonly runId: string;
  readonly file: string;
  readonly header: SourceHeader;
  readonly slots: readonly Slot[];
  readonly feed: SourceFeed;
  readonly pool: DetectorPool;
  readonly writer: WriterLink;
  readonly clock: Clock;
  /** ms since the Unix epoch. */
  readonly wallClock: () => number;
  readonly speed: Speed;
  readonly paused: boolean;
}

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

interface Range extends BatchMessage, DetectorRange {
  /** The range ends its batch. */
  readonly last: boolean;
}

/** Ranges between dispatch and commit; bounds what a paced run holds. */
const rangesInFlightMax = 16;

export class Run implements RunControl {
  /** Resolves, never rejects, when everything that could be stored is. */
  readonly done: Promise<RunOutcome>;
  readonly #parts: RunParts;
  readonly #pacer: Pacer;
  readonly #readers: readonly BatchReader[];
  readonly #merge: EventMerge;
  readonly #speedometer: Speedometer;
  readonly #watchers = new Set<(status: LiveStatus) => void>();
  readonly #eventListeners = new Set<(events: RunEvents, through: Micros) => void>();
  /** Events of ranges that are not yet committed, in order. */
  readonly #uncommitted: { readonly events: RunEvents; readonly through: Micros }[] = [];
  readonly #detectorFailures = new Map<string, string>();
  #state: LiveState;
  #throughUs: Micros = 0;
  /** Watermark of the last range that went to the writer; its commit may still be under way. */
  #givenUs: Micros = 0;
  #inFlight = 0;
  #roomWanted: (() => void) | null = null;
  #interrupted: string | null = null;
  #failure: WorkbenchError | null = null;
  /** Ranges are stored in the order of dispatch: each waits for the one before. */
  #stored: Promise<void> = Promise.resolve();

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#pacer = new Pacer(parts.clock, parts.speed, { paused: parts.paused });
    this.#state = parts.paused ? 'paused' : 'running';
    this.#readers = parts.slots.map((slot) => new BatchReader(slot));
    this.#merge = new EventMerge(parts.header);
    this.#speedometer = new Speedometer(parts.clock);
    parts.writer.listen({
      written: (range) => this.#written(range),
      committed: (commit) => this.#committed(commit),
    });
    parts.writer.failed.catch((error: unknown) => this.#fail(error));
    this.done = this.#drive();
  }

  get runId(): string {
    return this.#parts.runId;
  }

  get file(): string {
    return this.#parts.file;
  }

  get header(): SourceHeader {
    return this.#parts.header;
  }

  status(): LiveStatus {
    return {
      state: this.#state,
      throughUs: this.#throughUs,
      durationUs: this.#parts.header.durationUs,
      askedSpeed: this.#pacer.speed,
      realSpeed: this.#speedometer.read(),
    };
  }

  watch(listener: (status: LiveStatus) => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  /** Calls back with what the engine said up to `through`, once that is stored. */
  onEvents(listener: (events: RunEvents, through: Micros) => void): void {
    this.#eventListeners.add(listener);
  }

  pause(): void {
    if (this.#state !== 'running') return;
    this.#pacer.pause();
    this.#setState('paused');
    this.#parts.writer.setState('paused');
  }

  resume(): void {
    if (this.#state !== 'paused') return;
    this.#pacer.resume();
    this.#setState('running');
    this.#parts.writer.setState('running');
  }

  step(us?: Micros): void {
    if (this.#state === 'paused') this.#pacer.step(us);
  }

  setSpeed(speed: Speed): void {
    this.#pacer.setSpeed(speed);
    this.#tell();
  }

  /** Stops intake, stores what is under way and ends the run as interrupted. */
  interrupt(reason: string): void {
    if (this.#interrupted !== null || !isLive(this.#state)) return;
    this.#interrupted = reason;
    this.#stopIntake();
  }

  async #drive(): Promise<RunOutcome> {
    try {
      await this.#playAll();
    } catch (error) {
      if (this.#interrupted === null) this.#fail(error);
    }
    await this.#stored;
    const outcome = await this.#end();
    const { feed, pool, writer } = this.#parts;
    await Promise.all([feed.close(), pool.close(), writer.close()]);
    this.#setState(outcome.state);
    return outcome;
  }

  async #playAll(): Promise<void> {
    for (;;) {
      const item = await this.#parts.feed.next();
      if (item.type === 'end') {
        await this.#pacer.admit(Infinity, item.through);
        return;
      }
      await this.#play(item);
      if (this.#stopping()) return;
    }
  }

  /** Releases one batch as scenario time allows. */
  async #play(batch: BatchMessage): Promise<void> {
    const reader = this.#reader(batch.slot);
    reader.open(batch);
    let from = 0;
    for (let whole = false; !whole;) {
      const next = from < batch.count ? (reader.columns.t[from] ?? Infinity) : Infinity;
      const through = await this.#pacer.admit(next, batch.through);
      if (this.#stopping()) return;
      whole = through >= batch.through;
      const to = whole ? batch.count : reader.indexAt(through, from);
      await this.#room();
      if (this.#stopping()) return;
      this.#dispatch({
        ...batch,
        from,
        to,
        through: Math.min(through, batch.through),
        last: whole,
      });
      from = to;
    }
  }

  #dispatch(range: Range): void {
    this.#inFlight++;
    const output = this.#parts.pool.process(range);
    this.#stored = this.#stored
      .then(async () => this.#store(range, await output))
      .catch((error: unknown) => this.#fail(error));
  }

  #store(range: Range, output: DetectorOutput): void {
    if (this.#failure) return;
    this.#noteFailures(output);
    this.#merge.observe(this.#reader(range.slot).columns, range.from, range.to);
    this.#merge.add(output);
    const events = this.#merge.advance(range.through);
    // Keyframes stand at ends of batches only: the digest they carry is defined there.
    const keyframe = range.last ? this.#merge.keyframeIfDue() : null;
    const { through } = range;
    this.#uncommitted.push({ events: { ...events, changes: this.#changes(range) }, through });
    this.#parts.writer.write({ ...range, ...events, keyframe });
    this.#givenUs = range.through;
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
    if (last) this.#parts.feed.release(slot);
    this.#roomWanted?.();
  }

  #committed({ ranges, through }: Commit): void {
    this.#throughUs = through;
    this.#speedometer.mark(through);
    for (const range of this.#uncommitted.splice(0, ranges)) {
      for (const listener of this.#eventListeners) listener(range.events, range.through);
    }
    this.#tell();
  }

  async #end(): Promise<RunOutcome> {
    const { pool, writer, wallClock } = this.#parts;
    const end = await this.#lastEvents();
    const detectors = (await Promise.resolve(pool.totals())).map((total) => ({
      ...total,
      failure: this.#detectorFailures.get(total.detector) ?? '',
    }));
    const state = this.#endState();
    const reason = this.#endReason();
    const whole = state === 'completed' || state === 'degraded';
    const through = whole ? this.#parts.header.durationUs : this.#givenUs;
    const outcome = { state, reason, throughUs: through, detectors, error: this.#failure };
    if (this.#failure && this.#failure.exitCode === storageExit)
      return { ...outcome, digest: null };
    try {
      const keyframe = this.#merge.keyframe();
      const finishedUnixMs = wallClock();
      const request = { state, reason, through, finishedUnixMs, detectors, events: end, keyframe };
      const digest = await writer.finish(request);
      this.#throughUs = through;
      for (const listener of this.#eventListeners) listener({ ...end, changes: [] }, through);
      return { ...outcome, digest: whole ? digest : null };
    } catch (error) {
      this.#fail(error);
      return {
        ...outcome,
        state: 'failed',
        reason: reasonOf(error),
        digest: null,
        error: this.#failure,
      };
    }
  }

  /** What the detectors and folds still say after the last record; nothing when the run was cut off. */
  async #lastEvents(): Promise<EngineEvents> {
    if (this.#stopping()) {
      return { findings: [], scores: [], incidentEvents: [], healthEvents: [], windows: [] };
    }
    const output = await this.#parts.pool.finish(this.#parts.header.durationUs);
    this.#noteFailures(output);
    this.#merge.add(output);
    return this.#merge.finish(this.#parts.header.durationUs);
  }

  #noteFailures(output: DetectorOutput): void {
    for (const { detector, hook, reason } of output.failures) {
      if (!this.#detectorFailures.has(detector)) {
        this.#detectorFailures.set(detector, `${hook}: ${reason}`);
      }
    }
  }

  #endState(): RunEnd['state'] {
    if (this.#failure) return 'failed';
    if (this.#interrupted !== null) return 'interrupted';
    return this.#detectorFailures.size > 0 ? 'degraded' : 'completed';
  }

  #endReason(): string {
    if (this.#failure) return this.#failure.message;
    if (this.#interrupted !== null) return this.#interrupted;
    return [...this.#detectorFailures].map(([name, why]) => `${name} failed in ${why}`).join('; ');
  }

  #fail(error: unknown): void {
    if (this.#failure) return;
    this.#failure =
      error instanceof WorkbenchError
        ? error
        : new WorkbenchError('INTERNAL', { reason: reasonOf(error) }, { cause: error });
    this.#stopIntake();
  }

  #stopIntake(): void {
    this.#pacer.stop();
    this.#parts.feed.cancel();
    this.#roomWanted?.();
  }

  #stopping(): boolean {
    return this.#interrupted !== null || this.#failure !== null;
  }

  async #room(): Promise<void> {
    while (this.#inFlight >= rangesInFlightMax && !this.#stopping()) {
      await new Promise<void>((resolve) => {
        this.#roomWanted = resolve;
      });
      this.#roomWanted = null;
    }
  }

  #reader(slot: number): BatchReader {
    const reader = this.#readers[slot];
    if (!reader) throw new RangeError(`no slot ${slot}`);
    return reader;
  }

  #setState(state: LiveState): void {
    this.#state = state;
    this.#tell();
  }

  #tell(): void {
    const status = this.status();
    for (const watcher of this.#watchers) watcher(status);
  }
}

const storageExit = new WorkbenchError('STORAGE_FAILED').exitCode;

function isLive(state: LiveState): boolean {
  return state === 'running' || state === 'paused';
}
