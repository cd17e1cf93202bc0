/** The simulator's door. */
export { createSimulatorSource } from './source.ts';
export { simulate } from './simulate.ts';
export type { SimulateOptions, SimulationResult } from './simulate.ts';
export type {
  CallStatistics,
  EndpointStatistics,
  PoolStatistics,
  ServiceStatistics,
  SimulationStatistics,
} from './statistics.ts';
export { openSimulation, resumeSimulation, runTo } from './run.ts';
export type { SimulationRun } from './run.ts';
export { copyWorld } from './world.ts';
export type { World } from './world.ts';
export { budgetMinutes, measureOutcome } from './outcome.ts';
export type { Outcome, OutcomeOptions } from './outcome.ts';
export { measureTruth } from './truth.ts';
export type { MeasuredTruth } from './truth.ts';
export { delayOf, usualDelays } from './actions/index.ts';
export { faultKinds } from './faults/index.ts';
