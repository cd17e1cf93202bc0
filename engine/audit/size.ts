/** How much an audit would simulate, before it does. */
import { limits } from '../limits.ts';
import type { SimulatedScenario, TrafficModel } from '../scenario/model.ts';
import { tooLarge } from './records.ts';

/** Simulations whatever the scenario: with and without its faults, with records and without. */
const always = 4;
/** Of each fault, at most: without it, and that with its records. */
const perFault = 2;

/** @throws WorkbenchError AUDIT_TOO_LARGE */
export function refuseTooLarge(scenario: SimulatedScenario): void {
  const { name, traffic, durationUs, faults, truth } = scenario;
  const perSecond = traffic.reduce((sum, entry) => sum + mostPerSecond(entry), 0);
  const simulations =
    always + perFault * faults.length + truth.helpful.length + truth.harmful.length;
  const arrivals = perSecond * (durationUs / 1e6) * simulations;
  if (arrivals > limits.auditArrivalsMax) throw tooLarge(name, limits.auditArrivalsMax, 'requests');
}

/** In the mean; a surge counts as if it lasted all the time. */
function mostPerSecond({ kind, rate, surges, burst, everyUs }: TrafficModel): number {
  const most = surges.reduce((factor, surge) => Math.max(factor, surge.factor), 1);
  return kind === 'batch' ? rate + (burst / everyUs) * 1e6 : rate * most;
}

/** What all users together ask for in the mean. */
export function usersPerSecond({ traffic }: Pick<SimulatedScenario, 'traffic'>): number {
  return traffic.reduce((sum, { kind, rate }) => sum + (kind === 'users' ? rate : 0), 0);
}
