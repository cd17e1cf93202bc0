/** A share of requests fails after its own work; two such faults fail independently. */
import type { FaultModule } from './fault.ts';
import { either, sitesOf } from './targets.ts';

export const errors: FaultModule<'errors'> = {
  shape(simulation, fault, index) {
    const { errorShare, errorFault } = simulation.world.sites;
    for (const site of sitesOf(simulation, fault)) {
      errorShare[site] = either(errorShare[site] as number, fault.share);
      errorFault[site] = index;
    }
  },
};
