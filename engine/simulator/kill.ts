/** Ends processes, and tells those that waited for them. */
import { attemptEnded } from './calls.ts';
import { InstanceState } from './instance-table.ts';
import { startInstance, takeDown, type DownReason } from './lifecycle.ts';
import { Outcome } from './requests.ts';
import type { Simulation } from './simulation.ts';

/** The pause before a supervisor starts a process again, µs. */
export const supervisorPauseUs = 2_000_000;

/** Ends a process that runs or starts; returns whether there was one. */
export function kill(simulation: Simulation, instance: number, reason: DownReason): boolean {
  const state = simulation.world.instances.state[instance];
  if (state !== InstanceState.up && state !== InstanceState.starting) return false;
  const callers = takeDown(simulation, instance, reason);
  for (const r of callers) attemptEnded(simulation, r, Outcome.reset);
  return true;
}

/** Ends a process and starts it again; one that is down is started. */
export function restart(simulation: Simulation, instance: number, reason: DownReason): void {
  kill(simulation, instance, reason);
  startInstance(simulation, instance, supervisorPauseUs);
}
