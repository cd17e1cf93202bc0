/**
 * What a person's process is doing, in a nameless file that it and we hold open. The process writes,
 * we read, and what stands there outlives it, whatever ended it: a message would have to be sent by
 * somebody who does not get to it any more.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Micros } from '../sdk/index.ts';
import { markedHooks } from './protocol.ts';

export interface Doing {
  /** Counts hook calls, and every call of a slow hook: one that stands still does not return. */
  readonly calls: number;
  readonly hook: (typeof markedHooks)[number];
  /** Scenario time of the record or tick, µs. */
  readonly t: Micros;
}

/** Fields, as doubles. */
const field = { calls: 0, hook: 1, t: 2, fields: 3 } as const;

/** `load` and `init` come last in the list; they are few, and marked every time. */
const rareFrom = markedHooks.indexOf('load');

/** How often a mark may be late, ms; a fraction of what counts as hung. */
const lateMsMax = 100;

/** Ours. */
export class HookMark {
  readonly descriptor: number;
  readonly #fields = new Float64Array(field.fields);
  #closed = false;

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), 'workbench-mark-'));
    this.descriptor = openSync(join(folder, 'mark'), 'wx+', 0o600);
    rmSync(folder, { recursive: true });
  }

  /** Null before the first mark. A process that lies here misleads a text, nothing else. */
  read(): Doing | null {
    if (this.#closed) return null;
    const bytes = new Uint8Array(this.#fields.buffer);
    if (readSync(this.descriptor, bytes, 0, bytes.byteLength, 0) < bytes.byteLength) return null;
    const hook = markedHooks[this.#fields[field.hook] ?? -1];
    const t = this.#fields[field.t] ?? NaN;
    if (hook === undefined || !Number.isSafeInteger(t)) return null;
    return { calls: this.#fields[field.calls] ?? 0, hook, t };
  }

  close(): void {
    if (!this.#closed) closeSync(this.descriptor);
    this.#closed = true;
  }
}

/** The process's. */
export class HookMarker {
  readonly #descriptor: number;
  readonly #everyCalls: number;
  readonly #fields = new Float64Array(field.fields);
  readonly #bytes = new Uint8Array(this.#fields.buffer);
  // As they are before the guard: both are used while hooks run.
  readonly #write = writeSync;
  readonly #now = performance.now.bind(performance);
  #markedAt = -Infinity;

  /** @param everyCalls calls between two marks: each costs a system call, and each call a mark what it says is exact */
  constructor(descriptor: number, everyCalls: number) {
    this.#descriptor = descriptor;
    this.#everyCalls = everyCalls;
  }

  /** A task begins: its first hook is marked, for it may be the one that does not return. */
  begin(): void {
    this.#markedAt = -Infinity;
  }

  /** Called with every hook. */
  mark(hook: number, t: Micros): void {
    const calls = ((this.#fields[field.calls] as number) += 1);
    this.#fields[field.hook] = hook;
    this.#fields[field.t] = t;
    const now = this.#now();
    const isDue = calls % this.#everyCalls === 0 || now - this.#markedAt >= lateMsMax;
    if (!isDue && hook < rareFrom) return;
    this.#markedAt = now;
    this.#write(this.#descriptor, this.#bytes, 0, this.#bytes.byteLength, 0);
  }
}
