/** The writer's thread as seen from the run: ranges go in, commits come back in the same order. */
import { Worker } from 'node:worker_threads';
import { reasonOf, reviveError, WorkbenchError } from '../errors.ts';
import { threadModule } from '../replay/thread.ts';
import type { RangeToWrite, RunEnd } from './writer.ts';
import type { WriterReply, WriterRequest, WriterThreadData } from './writer-thread.ts';

export interface Commit {
  readonly slot: number;
  readonly last: boolean;
  readonly through: number;
}

export class WriterLink {
  /** Resolves when the run file stands. */
  readonly ready: Promise<void>;
  /** Rejects when the writer fails, whenever that is; never resolves. */
  readonly failed: Promise<never>;
  readonly #worker: Worker;
  #finished: ((digest: string) => void) | null = null;
  #commitListener: ((commit: Commit) => void) | null = null;

  constructor(data: WriterThreadData) {
    this.#worker = new Worker(threadModule(import.meta.url, './writer-thread.ts'), {
      workerData: data,
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
            return this.#commitListener?.(reply);
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

  onCommit(listener: (commit: Commit) => void): void {
    this.#commitListener = listener;
  }

  write(range: RangeToWrite): void {
    this.#send({ type: 'range', range });
  }

  setState(state: 'running' | 'paused'): void {
    this.#send({ type: 'state', state });
  }

  /** Stores the end of the run and seals the file. Resolves with the digest. */
  finish(end: RunEnd): Promise<string> {
    const finished = new Promise<string>((resolve) => {
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
