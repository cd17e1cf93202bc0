/**
 * Describes a detector's module as plain data. The module runs in a thread of its own while it is
 * imported, so that one that loops or exits at import takes nothing with it.
 */
import { Worker } from 'node:worker_threads';
import { limits } from '../limits.ts';
import { threadModule } from '../replay/thread.ts';
import type { DetectorMetadata } from './contract.ts';
import type { DetectorModule } from './module.ts';

export type Description =
  | { readonly kind: 'described'; readonly metadata: DetectorMetadata }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] }
  | { readonly kind: 'unloadable'; readonly reason: string };

export function describeDetector(module: DetectorModule): Promise<Description> {
  return new Promise((resolve) => {
    const worker = new Worker(threadModule(import.meta.url, './describe-thread.ts'), {
      workerData: module,
      env: {},
      execArgv: [],
      stdout: true,
    });
    const settle = (description: Description): void => {
      clearTimeout(timer);
      void worker.terminate();
      resolve(description);
    };
    const timer = setTimeout(
      () =>
        settle({
          kind: 'unloadable',
          reason: `it did not load within ${limits.detectorLoadMsMax} ms`,
        }),
      limits.detectorLoadMsMax,
    );
    worker.once('message', (description: Description) => settle(description));
    worker.once('error', (error) => settle({ kind: 'unloadable', reason: error.message }));
    worker.once('exit', (code) =>
      settle({
        kind: 'unloadable',
        reason: `it ended its process with code ${code} while loading`,
      }),
    );
  });
}
