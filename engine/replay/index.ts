export { systemClock } from './clock.ts';
export type { Clock, Sleep } from './clock.ts';
export type { LiveState, LiveStatus, RunControl, Speed } from './control.ts';
export { speedMax, speedMin } from './pacer.ts';
export type { Run, RunOutcome } from './run.ts';
export { startRun } from './start.ts';
export type { RunOptions } from './start.ts';
export type { SourceHeader } from './source.ts';
export type { SourcePlan } from './source-thread.ts';
