/**
 * An instance as a process on a host: its cores, heap, disk, clock and network. What is live decides
 * how much time the collector takes from the cores, and a full heap is the end of the process.
 */
import { EventType, schedule } from './events.ts';
import { InstanceState } from './instance-table.ts';
import type { Plan } from './plan.ts';
import type { Simulation } from './simulation.ts';
import type { World } from './world.ts';

export interface MachineTable {
  /** Cores at work, and first and last request that waits for one, or -1. */
  readonly coresBusy: Int32Array;
  readonly runHead: Int32Array;
  readonly runTail: Int32Array;
  /** Time that its cores have worked for it, µs: without what others took. */
  readonly workUs: Float64Array;
  /** Share of the time of each core that others on the host take. */
  readonly stolen: Float64Array;
  /** Bytes that nobody will free. */
  readonly leaked: Float64Array;
  /** Bytes on disk at `diskAt`, and what is added, bytes per µs. */
  readonly diskUsed: Float64Array;
  readonly diskRate: Float64Array;
  readonly diskAt: Float64Array;
  /** Clock: µs ahead at `clockAt`, and µs gained per µs. */
  readonly clockOffset: Float64Array;
  readonly clockDrift: Float64Array;
  readonly clockAt: Float64Array;
  /** Packets lost, 0–1, and late, µs, between this instance and those not in the same trouble. */
  readonly loss: Float64Array;
  readonly delayUs: Float64Array;
  /** End of the warm-up, µs. */
  readonly warmAt: Float64Array;
}

export function makeMachines({ scenario, instanceService }: Plan): MachineTable {
  const n = instanceService.length;
  const column = (): Float64Array => new Float64Array(n);
  return {
    coresBusy: new Int32Array(n),
    runHead: new Int32Array(n).fill(-1),
    runTail: new Int32Array(n).fill(-1),
    workUs: column(),
    stolen: column(),
    leaked: column(),
    diskUsed: Float64Array.from(instanceService, (s) => scenario.services[s]?.disk?.usedBytes ?? 0),
    diskRate: column(),
    diskAt: column(),
    clockOffset: column(),
    clockDrift: column(),
    clockAt: column(),
    loss: column(),
    delayUs: column(),
    warmAt: column(),
  };
}

/** A core that is free goes on with the same request for so long, µs, before others get their turn. */
export const sliceUs = 20_000;

/** Cores that stand still are slow, not stopped: everything comes to an end. */
const speedMin = 0.01;

/**
 * How fast a core works for an instance, 0–1: what others take, what the collector takes, and what a
 * process that has just started has not compiled yet.
 */
export function coreSpeed({ plan, world }: Simulation, service: number, instance: number): number {
  const { machines, clock } = world;
  const { startup } = plan.scenario.services[service] ?? {};
  const left = (machines.warmAt[instance] as number) - (clock[0] as number);
  const cold = left > 0 && startup ? 1 + (startup.warmupFactor - 1) * (left / startup.warmupUs) : 1;
  const free = 1 - (machines.stolen[instance] as number);
  const speed = (free * (1 - collectorShare({ plan, world }, service, instance))) / cold;
  return Math.max(speedMin, speed);
}

/** Live bytes of an instance: what it needs idle, what its requests hold, what has leaked. */
export function liveBytes(
  { plan, world }: Pick<Simulation, 'plan' | 'world'>,
  service: number,
  instance: number,
): number {
  const memory = plan.scenario.services[service]?.memory;
  if (!memory) return 0;
  const { instances, machines } = world;
  const requests = (instances.busy[instance] as number) + (instances.queued[instance] as number);
  return (
    memory.baseBytes + memory.perRequestBytes * requests + (machines.leaked[instance] as number)
  );
}

/** The collector's share of time at half full. */
const collectorShareHalf = 0.02;
const collectorShareMax = 0.95;

/**
 * A collection costs what is live and comes when the rest is full, so its share of time goes with
 * live / (limit − live) (Jones, Hosking and Moss, The Garbage Collection Handbook, 2nd ed., ch. 4).
 */
export function collectorShare(
  { plan, world }: Pick<Simulation, 'plan' | 'world'>,
  service: number,
  instance: number,
): number {
  const memory = plan.scenario.services[service]?.memory;
  if (!memory?.collected) return 0;
  const live = liveBytes({ plan, world }, service, instance);
  if (live >= memory.limitBytes) return collectorShareMax;
  return Math.min(collectorShareMax, (collectorShareHalf * live) / (memory.limitBytes - live));
}

/** Ends the process by an event of this moment, where its heap is full: nobody is half way then. */
export function checkMemory(simulation: Simulation, instance: number): void {
  if (!isOutOfMemory(simulation, instance)) return;
  const { events, clock } = simulation.world;
  schedule(events, clock[0] as number, EventType.outOfMemory, instance);
}

export function isOutOfMemory({ plan, world }: Simulation, instance: number): boolean {
  const service = plan.instanceService[instance] as number;
  const memory = plan.scenario.services[service]?.memory;
  if (!memory || world.instances.state[instance] !== InstanceState.up) return false;
  return liveBytes({ plan, world }, service, instance) >= memory.limitBytes;
}

/** Bytes on the disk of an instance now, at most its size. */
export function diskUsed({ plan, world }: Pick<Simulation, 'plan' | 'world'>, i: number): number {
  const { machines, clock } = world;
  const disk = plan.scenario.services[plan.instanceService[i] as number]?.disk;
  if (!disk) return 0;
  const elapsed = (clock[0] as number) - (machines.diskAt[i] as number);
  const used = (machines.diskUsed[i] as number) + elapsed * (machines.diskRate[i] as number);
  return Math.min(disk.sizeBytes, used);
}

export function diskFull({ plan, world }: Pick<Simulation, 'plan' | 'world'>, i: number): boolean {
  const disk = plan.scenario.services[plan.instanceService[i] as number]?.disk;
  return disk !== null && disk !== undefined && diskUsed({ plan, world }, i) >= disk.sizeBytes;
}

/** How far ahead the clock of an instance is, µs; behind where negative. */
export function clockOffset({ machines, clock }: World, i: number): number {
  const drift = machines.clockDrift[i] as number;
  const offset = machines.clockOffset[i] as number;
  if (drift === 0) return offset;
  return offset + Math.round(((clock[0] as number) - (machines.clockAt[i] as number)) * drift);
}

/** A process starts afresh: nothing has leaked yet, nothing is compiled yet. */
export function resetMachine({ plan, world }: Simulation, service: number, i: number): void {
  const { machines, clock } = world;
  machines.leaked[i] = 0;
  machines.warmAt[i] =
    (clock[0] as number) + (plan.scenario.services[service]?.startup.warmupUs ?? 0);
}
