/** One run, end to end: releases the source's records as scenario time allows, and ends in one of five ways. */
import type { DetectorPool } from '../detect/index.ts';
import { reasonOf, WorkbenchError } from '../errors.ts';
import type { Micros } from '../sdk/index.ts';
import type { DetectorTotal, EngineEvents, RunEnd, WriterLink } from '../store/index.ts';
import { stepsWithin } from '../templates/index.ts';
import type { BatchMessage, Slot } from './batch.ts';
import type { Clock } from './clock.ts';
import type { LiveState, LiveStatus, RunControl } from './control.ts';
import { Pacer } from './pacer.ts';
import { RangePipeline, type RunEvents } from './range-pipeline.ts';
import type { SourceFeed } from './source-feed.ts';
import type { SourceHeader } from './source.ts';
import type { Speed } from './speed.ts';
import { Speedometer } from './speedometer.ts';
import type { TruthMeter } from './truth-meter.ts';

export interface RunOutcome {
  readonly state: RunEnd['state'];
  readonly reason: string;
  /** null where no other run would have the same: it was cut off, or a detector was killed. */
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
  readonly truth: TruthMeter;
  readonly clock: Clock;
  /** ms since the Unix epoch. */
  readonly wallClock: () => number;
  readonly speed: Speed;
  readonly paused: boolean;
}

export class Run implements RunControl {
  /** Resolves, never rejects, when everything that could be stored is. */
  readonly done: Promise<RunOutcome>;
  readonly #parts: RunParts;
  readonly #pacer: Pacer;
  readonly #pipeline: RangePipeline;
  readonly #speedometer: Speedometer;
  readonly #watchers = new Set<(status: LiveStatus) => void>();
  readonly #eventListeners = new Set<(events: RunEvents, through: Micros) => void>();
  #state: LiveState;
  #throughUs: Micros = 0;
  #interrupted: string | null = null;
  /** The last record is played: there is nothing left to pause. */
  #ending = false;
  #failure: WorkbenchError | null = null;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#pacer = new Pacer(parts.clock, parts.speed, { paused: parts.paused });
    this.#state = parts.paused ? 'paused' : 'running';
    this.#speedometer = new Speedometer(parts.clock);
    this.#pipeline = new RangePipeline({
      ...parts,
      onFree: (slot) => parts.feed.release(slot),
      onCommit: (events, through) => this.#committed(events, through),
      onFailure: (error) => this.#fail(error),
    });
    parts.feed.onCheckpoint((checkpoint) => parts.writer.checkpoint(checkpoint));
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
    if (this.#state !== 'running' || this.#ending) return;
    this.#pacer.pause();
    this.#setState('paused');
    this.#parts.writer.setState('paused');
  }

  resume(): void {
    if (this.#state !== 'paused' || this.#ending) return;
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
    this.#ending = true;
    await this.#pipeline.drained;
    const outcome = await this.#end();
    const { feed, pool, writer, truth } = this.#parts;
    await Promise.all([feed.close(), pool.close(), writer.close(), truth.close()]);
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
    const reader = this.#pipeline.open(batch);
    let from = 0;
    for (let whole = false; !whole;) {
      const next = from < batch.count ? (reader.columns.t[from] ?? Infinity) : Infinity;
      const through = await this.#pacer.admit(next, batch.through);
      if (this.#stopping()) return;
      whole = through >= batch.through;
      const to = whole ? batch.count : reader.indexAt(through, from);
      await this.#pipeline.room();
      if (this.#stopping()) return;
      const watermark = Math.min(through, batch.through);
      const templates = stepsWithin(batch.templates, from, to);
      const cut = { from, to, through: watermark, last: whole, templates };
      this.#pipeline.dispatch({ ...batch, ...cut });
      from = to;
    }
  }

  #committed(events: readonly RunEvents[], through: Micros): void {
    this.#throughUs = through;
    this.#speedometer.mark(through);
    for (const event of events) this.#hand(event, through);
    this.#tell();
  }

  #hand(events: RunEvents, through: Micros): void {
    for (const listener of this.#eventListeners) listener(events, through);
  }

  async #end(): Promise<RunOutcome> {
    const { pool, writer, wallClock } = this.#parts;
    const end = await this.#lastEvents();
    const detectors = pool.totals().map((total) => ({
      ...total,
      failure: this.#pipeline.failures.get(total.detector) ?? '',
    }));
    const state = this.#endState();
    const reason = this.#endReason();
    const whole = state === 'completed' || state === 'degraded';
    const comparable = whole && this.#pipeline.reproducible;
    const through = whole ? this.#parts.header.durationUs : this.#pipeline.givenUs;
    const outcome = { state, reason, throughUs: through, detectors, error: this.#failure };
    if (this.#failure && this.#failure.exitCode === storageExit)
      return { ...outcome, digest: null };
    try {
      const keyframe = this.#pipeline.keyframe();
      const finishedUnixMs = wallClock();
      const measured = whole ? await this.#parts.truth.measured : null;
      const ended = { state, reason, comparable, through, finishedUnixMs, measured };
      const digest = await writer.finish({ ...ended, detectors, events: end, keyframe });
      this.#throughUs = through;
      this.#hand({ ...end, changes: [] }, through);
      return { ...outcome, digest };
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
    if (!this.#stopping()) {
      try {
        return await this.#pipeline.finish(this.#parts.header.durationUs);
      } catch (error) {
        this.#fail(error);
      }
    }
    return { findings: [], scores: [], incidentEvents: [], healthEvents: [], windows: [] };
  }

  #endState(): RunEnd['state'] {
    if (this.#failure) return 'failed';
    if (this.#interrupted !== null) return 'interrupted';
    const { failures, restarted, rejected } = this.#pipeline;
    const isWhole = failures.size === 0 && restarted.size === 0 && !rejected;
    return isWhole ? 'completed' : 'degraded';
  }

  #endReason(): string {
    if (this.#failure) return this.#failure.message;
    if (this.#interrupted !== null) return this.#interrupted;
    const { failures, restarted, reproducible } = this.#pipeline;
    return [
      ...[...failures].map(([name, why]) => `${name} failed in ${why}`),
      ...[...restarted]
        .filter(([name]) => !failures.has(name))
        .map(([name, why]) => `${name} ${why}`),
      ...this.#parts.pool
        .totals()
        .filter(({ findingsRejected }) => findingsRejected > 0)
        .map((total) => `${total.findingsRejected} findings of ${total.detector} were rejected`),
      ...(reproducible ? [] : ['the digest would compare with no other run']),
    ].join('; ');
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
    this.#pipeline.close();
  }

  #stopping(): boolean {
    return this.#interrupted !== null || this.#failure !== null;
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
