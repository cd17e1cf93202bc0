/** How fast a run really goes: scenario seconds per wall second over the last two wall seconds. */
import type { Micros } from '../sdk/index.ts';
import type { Clock } from './clock.ts';

const windowMs = 2_000;

export class Speedometer {
  readonly #clock: Clock;
  #marks: { readonly wallMs: number; readonly t: Micros }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#marks.push({ wallMs: clock.now(), t: 0 });
  }

  mark(t: Micros): void {
    const wallMs = this.#clock.now();
    // At full speed commits come faster than anyone looks; one mark per 20 ms is enough.
    const last = this.#marks.at(-1);
    if (last && this.#marks.length > 1 && wallMs - last.wallMs < 20) this.#marks.pop();
    this.#marks.push({ wallMs, t });
    this.#marks = this.#marks.filter((mark) => mark.wallMs >= wallMs - windowMs);
  }

  /** 0 where nothing moved. */
  read(): number {
    const first = this.#marks[0];
    const last = this.#marks.at(-1);
    const now = this.#clock.now();
    if (!first || !last || now - last.wallMs > windowMs) return 0;
    const wallMs = Math.max(now - first.wallMs, 1);
    return (last.t - first.t) / 1000 / wallMs;
  }
}
