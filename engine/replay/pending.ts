/**
 * Holds events back until the watermark has passed them. A range may end between two records of the
 * same microsecond; an event of that moment waits for the rest of it, so that the order of events
 * never depends on where ranges end.
 */
import type { Micros } from '../sdk/index.ts';

export class Pending<T extends { readonly t: Micros }> {
  readonly #compare: (a: T, b: T) => number;
  #events: T[] = [];

  /** @param compare order of events of the same moment; equal ones keep their order of arrival */
  constructor(compare: (a: T, b: T) => number) {
    this.#compare = (a, b) => a.t - b.t || compare(a, b);
  }

  add(events: readonly T[]): void {
    for (const event of events) this.#events.push(event);
  }

  /** Takes what happened before `through`, in order. */
  takeBefore(through: Micros): T[] {
    if (this.#events.length === 0) return [];
    const taken = this.#events.filter((event) => event.t < through);
    this.#events = this.#events.filter((event) => event.t >= through);
    return taken.sort(this.#compare);
  }
}
