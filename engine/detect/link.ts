/** How a shard is reached: a thread that shares our memory, or a process that shares nothing. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { reasonOf } from '../errors.ts';
import { limits } from '../limits.ts';
import { columnsOf, filledColumns, type Columns, type Slot } from '../replay/batch.ts';
import { threadModule } from '../replay/thread.ts';
import { cpuMsOf } from './cpu-time.ts';
import { marker as field, type ShardOutput, type ShardTask } from './protocol.ts';

export type ShardReply =
  | { readonly ok: true; readonly output: ShardOutput }
  | { readonly ok: false; readonly reason: string };

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
      resourceLimits: { maxOldGenerationSizeMb: limits.detectorHeapMbMax },
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
      return stillMs >= limits.detectorBatchMsMax ? hungReason : null;
    };
  }
}

/** A child process with nothing of ours in its environment and Node's permission flags. */
export class ProcessLink implements ShardLink {
  readonly #child: ChildProcess;
  readonly #columns: readonly Columns[];
  #settle: ((reply: LinkReply) => void) | null = null;
  /** Number of the batch that the process holds. */
  #sent = -1;
  #ended: string | null = null;

  constructor(slots: readonly Slot[]) {
    this.#columns = slots.map(columnsOf);
    this.#child = fork(fileURLToPath(threadModule(import.meta.url, './isolated.ts')), [], {
      serialization: 'advanced',
      env: { JITI_FS_CACHE: 'false' },
      execArgv: processFlags(),
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.on('message', (reply: ShardReply) => this.#answer(reply));
    this.#child.once('error', (error) => this.#end(error.message));
    this.#child.once('exit', (code, signal) =>
      this.#end(endReason(signal === null ? `exited with code ${code}` : `ended by ${signal}`)),
    );
  }

  send(task: ShardTask): Promise<LinkReply> {
    if (this.#ended !== null) return Promise.resolve({ ended: true, reason: this.#ended });
    return new Promise((resolve) => {
      const isHung = task.type === 'open' ? slowToLoad : this.#idleness();
      const stopWatching = watch(isHung, (reason) => {
        this.#end(reason);
        this.#child.kill('SIGKILL');
      });
      this.#settle = (reply) => {
        stopWatching();
        resolve(reply);
      };
      this.#child.send(this.#carry(task), (error) => {
        if (error !== null) this.#end(endReason(error.message));
      });
    });
  }

  close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.#child.once('exit', () => resolve());
      this.#child.kill('SIGKILL');
    });
  }

  /**
   * A process has no shared marker, but its own processor time, which a busy machine does not add
   * to. Where the system does not tell it, looks have to do.
   */
  #idleness(): IsHung {
    const before = cpuMsOf(this.#child.pid);
    return (lookedMs) => {
      const now = cpuMsOf(this.#child.pid);
      const workedMs = before === null || now === null ? lookedMs : now - before;
      if (workedMs >= limits.detectorBatchMsMax) return hungReason;
      return lookedMs >= limits.detectorIdleMsMax ? idleReason : null;
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

  #answer(reply: LinkReply): void {
    this.#settle?.(reply);
    this.#settle = null;
  }

  #end(reason: string): void {
    this.#ended ??= reason;
    this.#answer({ ended: true, reason: this.#ended });
  }
}

const hungReason = `it did not return within ${limits.detectorBatchMsMax} ms`;
const idleReason = `it did not return within ${limits.detectorIdleMsMax} ms, hardly working`;
const slowToLoad: IsHung = (lookedMs) =>
  lookedMs >= limits.detectorLoadMsMax
    ? `it did not load within ${limits.detectorLoadMsMax} ms`
    : null;

/** Node's words for an end, in ours. */
function endReason(reason: string): string {
  const code = /exited with code:? ?(\d+)/.exec(reason)?.[1];
  if (/out of memory|memory limit|SIGABRT|code:? 134/i.test(reason)) {
    return `it used more than ${limits.detectorHeapMbMax} MB of memory`;
  }
  return code === undefined ? reason : `it ended its process with code ${code}`;
}

/** A seat belt, as Node's own documents call it: no writing, no processes, no threads, no addons. */
function processFlags(): string[] {
  const [major = 0] = process.versions.node.split('.').map(Number);
  return [
    '--no-warnings',
    major >= 23 ? '--permission' : '--experimental-permission',
    '--allow-fs-read=*',
    `--max-old-space-size=${limits.detectorHeapMbMax}`,
  ];
}
