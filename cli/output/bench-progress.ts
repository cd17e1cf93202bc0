/** How far a benchmark is, and how long it still takes. */
import type { BenchProgress } from '../../engine/benchmark/index.ts';
import { printable } from '../../engine/terminal-text.ts';
import type { Io } from '../io.ts';
import { duration } from './format.ts';

export class BenchTalk {
  readonly #io: Io;
  readonly #quiet: boolean;
  readonly #moving: boolean;
  readonly #startedMs: number;
  #drawn = false;

  constructor(io: Io, { quiet }: { readonly quiet: boolean }) {
    this.#io = io;
    this.#quiet = quiet;
    this.#moving = io.stderr.isTty && io.env['TERM'] !== 'dumb';
    this.#startedMs = io.monotonic();
  }

  show({ done, total, item, seed }: BenchProgress): void {
    if (this.#quiet) return;
    const spentUs = (this.#io.monotonic() - this.#startedMs) * 1000;
    const leftUs = (spentUs / done) * (total - done);
    const left = done === total ? '' : ` · ${duration(leftUs)} left`;
    const line = `${done} of ${total} plays · ${printable(item)}, seed ${seed}${left}`;
    this.#io.stderr.write(this.#moving ? `\r\u001b[2K${line}` : `${line}\n`);
    this.#drawn = this.#moving;
  }

  say(text: string): void {
    this.end();
    this.#io.stderr.write(`${text}\n`);
  }

  end(): void {
    if (this.#drawn) this.#io.stderr.write('\r\u001b[2K');
    this.#drawn = false;
  }
}
