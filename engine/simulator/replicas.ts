/** Copies of a database: what is written has to be applied there, one write after the other. */
import type { Plan } from './plan.ts';
import type { Simulation } from './simulation.ts';

export interface ReplicaTable {
  /** Per service: work that waits to be applied at `touchedAt`, µs. */
  readonly backlogUs: Float64Array;
  readonly touchedAt: Float64Array;
  /** More to apply than requests account for, µs of work per µs. */
  readonly extra: Float64Array;
}

export function makeReplicas({ serviceCount: n }: Plan): ReplicaTable {
  return {
    backlogUs: new Float64Array(n),
    touchedAt: new Float64Array(n),
    extra: new Float64Array(n),
  };
}

/** How far a copy is behind, µs; 0 for a service that is none. */
export function lagUs({ world }: Pick<Simulation, 'plan' | 'world'>, service: number): number {
  const { replicas, clock } = world;
  const elapsed = (clock[0] as number) - (replicas.touchedAt[service] as number);
  const drained = elapsed * (1 - (replicas.extra[service] as number));
  return Math.max(0, (replicas.backlogUs[service] as number) - drained);
}

/** A write has succeeded: every copy gets the work of applying it. */
export function replicate({ plan, world }: Simulation, endpoint: number): void {
  if (plan.endpoints[endpoint]?.writes !== true) return;
  const primary = plan.endpointService[endpoint] as number;
  for (const replica of plan.replicas[primary] ?? []) {
    addBacklog({ plan, world }, replica, plan.scenario.services[replica]?.applyUs ?? 0);
  }
}

export function setExtraWork(simulation: Simulation, replica: number, share: number): void {
  addBacklog(simulation, replica, 0);
  simulation.world.replicas.extra[replica] = share;
}

function addBacklog(
  simulation: Pick<Simulation, 'plan' | 'world'>,
  replica: number,
  us: number,
): void {
  const { replicas, clock } = simulation.world;
  replicas.backlogUs[replica] = lagUs(simulation, replica) + us;
  replicas.touchedAt[replica] = clock[0] as number;
}
