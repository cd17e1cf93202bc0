/** What a cache remembers is gone, once: a flush, a failed node, a new key format. */
import { flush } from '../caches.ts';
import type { FaultModule } from './fault.ts';

export const cacheFlush: FaultModule<'cache-flush'> = {
  begin(simulation, fault) {
    flush(simulation, (simulation.plan.cacheBase[fault.service] as number) + fault.cache);
  },
};
