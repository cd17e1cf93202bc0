/** Others take a share of each core: a neighbour on the host, a quota. Requests take longer on it. */
import type { FaultModule } from './fault.ts';
import { either, machinesOf } from './targets.ts';

export const cpuSteal: FaultModule<'cpu-steal'> = {
  shape(simulation, fault) {
    const { stolen } = simulation.world.machines;
    for (const i of machinesOf(simulation, fault)) {
      stolen[i] = either(stolen[i] as number, fault.share);
    }
  },
};
