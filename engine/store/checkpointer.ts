/** The thread that checkpoints, as seen from the writer's. */
import { Worker } from 'node:worker_threads';
import { limits } from '../limits.ts';
import { threadLimits, threadModule } from '../replay/thread.ts';

export class Checkpointer {
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  #rows = 0;

  constructor(file: string) {
    this.#worker = new Worker(threadModule(import.meta.url, './checkpoint-thread.ts'), {
      workerData: file,
      resourceLimits: threadLimits,
    });
    this.#ended = new Promise((resolve) => this.#worker.once('exit', () => resolve()));
    // The writer checkpoints by itself where nobody does it for him, and says what is wrong with the disk.
    this.#worker.on('error', () => undefined);
  }

  /** So many more rows are committed. */
  committed(rows: number): void {
    this.#rows += rows;
    // A checkpoint flushes the disk's caches: not for the few rows of a run at a person's speed.
    if (this.#rows < limits.rowsPerCheckpoint) return;
    this.#rows = 0;
    this.#worker.postMessage('committed');
  }

  /** Resolves when the thread has let go of the file. */
  close(): Promise<void> {
    this.#worker.postMessage(null);
    return this.#ended;
  }
}
