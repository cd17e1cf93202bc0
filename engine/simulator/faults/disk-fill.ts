/** Something writes and never deletes. A full disk fails writes, and the log of the instance with them. */
import type { FaultModule } from './fault.ts';
import { machinesOf } from './targets.ts';

export const diskFill: FaultModule<'disk-fill'> = {
  shape(simulation, fault) {
    const { diskRate } = simulation.world.machines;
    for (const i of machinesOf(simulation, fault)) {
      diskRate[i] = (diskRate[i] as number) + fault.bytesPerSecond / 1e6;
    }
  },
};
