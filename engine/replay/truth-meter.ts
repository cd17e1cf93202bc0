/** What the truth's thread finds, when it has found it. */
import { Worker } from 'node:worker_threads';
import { reasonOf, reviveError, WorkbenchError } from '../errors.ts';
import type { MeasuredTruth } from '../store/model.ts';
import type { SourcePlan } from './source-plan.ts';
import { threadModule } from './thread.ts';
import type { TruthMessage, TruthThreadData } from './truth-thread.ts';

export class TruthMeter {
  /** null for a recording: what happened there is not ours to measure. */
  readonly measured: Promise<MeasuredTruth | null>;
  readonly #worker: Worker | null;

  constructor(plan: SourcePlan) {
    if (plan.kind !== 'simulated') {
      this.#worker = null;
      this.measured = Promise.resolve(null);
      return;
    }
    const { scenario, seed, inputs } = plan;
    const workerData: TruthThreadData = { scenario, seed, inputs };
    const worker = new Worker(threadModule(import.meta.url, './truth-thread.ts'), { workerData });
    this.#worker = worker;
    this.measured = new Promise((resolve, reject) => {
      worker.on('message', (message: TruthMessage) => {
        if (message.type === 'measured') resolve(message.measured);
        else reject(reviveError(message.error));
      });
      worker.on('error', (error) =>
        reject(new WorkbenchError('INTERNAL', { reason: reasonOf(error) }, { cause: error })),
      );
      // Ended from outside before it was done: a run that is cut off has no truth of its whole.
      worker.on('exit', () => resolve(null));
    });
    this.measured.catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }
}
