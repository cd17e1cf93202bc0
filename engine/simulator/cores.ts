/**
 * Cores of an instance: own work takes one, in slices, so that many long requests slow each other down
 * and a short one is not stuck behind them (round robin, close to processor sharing).
 */
import { EventType, schedule } from './events.ts';
import { coreSpeed, sliceUs } from './machines.ts';
import { Phase } from './requests.ts';
import { touchCapacity } from './services.ts';
import type { Simulation } from './simulation.ts';
import type { World } from './world.ts';

/** Takes a core for a request, or puts it in line for one. */
export function takeCore(simulation: Simulation, service: number, r: number): void {
  const { plan, world } = simulation;
  const { services, machines, requests } = world;
  const instance = requests.instance[r] as number;
  if ((machines.coresBusy[instance] as number) >= (plan.cores[service] as number)) {
    joinLine(world, instance, r);
    return;
  }
  touchCapacity(world, service);
  machines.coresBusy[instance] = (machines.coresBusy[instance] as number) + 1;
  services.coresBusy[service] = (services.coresBusy[service] as number) + 1;
  runSlice(simulation, service, r);
}

/** A slice is over. Returns whether the request's own work is done; it has no core then. */
export function sliceDone(simulation: Simulation, r: number): boolean {
  const { plan, world } = simulation;
  const { machines, requests } = world;
  const service = plan.endpointService[requests.endpoint[r] as number] as number;
  if (plan.cores[service] === 0) return true;
  const left = (requests.workLeft[r] as number) - sliceUs;
  requests.workLeft[r] = left;
  if (left <= 0) {
    freeCore(simulation, r);
    return true;
  }
  const instance = requests.instance[r] as number;
  const first = machines.runHead[instance] as number;
  if (first < 0) {
    runSlice(simulation, service, r);
  } else {
    leaveLine(world, instance, first);
    joinLine(world, instance, r);
    runSlice(simulation, service, first);
  }
  return false;
}

/** Gives the core of a request to the next in line, or back. */
export function freeCore(simulation: Simulation, r: number): void {
  const { plan, world } = simulation;
  const { services, machines, requests } = world;
  const service = plan.endpointService[requests.endpoint[r] as number] as number;
  if (plan.cores[service] === 0) return;
  const instance = requests.instance[r] as number;
  const first = machines.runHead[instance] as number;
  if (first >= 0) {
    leaveLine(world, instance, first);
    runSlice(simulation, service, first);
    return;
  }
  touchCapacity(world, service);
  machines.coresBusy[instance] = (machines.coresBusy[instance] as number) - 1;
  services.coresBusy[service] = (services.coresBusy[service] as number) - 1;
}

function runSlice(simulation: Simulation, service: number, r: number): void {
  const { plan, world } = simulation;
  const { requests, machines } = world;
  const instance = requests.instance[r] as number;
  const us = Math.min(sliceUs, requests.workLeft[r] as number);
  const speed = plan.slowable[service] === 0 ? 1 : coreSpeed(simulation, service, instance);
  const lasts = speed === 1 ? us : Math.floor(us / speed + 0.5);
  requests.phase[r] = Phase.working;
  // What others take of the core is not the process's own time: throttled, it looks calm.
  const ownUs = lasts * (1 - (machines.stolen[instance] as number));
  machines.workUs[instance] = (machines.workUs[instance] as number) + ownUs;
  const end = (world.clock[0] as number) + lasts;
  requests.timer[r] = schedule(world.events, end, EventType.workDone, r);
}

function joinLine({ machines, requests }: World, instance: number, r: number): void {
  const tail = machines.runTail[instance] as number;
  requests.phase[r] = Phase.runnable;
  requests.timer[r] = 0;
  requests.previous[r] = tail;
  requests.next[r] = -1;
  if (tail < 0) machines.runHead[instance] = r;
  else requests.next[tail] = r;
  machines.runTail[instance] = r;
}

/** Takes a request out of the line for a core, wherever it stands. */
export function leaveLine({ machines, requests }: World, instance: number, r: number): void {
  const previous = requests.previous[r] as number;
  const next = requests.next[r] as number;
  if (previous < 0) machines.runHead[instance] = next;
  else requests.next[previous] = next;
  if (next < 0) machines.runTail[instance] = previous;
  else requests.previous[next] = previous;
}
