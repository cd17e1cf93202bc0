/**
 * The only place that relates scenario time to wall time. The run asks `admit` how far it may go;
 * the pacer answers at once at full speed, and otherwise when the wall clock has earned some
 * scenario time. When the engine is slower than the asked speed the debt is forgotten, so that the
 * run slows down instead of jumping when it catches up.
 */
import type { Micros } from '../sdk/index.ts';
import type { Clock, Sleep } from './clock.ts';
import { checkSpeed, type Speed } from './speed.ts';

/** Wall milliseconds between two releases: fine enough to look continuous, coarse enough to batch. */
const quantumMs = 50;
/** Wall milliseconds of debt that are made good; more is forgotten. */
const debtMsMax = 250;

export class Pacer {
  readonly #clock: Clock;
  #speed: Speed;
  #paused: boolean;
  #stopped = false;
  /** Scenario time released so far, exclusive, µs. */
  #released: Micros = 0;
  /** Wall time at which `#released` was right. */
  #anchor: number;
  /** Scenario time that steps allow while paused. */
  #stepUntil: Micros = 0;
  /** A step without a distance: release up to the next record. */
  #stepToRecord = false;
  #sleep: Sleep | null = null;

  constructor(clock: Clock, speed: Speed, options: { readonly paused?: boolean } = {}) {
    this.#clock = clock;
    this.#speed = checkSpeed(speed);
    this.#paused = options.paused === true;
    this.#anchor = clock.now();
  }

  get speed(): Speed {
    return this.#speed;
  }

  get paused(): boolean {
    return this.#paused;
  }

  pause(): void {
    this.#paused = true;
    this.#wake();
  }

  resume(): void {
    this.#paused = false;
    this.#stepToRecord = false;
    this.#anchor = this.#clock.now();
    this.#wake();
  }

  /** @throws RangeError outside of 0.25 … 1000 */
  setSpeed(speed: Speed): void {
    this.#speed = checkSpeed(speed);
    this.#anchor = this.#clock.now();
    this.#wake();
  }

  /** Lets a paused run go on by `us`, or through the next record. */
  step(us?: Micros): void {
    if (us === undefined) this.#stepToRecord = true;
    else this.#stepUntil = Math.max(this.#stepUntil, this.#released) + us;
    this.#wake();
  }

  /** Nothing waits from now on. */
  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  /**
   * Waits until scenario time may advance, and says how far: everything before the answer may be
   * released. At most `ceiling`; the next record is at `nextRecord` (µs), where there is one.
   */
  async admit(nextRecord: Micros, ceiling: Micros): Promise<Micros> {
    for (;;) {
      const limit = this.#limit(nextRecord, ceiling);
      if (limit > this.#released || limit >= ceiling || this.#stopped) {
        this.#released = Math.max(this.#released, limit);
        return this.#released;
      }
      this.#sleep = this.#clock.sleep(this.#paused ? 60_000 : quantumMs);
      await this.#sleep.done;
      this.#sleep = null;
    }
  }

  #limit(nextRecord: Micros, ceiling: Micros): Micros {
    if (this.#stopped) return ceiling;
    if (this.#paused) return Math.min(ceiling, this.#stepLimit(nextRecord));
    if (this.#speed === 'max') return ceiling;
    const now = this.#clock.now();
    const elapsedMs = Math.min(now - this.#anchor, debtMsMax);
    const reached = this.#released + Math.floor(elapsedMs * 1000 * this.#speed);
    if (reached < ceiling && elapsedMs < quantumMs) return this.#released;
    const limit = Math.min(ceiling, reached);
    // What the ceiling left unused still counts: batches may be shorter than a quantum is worth.
    const usedMs = (limit - this.#released) / 1000 / this.#speed;
    this.#anchor = now - Math.max(0, elapsedMs - usedMs);
    return limit;
  }

  #stepLimit(nextRecord: Micros): Micros {
    if (this.#stepToRecord) {
      // Time without records is passed through: the next record is in the next batch.
      if (nextRecord === Infinity) return Infinity;
      this.#stepToRecord = false;
      return nextRecord + 1;
    }
    return Math.max(this.#released, this.#stepUntil);
  }

  #wake(): void {
    this.#sleep?.wake();
  }
}
