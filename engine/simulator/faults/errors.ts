/** A share of requests fails after its own work; two such faults fail independently. */
import type { ApplyFault } from './fault.ts';
import { endpointsOf } from './targets.ts';

export const applyErrors: ApplyFault<'errors'> = ({ plan, world }, { fault, active }) => {
  const { errorShare } = world.endpoints;
  for (const e of endpointsOf(plan, fault.service, null)) errorShare[e] = 0;
  for (const other of active) {
    if (other.service !== fault.service) continue;
    for (const e of endpointsOf(plan, other.service, other.endpoint)) {
      errorShare[e] = 1 - (1 - (errorShare[e] as number)) * (1 - other.share);
    }
  }
};
