/** Own work takes longer: a slow disk, a bad plan, a lock nobody sees. Queues do the rest. */
import type { FaultModule } from './fault.ts';
import { sitesOf } from './targets.ts';

export const latency: FaultModule<'latency'> = {
  shape(simulation, fault) {
    const { factor, addUs } = simulation.world.sites;
    for (const site of sitesOf(simulation, fault)) {
      factor[site] = (factor[site] as number) * fault.factor;
      addUs[site] = (addUs[site] as number) + fault.addUs;
    }
  },
};
