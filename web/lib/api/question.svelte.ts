/**
 * A question that is asked again as its path changes: at most once every `everyMs`, one at a time,
 * the latest wins. While only the playhead moves, the answer on its way is let through and the
 * newest question follows it; a changed filter or run drops it. The last answer stays until the next
 * one is there, so panels never flicker.
 */
import { untrack } from 'svelte';
import { ask, problemFrom, type Problem } from './ask.ts';
import { useConnection, type Connection } from './connection.svelte.ts';

export class Question<T> {
  /** The last answer; undefined before the first. */
  answer = $state.raw<T | undefined>();
  problem = $state.raw<Problem | null>(null);

  readonly #everyMs: number;
  readonly #connection: Connection;
  #wanted: string | null = null;
  #changes = 0;
  #asked: string | null = null;
  #flight: AbortController | null = null;
  #lastAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * Call while a component is made.
   * @param path what to ask now; null asks nothing
   * @param options.changes a count that grows with what makes an answer outdated while its path
   *   stays the same
   */
  constructor(
    path: () => string | null,
    options: { readonly everyMs?: number; readonly changes?: () => number } = {},
  ) {
    this.#everyMs = options.everyMs ?? 200;
    this.#connection = useConnection();
    $effect(() => {
      const wanted = path();
      const changes = options.changes?.() ?? 0;
      const back = this.#connection.epoch > 0;
      untrack(() => {
        this.#want(wanted, changes !== this.#changes || (back && this.problem !== null));
        this.#changes = changes;
      });
    });
    $effect(() => () => this.#drop());
  }

  /** Asks again although nothing changed: something was done. */
  again(): void {
    this.#asked = null;
    this.#schedule();
  }

  #want(path: string | null, anew: boolean): void {
    if (path === this.#wanted && !anew) return;
    if (subjectOf(path) !== subjectOf(this.#wanted)) this.#flight?.abort();
    this.#wanted = path;
    if (anew) this.#asked = null;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#flight || this.#wanted === null || this.#wanted === this.#asked) return;
    clearTimeout(this.#timer);
    const wait = this.#lastAt + this.#everyMs - performance.now();
    if (wait <= 0) void this.#ask(this.#wanted);
    else this.#timer = setTimeout(() => this.#schedule(), wait);
  }

  async #ask(path: string): Promise<void> {
    const flight = new AbortController();
    this.#flight = flight;
    this.#asked = path;
    this.#lastAt = performance.now();
    try {
      const answer = await ask<T>(path, flight.signal);
      if (flight.signal.aborted) return;
      this.answer = answer;
      this.problem = null;
    } catch (thrown) {
      if (flight.signal.aborted) return;
      this.problem = problemFrom(thrown);
      this.#connection.noticed(this.problem);
    } finally {
      if (this.#flight === flight) this.#flight = null;
      this.#schedule();
    }
  }

  #drop(): void {
    clearTimeout(this.#timer);
    this.#wanted = null;
    this.#flight?.abort();
  }
}

/** A path without its playhead: what the question is about. */
function subjectOf(path: string | null): string | null {
  return path?.replace(/([?&])(t|to|from|buckets)=\d+/g, '$1$2') ?? null;
}
