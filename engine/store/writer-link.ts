/** The writer's thread as seen from the run: ranges go in, what became of them comes back in order. */
import { Worker } from 'node:worker_threads';
import { reasonOf, reviveError, WorkbenchError } from '../errors.ts';
import { threadLimits, threadModule } from '../replay/thread.ts';
import type { Commit, RangeToWrite, RunEnd, WorldCheckpoint } from './model.ts';
import type { WriterReply, WriterRequest, WriterThreadData } from './writer-thread.ts';

export interface WriterListener {
  /** A range was read; `last`: its slot is free. */
  written(range: { readonly slot: number; readonly last: boolean }): void;
  committed(commit: Commit): void;
}

export class WriterLink {
  /** Resolves when the run file stands. */
  readonly ready: Promise<void>;
  /** Rejects when the writer fails, whenever that is; never resolves. */
  readonly failed: Promise<never>;
  readonly #worker: Worker;
  #finished: ((digest: string | null) => void) | null = null;
  #listener: WriterListener | null = null;

  constructor(data: WriterThreadData) {
    this.#worker = new Worker(threadModule(import.meta.url, './writer-thread.ts'), {
      workerData: data,
      resourceLimits: threadLimits,
    });
    let fail: (error: Error) => void = () => undefined;
    this.failed = new Promise<never>((_, reject) => {
      fail = reject;
    });
    // Whoever waits sees the failure; nobody waiting must not end the process.
    this.failed.catch(() => undefined);
    this.#worker.on('error', (error) =>
      fail(new WorkbenchError('INTERNAL', { reason: reasonOf(error) }, { cause: error })),
    );
    const ready = new Promise<void>((resolve) => {
      this.#worker.on('message', (reply: WriterReply) => {
        switch (reply.type) {
          case 'ready':
            return resolve();
          case 'written':
            return this.#listener?.written(reply);
          case 'committed':
            return this.#listener?.committed(reply);
          case 'finished':
            return this.#finished?.(reply.digest);
          case 'error':
            return fail(reviveError(reply.error));
          default:
            reply satisfies never;
        }
      });
    });
    this.ready = Promise.race([ready, this.failed]);
  }

  listen(listener: WriterListener): void {
    this.#listener = listener;
  }

  write(range: RangeToWrite): void {
    this.#send({ type: 'range', range });
  }

  /** Keeps the simulated world at a moment. */
  checkpoint(checkpoint: WorldCheckpoint): void {
    this.#send({ type: 'checkpoint', checkpoint });
  }

  setState(state: 'running' | 'paused'): void {
    this.#send({ type: 'state', state });
  }

  /** Stores the end of the run and seals the file. Resolves with the digest, where it compares. */
  finish(end: RunEnd): Promise<string | null> {
    const finished = new Promise<string | null>((resolve) => {
      this.#finished = resolve;
    });
    this.#send({ type: 'finish', end });
    return Promise.race([finished, this.failed]);
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #send(request: WriterRequest): void {
    this.#worker.postMessage(request);
  }
}
