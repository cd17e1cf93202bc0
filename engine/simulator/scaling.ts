/** The autoscaler: looks at how busy a service was, decides, and waits for machines. */
import type { Micros } from '../sdk/index.ts';
import { EventType, schedule } from './events.ts';
import { scaleTo } from './lifecycle.ts';
import { touchService } from './services.ts';
import type { Simulation } from './simulation.ts';

/** It does nothing within this share of its target, and takes instances away after a while of calm, µs. */
const tolerance = 0.1;
const calmUs = 300_000_000;

export function autoscale(simulation: Simulation, service: number): void {
  const { plan, world } = simulation;
  const { services, clock, events } = world;
  const model = plan.scenario.services[service]?.autoscale;
  if (!model) return;
  const now = clock[0] as number;
  schedule(events, now + model.everyUs, EventType.autoscale, service);
  const { use, running } = useSinceLastLook(simulation, service, model.everyUs);
  const current = services.desired[service] as number;
  if (running === 0) return;
  // Those that are still starting took no part in it: counting them would ask for them twice.
  const wanted = Math.ceil((running * use) / model.target - 1e-9);
  const bounded = Math.max(model.min, Math.min(model.max, wanted));
  if (use > model.target * (1 - tolerance)) services.highAt[service] = now;
  const ahead = Math.max(current, services.deciding[service] as number);
  if (bounded > ahead && use > model.target * (1 + tolerance)) {
    services.deciding[service] = bounded;
    const target = service * instancesLimit + bounded;
    schedule(events, now + model.lagUs, EventType.scaled, target);
  } else if (bounded < current && now - (services.highAt[service] as number) >= calmUs) {
    scaleTo(simulation, service, bounded);
  }
}

/** How many are wanted fits beside the service in the target of an event. */
const instancesLimit = 2 ** 14;

/** The instances that were asked for are there. */
export function scaled(simulation: Simulation, target: number): void {
  const { services } = simulation.world;
  const service = Math.floor(target / instancesLimit);
  const wanted = target % instancesLimit;
  if (services.deciding[service] === wanted) services.deciding[service] = 0;
  if (wanted > (services.desired[service] as number)) scaleTo(simulation, service, wanted);
}

/** Used share of cores, or of workers, since the autoscaler looked last, and how many instances ran in the mean. */
function useSinceLastLook(
  { plan, world }: Simulation,
  service: number,
  sinceUs: Micros,
): { readonly use: number; readonly running: number } {
  const { services } = world;
  touchService(world, service);
  const cores = plan.cores[service] as number;
  const integral = cores > 0 ? services.coresIntegral : services.busyIntegral;
  const each = cores > 0 ? cores : (services.workers[service] as number);
  const used = (integral[service] as number) - (services.scaledIntegral[service] as number);
  const up =
    (services.upIntegral[service] as number) - (services.scaledUpIntegral[service] as number);
  services.scaledIntegral[service] = integral[service] as number;
  services.scaledUpIntegral[service] = services.upIntegral[service] as number;
  return { use: up > 0 ? used / (up * each) : 0, running: up / sinceUs };
}
