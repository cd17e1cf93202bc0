/** From what a run is to replay to the source that gives it. */
import { createCacheSource } from '../recording/index.ts';
import type { ActionInput, Objective, SimulatedScenario } from '../scenario/model.ts';
import { createSimulatorSource } from '../simulator/index.ts';
import { objectivesOf } from './objectives.ts';
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
  | {
      readonly kind: 'recorded';
      readonly cacheFile: string;
      /** The scenario's: they may change without the recording being read again. */
      readonly objectives: readonly Objective[];
    };

export function openSource(plan: SourcePlan): Source {
  if (plan.kind === 'simulated') {
    return createSimulatorSource(plan.scenario, { seed: plan.seed, inputs: plan.inputs });
  }
  const source = createCacheSource(plan.cacheFile);
  const objectives = objectivesOf(plan.objectives, source.header.services);
  return { ...source, header: { ...source.header, objectives } };
}
