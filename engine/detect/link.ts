/** How a shard is reached: a thread that shares our memory, or a process that shares nothing. */
import { Piscina } from 'piscina';
import { reasonOf } from '../errors.ts';
import { limits } from '../limits.ts';
import { columnsOf, filledColumns, type Columns, type Slot } from '../replay/batch.ts';
import { threadLimits, threadModule } from '../replay/thread.ts';
import { endReason, PluginProcess } from './plugin-process.ts';
import {
  marker as field,
  type PluginMessage,
  type ShardReply,
  type ShardTask,
} from './protocol.ts';

/** What became of a task. `ended`: thread or process is gone, with all states in it. */
export type LinkReply = ShardReply | { readonly ended: true; readonly reason: string };

/** One task at a time. A link that ended answers nothing more. */
export interface ShardLink {
  send(task: ShardTask): Promise<LinkReply>;
  close(): Promise<void>;
}

/** How often the watchdog looks, ms. */
const watchEveryMs = 100;

/** Why a detector counts as hung, asked at each look; null while it does not. */
type IsHung = (lookedMs: number) => string | null;

/**
 * Looks until something hangs or the watch is stopped. Time is counted in looks and not by the clock:
 * while this process is stopped, or the machine too busy to run it, the detector gets no time either.
 */
function watch(isHung: IsHung, onHung: (reason: string) => void): () => void {
  let lookedMs = 0;
  const timer = setInterval(() => {
    lookedMs += watchEveryMs;
    const reason = isHung(lookedMs);
    if (reason !== null) onHung(reason);
  }, watchEveryMs);
  return () => clearInterval(timer);
}

/** A piscina pool of one thread: states live with their thread, and a pool of more has no affinity. */
export class ThreadLink implements ShardLink {
  readonly #pool: Piscina<ShardTask, ShardReply>;
  readonly #marker: Int32Array;
  /** Why the thread broke between two tasks. */
  #broken: string | null = null;

  constructor(marker: SharedArrayBuffer) {
    this.#marker = new Int32Array(marker);
    this.#marker.fill(0);
    this.#pool = new Piscina<ShardTask, ShardReply>({
      filename: threadModule(import.meta.url, './worker.ts').href,
      minThreads: 1,
      maxThreads: 1,
      env: {},
      execArgv: [],
      resourceLimits: { ...threadLimits, maxOldGenerationSizeMb: limits.detectorHeapMbMax },
    });
    this.#pool.on('error', (error: unknown) => {
      this.#broken = reasonOf(error);
    });
  }

  async send(task: ShardTask): Promise<LinkReply> {
    if (this.#broken !== null) return { ended: true, reason: this.#broken };
    const abort = new AbortController();
    const stopWatching = watch(this.#stillness(), () => abort.abort());
    try {
      return await this.#pool.run(task, { signal: abort.signal });
    } catch (error) {
      const reason = abort.signal.aborted ? hungReason : endReason(reasonOf(error));
      return { ended: true, reason };
    } finally {
      stopWatching();
    }
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }

  /** Hung is who has been in one and the same hook for too many looks. */
  #stillness(): IsHung {
    let progress = -1;
    let stillMs = 0;
    return () => {
      const now = Atomics.load(this.#marker, field.progress);
      const busy = Atomics.load(this.#marker, field.busy) === 1;
      stillMs = busy && now === progress ? stillMs + watchEveryMs : 0;
      progress = now;
      return stillMs >= limits.detectorHookMsMax ? hungReason : null;
    };
  }
}

/** A process that shares nothing: batches are copied to it, and it says when it gets on. */
export class ProcessLink implements ShardLink {
  readonly #process: PluginProcess;
  readonly #columns: readonly Columns[];
  #settle: ((reply: LinkReply) => void) | null = null;
  /** Hook calls that it has told of. */
  #progress = 0;
  /** Number of the batch that the process holds. */
  #sent = -1;
  #ended: string | null = null;

  constructor(slots: readonly Slot[], printed: (line: string) => void) {
    this.#columns = slots.map(columnsOf);
    this.#process = new PluginProcess({
      message: (message) => this.#hear(message as PluginMessage),
      ended: (reason) => this.#end(reason),
      printed,
    });
  }

  send(task: ShardTask): Promise<LinkReply> {
    if (this.#ended !== null) return Promise.resolve({ ended: true, reason: this.#ended });
    return new Promise((resolve) => {
      const isHung = task.type === 'open' ? slowToLoad : this.#stillness();
      const stopWatching = watch(isHung, (reason) => this.#process.kill(reason));
      this.#settle = (reply) => {
        stopWatching();
        resolve(reply);
      };
      this.#process.send(this.#carry(task));
    });
  }

  close(): Promise<void> {
    return this.#process.close();
  }

  /**
   * Hung is who works for too long without getting on. Counted in the process's own time, which a busy
   * machine does not add to; where the system does not tell it, looks have to do.
   */
  #stillness(): IsHung {
    let progress = -1;
    let since: { lookedMs: number; cpuMs: number | null } = { lookedMs: 0, cpuMs: null };
    return (lookedMs) => {
      const cpuMs = this.#process.cpuMs();
      if (this.#progress !== progress) {
        progress = this.#progress;
        since = { lookedMs, cpuMs };
        return null;
      }
      const stillMs = lookedMs - since.lookedMs;
      const workedMs = cpuMs === null || since.cpuMs === null ? stillMs : cpuMs - since.cpuMs;
      if (workedMs >= limits.detectorHookMsMax) return hungReason;
      return stillMs >= limits.detectorIdleMsMax ? idleReason : null;
    };
  }

  /** The task with what it refers to in shared memory. */
  #carry(task: ShardTask): ShardTask {
    if (task.type === 'open') return { ...task, slots: [], marker: null };
    if (task.type === 'finish') return task;
    const { slot, sequence, count, textBytes } = task.range;
    const columns = this.#columns[slot];
    if (columns === undefined || sequence === this.#sent) return task;
    this.#sent = sequence;
    return { ...task, packed: Buffer.concat([...filledColumns(columns, count, textBytes)]) };
  }

  #hear(message: PluginMessage): void {
    if (message.type === 'progress') this.#progress++;
    else if (message.type === 'answer') this.#answer(message.reply);
  }

  #answer(reply: LinkReply): void {
    this.#settle?.(reply);
    this.#settle = null;
  }

  #end(reason: string): void {
    this.#ended ??= reason;
    this.#answer({ ended: true, reason: this.#ended });
  }
}

const hungReason = `it did not return within ${limits.detectorHookMsMax} ms`;
const idleReason = `it did not return within ${limits.detectorIdleMsMax} ms, hardly working`;
const slowToLoad: IsHung = (lookedMs) =>
  lookedMs >= limits.detectorLoadMsMax
    ? `it did not load within ${limits.detectorLoadMsMax} ms`
    : null;
