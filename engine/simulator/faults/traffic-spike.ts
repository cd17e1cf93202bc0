/** More users: every traffic entry into the service comes `factor` times as often. */
import { setTrafficFactor } from '../traffic.ts';
import type { ApplyFault } from './fault.ts';

export const applyTrafficSpike: ApplyFault<'traffic-spike'> = (simulation, { fault, active }) => {
  const factor = active
    .filter((other) => other.service === fault.service)
    .reduce((product, other) => product * other.factor, 1);
  simulation.plan.scenario.traffic.forEach((entry, k) => {
    if (entry.service === fault.service) setTrafficFactor(simulation, k, factor);
  });
};
