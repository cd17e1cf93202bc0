/** A share of connections is never given back. Ending it stops the leak; what has leaked stays out. */
import type { ApplyFault } from './fault.ts';

export const applyPoolLeak: ApplyFault<'pool-leak'> = ({ plan, world }, { fault, active }) => {
  const { leakShare } = world.pools;
  const indexOf = (f: typeof fault): number => (plan.poolBase[f.service] as number) + f.pool;
  leakShare[indexOf(fault)] = 0;
  for (const other of active) {
    if (indexOf(other) !== indexOf(fault)) continue;
    leakShare[indexOf(fault)] = 1 - (1 - (leakShare[indexOf(fault)] as number)) * (1 - other.share);
  }
};
