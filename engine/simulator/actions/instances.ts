/** Restarts, and who is taken out of the way. */
import { refreshRouting } from '../balancer.ts';
import { EventType, schedule } from '../events.ts';
import { InstanceState } from '../instance-table.ts';
import { restart, supervisorPauseUs } from '../kill.ts';
import type { Simulation } from '../simulation.ts';
import type { ActionOf } from './action.ts';

/** A rolling restart lets the one before settle for so long, and looks again after so long, µs. */
const settleUs = 5_000_000;
const lookAgainUs = 1_000_000;

export function restartService(
  simulation: Simulation,
  { service, which }: ActionOf<'restart'>,
): void {
  const { plan, world } = simulation;
  const from = plan.instanceBase[service] as number;
  const to = plan.instanceBase[service + 1] as number;
  const running: number[] = [];
  for (let i = from; i < to; i++) {
    if (world.instances.state[i] !== InstanceState.absent) running.push(i);
  }
  if (typeof which === 'number') restartOne(simulation, from + which);
  else if (which === 'all') for (const i of running) restartOne(simulation, i);
  else {
    const now = world.clock[0] as number;
    const each = turnUs(simulation, service);
    running.forEach((i, k) => schedule(world.events, now + k * each, EventType.rollingRestart, i));
  }
}

/** Told to end, a process says that it is not ready: a balancer that asks sends it nothing more. */
function restartOne(simulation: Simulation, instance: number): void {
  const { plan, world } = simulation;
  const { instances } = world;
  const service = plan.instanceService[instance] as number;
  if (plan.scenario.services[service]?.balancer.healthCheck) {
    instances.healthy[instance] = 0;
    instances.checks[instance] = 0;
  }
  restart(simulation, instance, 'restarted');
}

/** From one restart to the next: until the process is there, has passed its checks, and has settled. */
function turnUs({ plan }: Simulation, service: number): number {
  const { startup, balancer } = plan.scenario.services[service] ?? {};
  const { intervalUs = 0, healthyAfter = 0 } = balancer?.healthCheck ?? {};
  return supervisorPauseUs + (startup?.us ?? 0) + intervalUs * healthyAfter + settleUs;
}

/** Its turn in a rolling restart has come, if it still runs; it waits until no other one starts. */
export function restartNext(simulation: Simulation, instance: number): void {
  const { plan, world } = simulation;
  const { instances, clock, events } = world;
  if (instances.state[instance] !== InstanceState.up) return;
  const service = plan.instanceService[instance] as number;
  const from = plan.instanceBase[service] as number;
  const others = instances.state.subarray(from, plan.instanceBase[service + 1] as number);
  if (!others.includes(InstanceState.starting)) return restartOne(simulation, instance);
  schedule(events, (clock[0] as number) + lookAgainUs, EventType.rollingRestart, instance);
}

/** Nothing is sent to an instance any more; what it has, it finishes. */
export function drain(simulation: Simulation, { service, instance }: ActionOf<'drain'>): void {
  const { plan, world } = simulation;
  world.instances.drained[(plan.instanceBase[service] as number) + instance] = 1;
  refreshRouting(simulation, service);
}

/** Nothing is sent to a zone any more. */
export function evacuate(simulation: Simulation, zone: number): void {
  simulation.world.zones.evacuated[zone] = 1;
  for (let s = 0; s < simulation.plan.serviceCount; s++) refreshRouting(simulation, s);
}
