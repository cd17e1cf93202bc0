/** Packets between the scope and everybody else are lost or late; retransmissions do the rest. */
import type { FaultModule } from './fault.ts';
import { either, machinesOf } from './targets.ts';

export const network: FaultModule<'network'> = {
  shape(simulation, fault) {
    const { loss, delayUs } = simulation.world.machines;
    for (const i of machinesOf(simulation, fault)) {
      loss[i] = either(loss[i] as number, fault.loss);
      delayUs[i] = (delayUs[i] as number) + fault.delayUs;
    }
  },
};
