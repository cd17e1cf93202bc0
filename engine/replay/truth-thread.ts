/** The thread that measures what a simulated outage did, beside the run and apart from all that it shows. */
import { parentPort, workerData } from 'node:worker_threads';
import { serialiseError, type WireError } from '../errors.ts';
import type { ActionInput, SimulatedScenario } from '../scenario/model.ts';
import { measureTruth, type Outcome } from '../simulator/index.ts';
import type { MeasuredTruth } from '../store/model.ts';

export interface TruthThreadData {
  readonly scenario: SimulatedScenario;
  readonly seed: number;
  readonly inputs: readonly ActionInput[];
}

export type TruthMessage =
  | { readonly type: 'measured'; readonly measured: MeasuredTruth }
  | { readonly type: 'error'; readonly error: WireError };

const port = parentPort;
if (port) {
  const post = (message: TruthMessage): void => port.postMessage(message);
  try {
    const { scenario, seed, inputs } = workerData as TruthThreadData;
    const { impacts, firstObservable, firstUserImpact, outcome } = measureTruth(scenario, {
      seed,
      inputs,
    });
    const sli = sliOf(outcome);
    post({ type: 'measured', measured: { impacts, firstObservable, firstUserImpact, sli } });
  } catch (error) {
    post({ type: 'error', error: serialiseError(error) });
  }
}

function sliOf({ objectives }: Outcome): MeasuredTruth['sli'] {
  return objectives.flatMap(({ total, bad }, objective) =>
    Array.from(total, (requests, bucket) => ({
      objective,
      bucket,
      total: requests,
      bad: bad[bucket] ?? 0,
    })).filter((row) => row.total > 0),
  );
}
