/** What a fault acts on, by its scope. */
import type { FaultModel, FaultScope } from '../../scenario/model.ts';
import { InstanceState } from '../instance-table.ts';
import type { Simulation } from '../simulation.ts';

type Target = Pick<FaultModel, 'service' | 'scope'>;

/** Whether what a fault hangs on besides instances holds: a flag, a configuration. */
export function conditionHolds({ plan, world }: Simulation, { service, scope }: Target): boolean {
  if (scope.flag !== null) {
    const flag = plan.flags.findIndex((f) => f.service === service && f.name === scope.flag);
    if (world.flags[flag] !== 1) return false;
  }
  if (scope.config === null) return true;
  return plan.configs[world.services.config[service] as number] === scope.config;
}

/** Instances of the fault's service in its scope, whether they run or not. */
export function instancesOf(simulation: Simulation, target: Target): number[] {
  const { instanceBase } = simulation.plan;
  const from = instanceBase[target.service] as number;
  const to = instanceBase[target.service + 1] as number;
  return select(simulation, target.scope, from, to);
}

/**
 * The same for faults of hosts and zones: they act on all services there. What belongs to others is on
 * no host of ours.
 */
export function machinesOf(simulation: Simulation, target: Target): number[] {
  const { scope } = target;
  if (scope.node === null && scope.zone === null) return instancesOf(simulation, target);
  const { instanceService, scenario } = simulation.plan;
  const all = select(simulation, { ...scope, instances: null }, 0, instanceService.length);
  const ours = all.filter(
    (i) => scenario.services[instanceService[i] as number]?.kind !== 'external',
  );
  return ours.slice(0, scope.instances ?? Infinity);
}

function select(simulation: Simulation, scope: FaultScope, from: number, to: number): number[] {
  const { plan, world } = simulation;
  const chosen: number[] = [];
  for (let i = from; i < to && chosen.length < (scope.instances ?? Infinity); i++) {
    if (world.instances.state[i] === InstanceState.absent) continue;
    if (scope.zone !== null && plan.instanceZone[i] !== scope.zone) continue;
    if (scope.node !== null && plan.instanceNode[i] !== scope.node) continue;
    const version = plan.versions[world.instances.version[i] as number];
    if (scope.version !== null && version !== scope.version) continue;
    chosen.push(i);
  }
  return chosen;
}

/** Sites in the scope: one endpoint, or all that people know, at each instance. */
export function sitesOf(
  simulation: Simulation,
  target: Target & { readonly endpoint: number | null },
): number[] {
  const { plan } = simulation;
  const { service, endpoint } = target;
  const first = plan.endpointBase[service] as number;
  const end = plan.endpointBase[service + 1] as number;
  const endpoints =
    endpoint === null
      ? Array.from({ length: end - first }, (_, i) => first + i)
      : [first + endpoint];
  const base = plan.instanceBase[service] as number;
  return instancesOf(simulation, target).flatMap((i) =>
    endpoints.map((e) => (plan.siteBase[e] as number) + i - base),
  );
}

/** Two independent chances of the same thing. */
export function either(a: number, b: number): number {
  return 1 - (1 - a) * (1 - b);
}
