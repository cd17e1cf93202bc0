/** From what a run is to replay to the source that gives it. */
import { createCacheSource } from '../recording/index.ts';
import type { ActionInput, SimulatedScenario } from '../scenario/model.ts';
import { createSimulatorSource } from '../simulator/index.ts';
import type { Source } from './source.ts';

/** Where the records of a run come from. */
export type SourcePlan =
  | {
      readonly kind: 'simulated';
      readonly scenario: SimulatedScenario;
      readonly seed: number;
      /** What people do, in the order of time. */
      readonly inputs: readonly ActionInput[];
    }
  | { readonly kind: 'recorded'; readonly cacheFile: string };

export function openSource(plan: SourcePlan): Source {
  return plan.kind === 'simulated'
    ? createSimulatorSource(plan.scenario, { seed: plan.seed, inputs: plan.inputs })
    : createCacheSource(plan.cacheFile);
}
