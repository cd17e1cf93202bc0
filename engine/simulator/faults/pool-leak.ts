/** A share of connections is never given back. Ending it stops the leak; what has leaked stays out. */
import type { FaultModule } from './fault.ts';
import { either, instancesOf } from './targets.ts';

export const poolLeak: FaultModule<'pool-leak'> = {
  shape(simulation, fault) {
    const { plan, world } = simulation;
    const { partLeakShare } = world.pools;
    const pool = (plan.poolBase[fault.service] as number) + fault.pool;
    const first = plan.instanceBase[fault.service] as number;
    for (const i of instancesOf(simulation, fault)) {
      const part = (plan.poolPartBase[pool] as number) + i - first;
      partLeakShare[part] = either(partLeakShare[part] as number, fault.share);
    }
  },
};
