/**
 * How instances come and go: they die with what is in them, start empty and cold, are ready when what
 * they ask for at the start has answered, get a new version, and leave when they have finished.
 */
import { uniform } from '../replay/random.ts';
import { refreshRouting } from './balancer.ts';
import { forgetLocal, forgetShard, leaveEntry } from './caches.ts';
import { EventType, schedule } from './events.ts';
import { InstanceState, removeInstance } from './instance-table.ts';
import { loseAttempt } from './attempts.ts';
import { leave } from './instances.ts';
import { closeConnections, resetLinks } from './links.ts';
import { leaveLock } from './locks.ts';
import { resetMachine } from './machines.ts';
import { loseLease, recyclePools, resetPools } from './pools.ts';
import { rebalance, redeliverLater } from './queues.ts';
import { allocateRequest, freeRequest, Origin, Outcome, Phase } from './requests.ts';
import { touchService } from './services.ts';
import { countEnd } from './sli.ts';
import type { Simulation } from './simulation.ts';
import { userAnswered } from './traffic.ts';

/** Why an instance went away. */
export type DownReason = 'crashed' | 'oom-killed' | 'restarted';

/**
 * Takes an instance down: everything in it is lost, though what it had asked of others goes on there.
 * @returns the callers that waited for an answer, in the order of arrival of what they waited for
 */
export function takeDown(
  simulation: Simulation,
  instance: number,
  reason: DownReason,
): readonly number[] {
  const { plan, world, probe } = simulation;
  const { services, instances, requests } = world;
  const service = plan.instanceService[instance] as number;
  touchService(world, service);
  if (instances.state[instance] === InstanceState.up) {
    services.instancesUp[service] = (services.instancesUp[service] as number) - 1;
  }
  if (instances.leaving[instance] === 1) removeInstance(instances, instance);
  else instances.state[instance] = InstanceState.down;
  instances.timer[instance] = 0;
  const callers = loseRequests(simulation, instance);
  emptyInstance(simulation, service, instance);
  forgetShard(simulation, service, instance);
  refreshRouting(simulation, service);
  if (probe !== null) probe.happened(world, { kind: 'down', instance, reason });
  return callers.filter((r) => requests.phase[r] !== Phase.free);
}

/** All that an instance holds is lost; returns who waited for it elsewhere. */
function loseRequests(simulation: Simulation, instance: number): number[] {
  const { requests } = simulation.world;
  const lost: number[] = [];
  for (let r = 0; r < requests.phase.length; r++) {
    if (requests.phase[r] !== Phase.free && requests.instance[r] === instance) lost.push(r);
  }
  lost.sort(
    (a, b) => (requests.arrivedAt[a] as number) - (requests.arrivedAt[b] as number) || a - b,
  );
  const callers: number[] = [];
  for (const r of lost) loseRequest(simulation, r, callers);
  return callers;
}

function loseRequest(simulation: Simulation, r: number, callers: number[]): void {
  const { requests } = simulation.world;
  const child = requests.child[r] as number;
  if (requests.phase[r] === Phase.locking) leaveLock(simulation, r);
  leaveEntry(simulation, r);
  loseAttempt(simulation, r);
  if ((requests.lease[r] as number) >= 0) loseLease(simulation, r);
  if (child >= 0) requests.parent[child] = -1;
  // A branch is part of a request, and a start nobody's.
  if ((requests.origin[r] as number) < Origin.startup) resetRequest(simulation, r, callers);
  freeRequest(requests, r);
}

function resetRequest(simulation: Simulation, r: number, callers: number[]): void {
  const { world, probe } = simulation;
  const { endpoints, requests } = world;
  const endpoint = requests.endpoint[r] as number;
  const parent = requests.parent[r] as number;
  endpoints.reset[endpoint] = (endpoints.reset[endpoint] as number) + 1;
  endpoints.sojournSum[endpoint] =
    (endpoints.sojournSum[endpoint] as number) +
    (world.clock[0] as number) -
    (requests.arrivedAt[r] as number);
  countEnd(simulation, r, Outcome.reset);
  if (probe !== null) probe.ended(world, r, Outcome.reset);
  if (requests.origin[r] === Origin.user) userAnswered(simulation, r, Outcome.reset);
  if (parent >= 0) callers.push(parent);
  if ((requests.cursor[r] as number) >= 0) redeliverLater(simulation, r);
}

/** Nothing runs on an instance any more. */
function emptyInstance(simulation: Simulation, service: number, instance: number): void {
  const { services, instances, machines } = simulation.world;
  services.busy[service] =
    (services.busy[service] as number) - (instances.busy[instance] as number);
  services.queued[service] =
    (services.queued[service] as number) - (instances.queued[instance] as number);
  services.coresBusy[service] =
    (services.coresBusy[service] as number) - (machines.coresBusy[instance] as number);
  instances.busy[instance] = 0;
  instances.queued[instance] = 0;
  instances.head[instance] = -1;
  instances.tail[instance] = -1;
  machines.coresBusy[instance] = 0;
  machines.runHead[instance] = -1;
  machines.runTail[instance] = -1;
  resetPools(simulation, instance);
  resetLinks(simulation, service, instance);
  closeConnections(simulation, service, instance);
}

/**
 * Starts an instance that does not run, if it is one of those that should; it is ready `afterUs` and its
 * start-up time later. One that comes back has the version that it had.
 */
export function startInstance(simulation: Simulation, instance: number, afterUs: number): void {
  const { plan, world } = simulation;
  const { instances, services, clock, events } = world;
  const service = plan.instanceService[instance] as number;
  const state = instances.state[instance];
  if (state === InstanceState.up || state === InstanceState.starting) return;
  const ordinal = instance - (plan.instanceBase[service] as number);
  if (ordinal >= (services.desired[service] as number)) return;
  if (isHeldDown(simulation, instance)) return;
  instances.state[instance] = InstanceState.starting;
  if (state === InstanceState.absent) beginNew(simulation, service, instance);
  const { us = 0 } = plan.scenario.services[service]?.startup ?? {};
  const at = (clock[0] as number) + afterUs + us;
  instances.timer[instance] = schedule(events, at, EventType.instanceUp, instance);
  refreshRouting(simulation, service);
}

/** An instance that did not exist: a balancer with checks waits for them to pass. */
function beginNew(simulation: Simulation, service: number, instance: number): void {
  const { plan, world } = simulation;
  const { instances, services } = world;
  instances.version[instance] = services.version[service] as number;
  instances.healthy[instance] = plan.scenario.services[service]?.balancer.healthCheck ? 0 : 1;
  instances.checks[instance] = 0;
  simulation.reshape(simulation);
}

/** It would only crash again: a fault that acts took it down and says nothing of coming back. */
function isHeldDown({ plan, world }: Simulation, instance: number): boolean {
  const index = world.instances.downBy[instance] as number;
  const fault = plan.scenario.faults[index];
  if (fault?.kind !== 'crash' || fault.restartAfterUs !== null) return false;
  return world.faults.active[index] === 1 && world.faults.pulsing[index] === 1;
}

/** The process runs: it is ready now, or when the calls of its start have answered. */
export function instanceStarted(simulation: Simulation, instance: number): void {
  const { plan, world } = simulation;
  const { requests, instances, clock, events } = world;
  const service = plan.instanceService[instance] as number;
  instances.timer[instance] = 0;
  const endpoint = plan.startupEndpoint[service] as number;
  if (endpoint < 0) return bringUp(simulation, instance);
  const r = allocateRequest(requests);
  requests.endpoint[r] = endpoint;
  requests.instance[r] = instance;
  requests.parent[r] = -1;
  requests.child[r] = -1;
  requests.call[r] = -1;
  requests.cause[r] = Outcome.ok;
  requests.lease[r] = -1;
  requests.traffic[r] = -1;
  requests.number[r] = 0;
  requests.origin[r] = Origin.startup;
  requests.cursor[r] = -1;
  requests.reload[r] = 0;
  requests.keep[r] = 0;
  requests.workLeft[r] = 0;
  requests.phase[r] = Phase.working;
  requests.arrivedAt[r] = clock[0] as number;
  requests.startedAt[r] = clock[0] as number;
  requests.timer[r] = schedule(events, clock[0] as number, EventType.workDone, r);
}

/** Shortest pause before another start, µs: without any, time would stand still. */
const retryMinUs = 10_000;

/** The calls of a start have answered, or one of them failed: then it starts again after a pause. */
export function startupEnded(simulation: Simulation, r: number, ok: boolean): void {
  const { plan, world, probe } = simulation;
  const { instances, requests, clock, events, streams } = world;
  const instance = requests.instance[r] as number;
  const service = plan.instanceService[instance] as number;
  freeRequest(requests, r);
  if (ok) return bringUp(simulation, instance);
  const { retryUs = 0, jitter = 0, us = 0 } = plan.scenario.services[service]?.startup ?? {};
  const drawn = jitter > 0 ? uniform(streams, plan.streams.lifecycle + service) : 0;
  const pause = Math.max(retryMinUs, Math.floor(retryUs * (1 - jitter + 2 * jitter * drawn)));
  const at = (clock[0] as number) + pause + us;
  instances.timer[instance] = schedule(events, at, EventType.instanceUp, instance);
  if (probe !== null) probe.happened(world, { kind: 'start-failed', instance, retryUs: pause });
}

/** An instance is ready: empty, with fresh pools and cold memory. */
export function bringUp(simulation: Simulation, instance: number): void {
  const { plan, world, probe } = simulation;
  const { services, instances } = world;
  if (instances.state[instance] === InstanceState.up) return;
  const service = plan.instanceService[instance] as number;
  touchService(world, service);
  instances.state[instance] = InstanceState.up;
  instances.downBy[instance] = -1;
  instances.timer[instance] = 0;
  instances.listed[instance] = 1;
  services.instancesUp[service] = (services.instancesUp[service] as number) + 1;
  resetMachine(simulation, service, instance);
  forgetLocal(simulation, service, instance);
  simulation.reshape(simulation);
  refreshRouting(simulation, service);
  if (probe !== null) probe.happened(world, { kind: 'up', instance });
  rebalance(simulation, service);
}

/**
 * Gives an instance another version without a gap: the old process finishes what it has while the new
 * one takes over, with fresh connections and cold memory. What had leaked is gone with the old one.
 */
export function renewInstance(simulation: Simulation, instance: number, version: number): void {
  const { plan, world, probe } = simulation;
  const service = plan.instanceService[instance] as number;
  world.instances.version[instance] = version;
  if (world.instances.state[instance] !== InstanceState.up) return;
  resetMachine(simulation, service, instance);
  forgetLocal(simulation, service, instance);
  forgetShard(simulation, service, instance);
  recyclePools(simulation, instance);
  resetLinks(simulation, service, instance);
  closeConnections(simulation, service, instance);
  if (probe !== null) probe.happened(world, { kind: 'renewed', instance });
}

/** Makes a service run so many instances: starts those that are missing, sends the last ones away. */
export function scaleTo(simulation: Simulation, service: number, wanted: number): void {
  const { plan, world, probe } = simulation;
  const { instances, services } = world;
  const from = plan.instanceBase[service] as number;
  const to = plan.instanceBase[service + 1] as number;
  const before = services.desired[service] as number;
  const desired = Math.max(1, Math.min(wanted, to - from));
  if (desired === before) return;
  services.desired[service] = desired;
  for (let i = from; i < from + desired; i++) {
    if (instances.leaving[i] === 1) instances.leaving[i] = 0;
    else if (instances.state[i] === InstanceState.absent) startInstance(simulation, i, 0);
  }
  for (let i = from + desired; i < to; i++) sendAway(simulation, service, i);
  refreshRouting(simulation, service);
  rebalance(simulation, service);
  if (probe !== null) {
    probe.happened(world, { kind: 'scaled', service, from: before, to: desired });
  }
}

function sendAway(simulation: Simulation, service: number, i: number): void {
  const { instances } = simulation.world;
  if (instances.state[i] === InstanceState.absent) return;
  if (instances.state[i] !== InstanceState.up) {
    // It was down, or starting: what its start asked for comes back to nobody.
    loseRequests(simulation, i);
    resetPools(simulation, i);
    removeInstance(instances, i);
    return;
  }
  if (instances.busy[i] === 0 && instances.queued[i] === 0) leave(simulation, service, i);
  else instances.leaving[i] = 1;
}
