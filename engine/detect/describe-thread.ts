/** The thread behind `describeDetector`: imports one module, answers once. */
import { parentPort, workerData } from 'node:worker_threads';
import { examineDetector } from './contract.ts';
import type { Description } from './describe.ts';
import { importDetector, importFailure, type DetectorModule } from './module.ts';

async function describe(module: DetectorModule): Promise<Description> {
  let exported: unknown;
  try {
    exported = await importDetector(module);
  } catch (thrown) {
    return { kind: 'unloadable', reason: importFailure(thrown, module.url) };
  }
  const examined = examineDetector(exported);
  return examined.ok
    ? { kind: 'described', metadata: examined.metadata }
    : { kind: 'invalid', problems: examined.problems };
}

// Our own parent wrote workerData.
parentPort?.postMessage(await describe(workerData as DetectorModule));
