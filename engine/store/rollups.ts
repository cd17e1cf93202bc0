/**
 * Counts of log records by time, summed in memory and added to their tables once a range. Those of
 * templates are many more, so a bucket of theirs is written when it is over: a reader finds every
 * bucket that ends at or before the watermark, and counts the rows of the one after it.
 */
import type { Micros } from '../sdk/index.ts';
import { limits } from '../limits.ts';
import { bucketUs, levelOf } from './schema.ts';
import type { Statements } from './statements.ts';

export interface CountedLog {
  readonly t: Micros;
  readonly service: number;
  readonly severity: number;
  /** 0 where it has none. */
  readonly template: number;
}

export class LogRollups {
  readonly #statements: Statements;
  readonly #seconds = new Map<number, number>();
  readonly #services = new Map<number, number>();
  readonly #templates = new Map<number, number>();
  #templateBucket = 0;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  count({ t, service, severity, template }: CountedLog): void {
    const level = levelOf(severity);
    const bucket = Math.floor(t / bucketUs);
    add(this.#seconds, Math.floor(t / 1e6) * 4 + level);
    add(this.#services, (service * 1e8 + bucket) * 4 + level);
    if (bucket !== this.#templateBucket) this.#closeBucket();
    this.#templateBucket = bucket;
    if (template !== 0) add(this.#templates, (template * limits.servicesMax + service) * 4 + level);
  }

  /** Adds what was counted to the tables, given that everything before `through` was. */
  flush(through: Micros): void {
    for (const [key, count] of this.#seconds) {
      this.#statements.second.run(Math.floor(key / 4), key % 4, count);
    }
    for (const [key, count] of this.#services) {
      const rest = Math.floor(key / 4);
      this.#statements.service.run(Math.floor(rest / 1e8), rest % 1e8, key % 4, count);
    }
    this.#seconds.clear();
    this.#services.clear();
    if ((this.#templateBucket + 1) * bucketUs <= through) this.#closeBucket();
    this.#statements.templateCount.flush();
  }

  /** The last bucket is over because the run is. */
  finish(): void {
    this.#closeBucket();
    this.#statements.templateCount.flush();
  }

  #closeBucket(): void {
    // In the order of the key, and so the same file for the same rows.
    for (const key of [...this.#templates.keys()].sort((a, b) => a - b)) {
      const rest = Math.floor(key / 4);
      const template = Math.floor(rest / limits.servicesMax);
      const service = rest % limits.servicesMax;
      const count = this.#templates.get(key);
      this.#statements.templateCount.add(this.#templateBucket, template, service, key % 4, count);
    }
    this.#templates.clear();
  }
}

function add(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
