/** Ends processes, and tells those that waited for them. */
import { attemptEnded } from './calls.ts';
import { startInstance, takeDown, type DownReason } from './lifecycle.ts';
import { Outcome } from './requests.ts';
import type { Simulation } from './simulation.ts';

/** The pause before a supervisor starts a process again, µs. */
export const supervisorPauseUs = 2_000_000;

export function kill(simulation: Simulation, instance: number, reason: DownReason): void {
  const callers = takeDown(simulation, instance, reason);
  for (const r of callers) attemptEnded(simulation, r, Outcome.reset);
}

/** Ends a process and starts it again. */
export function restart(simulation: Simulation, instance: number, reason: DownReason): void {
  kill(simulation, instance, reason);
  startInstance(simulation, instance, supervisorPauseUs);
}
