/** A counter runs out: each request takes a value, and when none is left all of them fail. */
import type { Simulation } from '../simulation.ts';
import type { FaultModule, FaultOf } from './fault.ts';

export const exhaustion: FaultModule<'exhaustion'> = {
  begin(simulation, fault) {
    for (const e of endpointsOf(simulation, fault)) {
      simulation.world.endpoints.left[e] = fault.left;
    }
  },
  end(simulation, fault, index) {
    const { plan, world } = simulation;
    const others = plan.scenario.faults.filter((_, f) => f !== index && acts(simulation, f));
    for (const e of endpointsOf(simulation, fault)) {
      const held = others.some(
        (o) => o.kind === 'exhaustion' && endpointsOf(simulation, o).includes(e),
      );
      if (!held) world.endpoints.left[e] = Infinity;
    }
  },
};

function acts({ world }: Simulation, index: number): boolean {
  return world.faults.active[index] === 1 && world.faults.pulsing[index] === 1;
}

function endpointsOf({ plan }: Simulation, fault: FaultOf<'exhaustion'>): number[] {
  const first = plan.endpointBase[fault.service] as number;
  const end = plan.endpointBase[fault.service + 1] as number;
  const all = Array.from({ length: end - first }, (_, i) => first + i);
  return fault.endpoint === null ? all : [first + fault.endpoint];
}
