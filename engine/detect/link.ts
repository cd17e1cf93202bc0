/** How a shard is reached: a thread that shares our memory, or a process that shares nothing. */
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { reasonOf } from '../errors.ts';
import { limits } from '../limits.ts';
import { columnsOf, filledColumns, type Columns, type Slot } from '../replay/batch.ts';
import type { SourceHeader } from '../replay/source.ts';
import { threadLimits, threadModule } from '../replay/thread.ts';
import type { Micros } from '../sdk/index.ts';
import { checkedOutput, subjectsByKey } from './plugin-output.ts';
import { endReason, PluginProcess } from './plugin-process.ts';
import {
  marker as field,
  markedHooks,
  type PlacedDetector,
  type PluginMessage,
  type ShardReply,
  type ShardTask,
} from './protocol.ts';
import {
  hungReason,
  slownessOf,
  stillnessOf,
  watch,
  watchEveryMs,
  whereIn,
  type IsHung,
} from './watch.ts';

/** Thread or process is gone, with all states in it. */
export interface LinkEnd {
  readonly ended: true;
  readonly reason: string;
  /** The hook that ran. */
  readonly hook: string;
}

/** What became of a task. `workedMs`: what it cost, where that is known. */
export type LinkReply = (ShardReply & { readonly workedMs?: number }) | LinkEnd;

/** One task at a time. A link that ended answers nothing more. */
export interface ShardLink {
  send(task: ShardTask): Promise<LinkReply>;
  close(): Promise<void>;
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
    if (this.#broken !== null) return this.#end(this.#broken);
    const abort = new AbortController();
    const stopWatching = watch(this.#stillness(), () => abort.abort());
    try {
      return await this.#pool.run(task, { signal: abort.signal });
    } catch (error) {
      return this.#end(abort.signal.aborted ? hungReason : endReason(reasonOf(error)));
    } finally {
      stopWatching();
    }
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }

  #end(reason: string): LinkEnd {
    const hook = markedHooks[Atomics.load(this.#marker, field.hook)] ?? 'a hook';
    return { ended: true, reason, hook };
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
  readonly #placed: PlacedDetector;
  readonly #subjects: ReturnType<typeof subjectsByKey>;
  #settle: ((reply: LinkReply) => void) | null = null;
  /** The answer under way, in parts as they came. */
  #parts: unknown[] = [];
  #partBytes = 0;
  /** The first moment that the process has not answered for, and the last that the task is about. */
  #since: Micros = 0;
  #until: Micros = 0;
  /** Number of the batch that the process holds. */
  #sent = -1;
  #ended: LinkEnd | null = null;

  constructor(
    placed: PlacedDetector,
    {
      slots,
      header,
      printed,
    }: {
      readonly slots: readonly Slot[];
      readonly header: SourceHeader;
      readonly printed: (line: string) => void;
    },
  ) {
    this.#placed = placed;
    this.#columns = slots.map(columnsOf);
    this.#subjects = subjectsByKey(placed, header);
    this.#process = new PluginProcess(fileURLToPath(placed.loaded.url), {
      message: (message, bytes) => this.#hear(message, bytes),
      ended: (reason) => this.#end(reason),
      printed,
    });
  }

  send(task: ShardTask): Promise<LinkReply> {
    if (this.#ended !== null) return Promise.resolve(this.#ended);
    this.#expect(task);
    const cpuMs = this.#process.cpuMs();
    return new Promise((resolve) => {
      const isHung = task.type === 'open' ? slownessOf(this.#process) : stillnessOf(this.#process);
      const stopWatching = watch(isHung, (reason) => this.#process.kill(reason));
      this.#settle = (reply) => {
        stopWatching();
        resolve('output' in reply ? { ...reply, workedMs: this.#workedMs(cpuMs) } : reply);
      };
      this.#process.send(this.#carry(task));
    });
  }

  close(): Promise<void> {
    return this.#process.close();
  }

  #workedMs(before: number | null): number {
    const now = this.#process.cpuMs();
    return before === null || now === null ? 0 : now - before;
  }

  #expect(task: ShardTask): void {
    this.#parts = [];
    this.#partBytes = 0;
    if (task.type === 'open') this.#since = task.startAt;
    // To open says nothing of any moment.
    this.#until = this.#since - 1;
    if (task.type === 'range') this.#until = task.range.through - 1;
    if (task.type === 'finish') this.#until = task.through;
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

  #hear(message: PluginMessage, bytes: number): void {
    // What nobody has asked for is not heard.
    if (this.#settle === null) return;
    if (message.type === 'refused') return this.#answer({ ok: false, reason: message.reason });
    if (message.type !== 'output') return;
    this.#partBytes += bytes;
    if (this.#partBytes > limits.pluginAnswerBytesMax) {
      return this.#process.kill(`it answered with more than ${limits.pluginAnswerBytesMax} bytes`);
    }
    this.#parts.push(message.output);
    if (!message.last) return;
    const output = checkedOutput(this.#parts, {
      placed: this.#placed,
      subjects: this.#subjects,
      since: this.#since,
      until: this.#until,
    });
    this.#since = this.#until + 1;
    this.#answer({ ok: true, output });
  }

  #answer(reply: LinkReply): void {
    const settle = this.#settle;
    this.#settle = null;
    this.#parts = [];
    settle?.(reply);
  }

  #end(reason: string): void {
    const { hook, at } = whereIn(this.#process);
    this.#ended ??= { ended: true, reason: `${reason}${at}`, hook };
    this.#answer(this.#ended);
  }
}
