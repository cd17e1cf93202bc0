/** How far a benchmark is, and how long it still takes. */
import type { BenchProgress } from '../../engine/benchmark/index.ts';
import { printable } from '../../engine/terminal-text.ts';
import type { Io } from '../io.ts';
import { duration } from './format.ts';

/** Where nothing can move, up to so many plays have a line each; of more only every tenth part has. */
const linesMax = 20;

export class BenchTalk {
  readonly #io: Io;
  readonly #quiet: boolean;
  readonly #workers: number;
  readonly #moving: boolean;
  readonly #startedMs: number;
  #drawn = false;
  #tenths = 0;

  constructor(io: Io, { quiet, workers }: { readonly quiet: boolean; readonly workers: number }) {
    this.#io = io;
    this.#quiet = quiet;
    this.#workers = workers;
    this.#moving = io.stderr.isTty && io.env['TERM'] !== 'dumb';
    this.#startedMs = io.monotonic();
  }

  show(progress: BenchProgress): void {
    if (this.#quiet) return;
    const { done, total, item, seed } = progress;
    const spentMs = this.#io.monotonic() - this.#startedMs;
    const leftMs = timeLeft({ spentMs, done, total, workers: this.#workers });
    const left = done === total ? '' : ` · ${duration(leftMs * 1000)} left`;
    const line = `${done} of ${total} plays · ${printable(item)}, seed ${seed}${left}`;
    if (!this.#moving) return this.#tenth(progress, line);
    // One that wraps cannot be taken away again.
    const room = this.#io.stderr.columns - 1;
    const shown = line.length <= room ? line : `${done} of ${total} plays${left}`.slice(0, room);
    this.#io.stderr.write(`\r\u001b[2K${shown}`);
    this.#drawn = true;
  }

  say(text: string): void {
    this.end();
    this.#io.stderr.write(`${text}\n`);
  }

  end(): void {
    if (this.#drawn) this.#io.stderr.write('\r\u001b[2K');
    this.#drawn = false;
  }

  #tenth({ done, total }: BenchProgress, line: string): void {
    const tenths = Math.floor((done / total) * 10);
    if (total > linesMax && tenths <= this.#tenths) return;
    this.#tenths = tenths;
    this.#io.stderr.write(`${line}\n`);
  }
}

export interface TimeSpent {
  /** Since the plays of this process began: what was there before took no time. */
  readonly spentMs: number;
  readonly done: number;
  readonly total: number;
  readonly workers: number;
}

/**
 * At the end of a play the others under way are on average half done. Without them the first estimate
 * of two workers would be twice what it takes.
 */
export function timeLeft({ spentMs, done, total, workers }: TimeSpent): number {
  const underWay = Math.min(workers - 1, total - done);
  const played = done + underWay / 2;
  return (spentMs / played) * (total - played);
}
