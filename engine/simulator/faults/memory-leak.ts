/** Each request leaves bytes behind; the collector works harder and harder, then the kernel ends it. */
import type { FaultModule } from './fault.ts';
import { sitesOf } from './targets.ts';

export const memoryLeak: FaultModule<'memory-leak'> = {
  shape(simulation, fault) {
    const { leakBytes } = simulation.world.sites;
    for (const site of sitesOf(simulation, fault)) {
      leakBytes[site] = (leakBytes[site] as number) + fault.bytesPerRequest;
    }
  },
};
