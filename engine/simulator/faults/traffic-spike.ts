/** More users: every traffic entry into the service comes `factor` times as often. */
import type { FaultModule } from './fault.ts';

export const trafficSpike: FaultModule<'traffic-spike'> = {
  shape({ plan, shaped }, fault) {
    plan.scenario.traffic.forEach((entry, k) => {
      if (entry.service === fault.service) {
        shaped.traffic[k] = (shaped.traffic[k] as number) * fault.factor;
      }
    });
  },
};
