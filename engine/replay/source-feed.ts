/** The source's thread as a queue: batches in order, slots given back for credit. */
import { Worker } from 'node:worker_threads';
import { reasonOf, reviveError, WorkbenchError } from '../errors.ts';
import type { Micros } from '../sdk/index.ts';
import type { WorldCheckpoint } from '../store/model.ts';
import type { BatchMessage, Slot } from './batch.ts';
import type { SourceHeader } from './source.ts';
import type { SourcePlan } from './source-plan.ts';
import type { SourceMessage, SourceThreadData } from './source-thread.ts';
import { threadLimits, threadModule } from './thread.ts';

export type FeedItem =
  ({ readonly type: 'batch' } & BatchMessage) | { readonly type: 'end'; readonly through: Micros };

export class SourceFeed {
  readonly header: Promise<SourceHeader>;
  readonly #worker: Worker;
  readonly #queue: FeedItem[] = [];
  #waiting: { resolve: (item: FeedItem) => void; reject: (error: Error) => void } | null = null;
  #failure: Error | null = null;
  #onCheckpoint: (checkpoint: WorldCheckpoint) => void = () => undefined;

  constructor(plan: SourcePlan, slots: readonly Slot[]) {
    const workerData: SourceThreadData = { plan, slots };
    this.#worker = new Worker(threadModule(import.meta.url, './source-thread.ts'), {
      workerData,
      resourceLimits: threadLimits,
    });
    this.header = new Promise((resolve, reject) => {
      this.#worker.on('message', (message: SourceMessage) => {
        if (message.type === 'header') resolve(message.header);
        else if (message.type === 'checkpoint') this.#onCheckpoint(message.checkpoint);
        else if (message.type === 'error') this.#fail(reviveError(message.error), reject);
        else this.#arrived(message);
      });
      this.#worker.on('error', (error) =>
        this.#fail(
          new WorkbenchError('INTERNAL', { reason: reasonOf(error) }, { cause: error }),
          reject,
        ),
      );
    });
    for (let slot = 0; slot < slots.length; slot++) this.release(slot);
  }

  /** The next batch; its slot stays filled until `release`. */
  next(): Promise<FeedItem> {
    const item = this.#queue.shift();
    if (item) return Promise.resolve(item);
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /** Hands on each copy of a simulated world. */
  onCheckpoint(listener: (checkpoint: WorldCheckpoint) => void): void {
    this.#onCheckpoint = listener;
  }

  /** Lets the source fill a slot again. */
  release(slot: number): void {
    this.#worker.postMessage(slot);
  }

  /** Whoever waits for a batch waits in vain: `next` rejects from now on. */
  cancel(): void {
    this.#queue.length = 0;
    this.#fail(new Error('nobody reads on'), () => undefined);
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #arrived(item: FeedItem): void {
    if (this.#waiting) this.#waiting.resolve(item);
    else this.#queue.push(item);
    this.#waiting = null;
  }

  #fail(error: Error, rejectHeader: (error: Error) => void): void {
    this.#failure ??= error;
    rejectHeader(error);
    this.#waiting?.reject(error);
    this.#waiting = null;
  }
}
