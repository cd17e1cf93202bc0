/** A counter runs out: each request takes a value, and when none is left all of them fail. */
import type { Simulation } from '../simulation.ts';
import type { FaultModule, FaultOf } from './fault.ts';

export const exhaustion: FaultModule<'exhaustion'> = {
  begin(simulation, fault) {
    set(simulation, fault, fault.left);
  },
  end(simulation, fault) {
    set(simulation, fault, Infinity);
  },
};

function set({ plan, world }: Simulation, fault: FaultOf<'exhaustion'>, left: number): void {
  const first = plan.endpointBase[fault.service] as number;
  const end = plan.endpointBase[fault.service + 1] as number;
  for (let e = first; e < end; e++) {
    if (fault.endpoint === null || e === first + fault.endpoint) world.endpoints.left[e] = left;
  }
}
