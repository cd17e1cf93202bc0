export { systemClock } from './clock.ts';
export type { Clock, Sleep } from './clock.ts';
export type { LiveState, LiveStatus, RunControl } from './control.ts';
export type { Run, RunEvents, RunOutcome } from './run.ts';
export { startRun } from './start.ts';
export type { RunOptions } from './start.ts';
export type { SourceHeader } from './source.ts';
export type { SourcePlan } from './source-thread.ts';
export type { Speed } from './speed.ts';
