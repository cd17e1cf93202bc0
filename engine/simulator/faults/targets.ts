import type { Plan } from '../plan.ts';

/** Endpoints that a fault acts on: one of a service, or all of them. */
export function endpointsOf(plan: Plan, service: number, endpoint: number | null): number[] {
  const first = plan.endpointBase[service] as number;
  if (endpoint !== null) return [first + endpoint];
  const count = (plan.endpointBase[service + 1] as number) - first;
  return Array.from({ length: count }, (_, i) => first + i);
}
