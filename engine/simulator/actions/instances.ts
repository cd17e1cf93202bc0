/** Restarts, and who is taken out of the way. */
import { refreshRouting } from '../balancer.ts';
import { EventType, schedule } from '../events.ts';
import { InstanceState } from '../instance-table.ts';
import { restart } from '../kill.ts';
import type { Simulation } from '../simulation.ts';
import type { ActionOf } from './action.ts';

/** A rolling restart lets the one before settle for so long, µs. */
const settleUs = 5_000_000;

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
  if (typeof which === 'number') restart(simulation, from + which, 'restarted');
  else if (which === 'all') for (const i of running) restart(simulation, i, 'restarted');
  else {
    const { us = 0 } = plan.scenario.services[service]?.startup ?? {};
    const now = world.clock[0] as number;
    running.forEach((i, k) =>
      schedule(world.events, now + k * (us + settleUs), EventType.rollingRestart, i),
    );
  }
}

/** Its turn in a rolling restart has come, if it still runs. */
export function restartNext(simulation: Simulation, instance: number): void {
  if (simulation.world.instances.state[instance] !== InstanceState.up) return;
  restart(simulation, instance, 'restarted');
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
