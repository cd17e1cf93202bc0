/** How far a run tells what happened: one that was cut off says nothing of the rest of its scenario. */
import type { Micros } from '../sdk/index.ts';
import { stateNowOf } from './overview.ts';
import type { RunReader } from './reader.ts';
import type { RunState } from './types.ts';

export interface Reach {
  readonly state: RunState;
  /** Everything before it is known, µs. */
  readonly untilUs: Micros;
  /** It got to its end: what happened at that very moment is known too. */
  readonly whole: boolean;
}

export function reachOf(run: RunReader): Reach {
  const { through, duration } = run.run();
  const state = stateNowOf(run);
  const whole = state === 'completed' || state === 'degraded';
  return { state, whole, untilUs: whole ? Math.max(through, duration) : through };
}
