/**
 * Instances die: what they hold is lost, new connections are refused until they are back. They come
 * back empty, with fresh pools. An instance that is down already is not taken down again.
 */
import { attemptEnded } from '../calls.ts';
import { EventType, schedule } from '../events.ts';
import { bringUp, takeDown } from '../instances.ts';
import { Outcome } from '../requests.ts';
import type { Simulation } from '../simulation.ts';
import type { ApplyFault, FaultEdge } from './fault.ts';

export const applyCrash: ApplyFault<'crash'> = (simulation, edge) => {
  if (edge.edge === 'start') crash(simulation, edge);
  else restart(simulation, edge);
};

function crash(simulation: Simulation, { fault, index }: FaultEdge<'crash'>): void {
  const { plan, world } = simulation;
  const { instances, clock, events } = world;
  const first = plan.instanceBase[fault.service] as number;
  const end = plan.instanceBase[fault.service + 1] as number;
  let left = fault.scope.instances ?? end - first;
  for (let i = first; i < end && left > 0; i++) {
    if (instances.up[i] === 0) continue;
    left--;
    const callers = takeDown(simulation, i);
    instances.downBy[i] = index;
    if (fault.restartAfterUs !== null) {
      const at = (clock[0] as number) + fault.restartAfterUs;
      instances.restart[i] = schedule(events, at, EventType.instanceUp, i);
    }
    for (const r of callers) attemptEnded(simulation, r, Outcome.reset);
  }
}

function restart(simulation: Simulation, { fault, index }: FaultEdge<'crash'>): void {
  const { plan, world } = simulation;
  const end = plan.instanceBase[fault.service + 1] as number;
  for (let i = plan.instanceBase[fault.service] as number; i < end; i++) {
    if (world.instances.downBy[i] === index) bringUp(simulation, i);
  }
}
