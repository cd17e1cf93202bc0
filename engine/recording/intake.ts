/** Keeps account of what happens to each record on its way from a file to the cache. */
import type { IntakeCounts } from '../replay/source.ts';
import { limits } from '../limits.ts';

export interface Rejection {
  readonly file: string;
  /** 1-based; 0 where the file as a whole is meant. */
  readonly line: number;
  readonly reason: string;
}

export class Intake {
  #read = 0;
  #rejected = 0;
  #truncated = 0;
  #duplicates = 0;
  readonly #rejections: Rejection[] = [];
  readonly #notes = new Map<string, number>();

  /** Records that were read well. */
  accept(count: number): void {
    this.#read += count;
  }

  /** A record that cannot be used. The first few are kept with their place, all are counted. */
  reject(rejection: Rejection): void {
    this.#read += 1;
    this.refuse(rejection);
  }

  /** A record that was accepted and turns out to be of no use. */
  refuse(rejection: Rejection): void {
    this.#rejected += 1;
    if (this.#rejections.length < limits.rejectionsShownMax) this.#rejections.push(rejection);
  }

  /** A record that was accepted once already. */
  duplicate(): void {
    this.#duplicates += 1;
  }

  /** A record that is kept, but not whole. */
  truncate(): void {
    this.#truncated += 1;
  }

  /** Accepted points that do not count as records after all: a dead column of a table. */
  withdraw(count: number): void {
    this.#read -= count;
  }

  /** Something that people should know; the same note twice is counted. */
  note(text: string, count = 1): void {
    this.#notes.set(text, (this.#notes.get(text) ?? 0) + count);
  }

  get counts(): IntakeCounts {
    return {
      read: this.#read,
      stored: this.#read - this.#rejected - this.#duplicates,
      rejected: this.#rejected,
      truncated: this.#truncated,
      duplicates: this.#duplicates,
    };
  }

  /** The first rejections, in reading order. */
  get rejections(): readonly Rejection[] {
    return this.#rejections;
  }

  /** `{n}` in a note is replaced by how often it was made. */
  get notes(): readonly string[] {
    return [...this.#notes].map(([text, count]) =>
      text.replace('{n}', count.toLocaleString('en-US')),
    );
  }
}
