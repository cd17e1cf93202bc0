/** What people ship: versions instance by instance, configurations and flags at once, more instances. */
import { EventType, schedule } from './events.ts';
import { InstanceState } from './instance-table.ts';
import { renewInstance, scaleTo } from './lifecycle.ts';
import type { Simulation } from './simulation.ts';

/** What a rollback takes back. */
export const LastChange = { none: 0, version: 1, config: 2, canary: 3 } as const;

export function applyChange(simulation: Simulation, index: number): void {
  const { plan, world, probe } = simulation;
  const change = plan.scenario.changes[index];
  if (!change) return;
  const { service, version, config, flag, instances, overUs } = change;
  if (version !== null) {
    deploy(simulation, service, plan.versions.indexOf(version), { instances, overUs });
  } else if (instances !== null) scaleTo(simulation, service, instances);
  if (config !== null) configure(simulation, service, plan.configs.indexOf(config));
  if (flag) {
    const f = plan.flags.findIndex((one) => one.service === service && one.name === flag.name);
    world.flags[f] = flag.on ? 1 : 0;
  }
  simulation.reshape(simulation);
  if (probe !== null) probe.changed(world, index);
}

/** Moves a service to a version: all of it, or so many instances as a canary. */
export function deploy(
  { plan, world }: Simulation,
  service: number,
  version: number,
  how: { readonly instances: number | null; readonly overUs: number },
): void {
  const { services, instances, clock, events } = world;
  const from = plan.instanceBase[service] as number;
  const to = plan.instanceBase[service + 1] as number;
  const there: number[] = [];
  for (let i = from; i < to; i++) {
    if (instances.state[i] !== InstanceState.absent) there.push(i);
  }
  const chosen = there.slice(0, how.instances ?? there.length);
  services.lastChange[service] = how.instances === null ? LastChange.version : LastChange.canary;
  if (how.instances === null && version !== services.version[service]) {
    services.previousVersion[service] = services.version[service] as number;
    services.version[service] = version;
  }
  chosen.forEach((i, k) => {
    instances.nextVersion[i] = version;
    const at = Math.floor((clock[0] as number) + (how.overUs * k) / chosen.length);
    schedule(events, at, EventType.rollout, i);
  });
}

/** An instance gets the version that it was promised; it may have it already. */
export function rollOut(simulation: Simulation, instance: number): void {
  const { nextVersion, version } = simulation.world.instances;
  const next = nextVersion[instance] as number;
  if (next < 0) return;
  nextVersion[instance] = -1;
  if (next === version[instance]) return;
  renewInstance(simulation, instance, next);
  simulation.reshape(simulation);
}

export function configure({ world }: Simulation, service: number, config: number): void {
  const { services } = world;
  services.previousConfig[service] = services.config[service] as number;
  services.config[service] = config;
  services.lastChange[service] = LastChange.config;
}

/**
 * Takes the last change of a service back: its configuration, or the version of a canary or of all.
 * Returns whether there was one.
 */
export function rollBack(simulation: Simulation, service: number): boolean {
  const { services } = simulation.world;
  const last = services.lastChange[service];
  if (last === LastChange.none) return false;
  if (last === LastChange.config) {
    configure(simulation, service, services.previousConfig[service] as number);
  } else {
    // All but the canary run what the service is at.
    const before = last === LastChange.canary ? services.version : services.previousVersion;
    deploy(simulation, service, before[service] as number, { instances: null, overUs: 0 });
  }
  services.lastChange[service] = LastChange.none;
  simulation.reshape(simulation);
  return true;
}
