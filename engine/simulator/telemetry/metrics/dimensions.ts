/** What metrics are broken down by besides services and instances. */
import type { Plan } from '../../plan.ts';
import type { EdgePlan } from './client-meters.ts';

/** Pairs of caller and callee, in the order of the calls. */
export function edgesOf(plan: Plan): EdgePlan[] {
  const edges = new Map<string, { caller: number; callee: number; calls: number[] }>();
  plan.calls.forEach((_, c) => {
    const caller = plan.endpointService[plan.callFrom[c] as number] as number;
    const callee = plan.endpointService[plan.callTo[c] as number] as number;
    const key = `${caller}>${callee}`;
    const edge = edges.get(key) ?? { caller, callee, calls: [] };
    edge.calls.push(c);
    edges.set(key, edge);
  });
  return [...edges.values()];
}

/** Versions that a service may run, for those that may run several. */
export function versionsOf({ scenario, versions }: Plan): {
  readonly service: number;
  readonly version: number;
}[] {
  return scenario.services.flatMap((service, s) => {
    const names = new Set([service.version]);
    for (const change of scenario.changes) {
      if (change.service === s && change.version !== null) names.add(change.version);
    }
    if (names.size === 1) return [];
    return [...names].map((name) => ({ service: s, version: versions.indexOf(name) }));
  });
}
