/** Own work takes longer: a slow disk, a bad plan, a throttled CPU. Queues do the rest. */
import type { ApplyFault } from './fault.ts';
import { endpointsOf } from './targets.ts';

export const applyLatency: ApplyFault<'latency'> = ({ plan, world }, { fault, active }) => {
  const { factor, addUs } = world.endpoints;
  for (const e of endpointsOf(plan, fault.service, null)) {
    factor[e] = 1;
    addUs[e] = 0;
  }
  for (const other of active) {
    if (other.service !== fault.service) continue;
    for (const e of endpointsOf(plan, other.service, other.endpoint)) {
      factor[e] = (factor[e] as number) * other.factor;
      addUs[e] = (addUs[e] as number) + other.addUs;
    }
  }
};
