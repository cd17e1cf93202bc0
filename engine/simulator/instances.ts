/** Instances of a service: worker slots, the queue before them, and what a crash does to both. */
import { exponential, normal } from '../replay/random.ts';
import { EventType, schedule } from './events.ts';
import { allocateRequest, freeRequest, Outcome, Phase } from './requests.ts';
import { resetPools } from './pools.ts';
import type { Simulation } from './simulation.ts';
import { Distribution, type World } from './world.ts';

/**
 * Brings a new request to an endpoint. The balancer takes instances in turn, and knows neither their
 * load nor whether they live. Positional arguments: this is the hottest call, it must not allocate.
 * @param parent request that waits for it, or -1 for a user's
 * @param traffic entry that the user request came through, and its `number` there
 * @returns the request, or `-outcome` where no instance took it
 */
export function admit(
  simulation: Simulation,
  endpoint: number,
  parent: number,
  traffic: number,
  number: number,
): number {
  const { plan, world, probe } = simulation;
  const { services, instances, endpoints, requests } = world;
  const service = plan.endpointService[endpoint] as number;
  const instance = nextInstance(simulation, service);
  if (instances.up[instance] === 0) {
    endpoints.unreachable[endpoint] = (endpoints.unreachable[endpoint] as number) + 1;
    return -Outcome.unreachable;
  }
  const idle = (instances.busy[instance] as number) < (services.workers[service] as number);
  if (!idle && (instances.queued[instance] as number) >= (services.queue[service] as number)) {
    endpoints.refused[endpoint] = (endpoints.refused[endpoint] as number) + 1;
    if (probe !== null) {
      probe.refused(world, endpoint, instance, parent < 0 ? { traffic, number } : null);
    }
    return -Outcome.refused;
  }
  const r = allocateRequest(requests);
  requests.endpoint[r] = endpoint;
  requests.instance[r] = instance;
  requests.parent[r] = parent;
  requests.child[r] = -1;
  requests.call[r] = -1;
  requests.cause[r] = Outcome.ok;
  requests.lease[r] = -1;
  requests.traffic[r] = traffic;
  requests.number[r] = number;
  requests.arrivedAt[r] = world.clock[0] as number;
  endpoints.admitted[endpoint] = (endpoints.admitted[endpoint] as number) + 1;
  touchService(world, service);
  if (probe !== null) probe.admitted(world, r);
  if (idle) startWork(simulation, r);
  else joinQueue(world, service, r);
  return r;
}

function nextInstance({ plan, world }: Simulation, service: number): number {
  const base = plan.instanceBase[service] as number;
  const count = (plan.instanceBase[service + 1] as number) - base;
  if (count === 1) return base;
  const { cursor } = world.services;
  const turn = cursor[service] as number;
  cursor[service] = turn + 1 === count ? 0 : turn + 1;
  return base + turn;
}

function joinQueue({ services, instances, requests }: World, service: number, r: number): void {
  const instance = requests.instance[r] as number;
  const tail = instances.tail[instance] as number;
  requests.phase[r] = Phase.queued;
  requests.timer[r] = 0;
  requests.next[r] = -1;
  if (tail < 0) instances.head[instance] = r;
  else requests.next[tail] = r;
  instances.tail[instance] = r;
  instances.queued[instance] = (instances.queued[instance] as number) + 1;
  services.queued[service] = (services.queued[service] as number) + 1;
}

/** Gives a request a worker slot, which it holds until it ends. */
function startWork({ plan, world }: Simulation, r: number): void {
  const { services, instances, endpoints, requests } = world;
  const endpoint = requests.endpoint[r] as number;
  const instance = requests.instance[r] as number;
  const service = plan.endpointService[endpoint] as number;
  const now = world.clock[0] as number;
  instances.busy[instance] = (instances.busy[instance] as number) + 1;
  services.busy[service] = (services.busy[service] as number) + 1;
  const wait = now - (requests.arrivedAt[r] as number);
  endpoints.started[endpoint] = (endpoints.started[endpoint] as number) + 1;
  if (wait > 0) {
    endpoints.waitSum[endpoint] = (endpoints.waitSum[endpoint] as number) + wait;
    endpoints.waitSquares[endpoint] = (endpoints.waitSquares[endpoint] as number) + wait * wait;
  }
  requests.phase[r] = Phase.working;
  requests.startedAt[r] = now;
  const end = now + drawWork(world, endpoint, plan.streams.work + service);
  requests.timer[r] = schedule(world.events, end, EventType.workDone, r);
}

/** Own work of one request, whole µs. */
function drawWork({ endpoints, streams }: World, endpoint: number, stream: number): number {
  const first = endpoints.first[endpoint] as number;
  let us: number;
  switch (endpoints.distribution[endpoint]) {
    case Distribution.exponential:
      us = first * exponential(streams, stream);
      break;
    case Distribution.lognormal:
      us = Math.exp(first + (endpoints.second[endpoint] as number) * normal(streams, stream));
      break;
    default:
      us = first;
  }
  return Math.floor(
    us * (endpoints.factor[endpoint] as number) + (endpoints.addUs[endpoint] as number) + 0.5,
  );
}

/** Ends a request that holds a worker slot; the next in the queue takes it. */
export function endRequest(simulation: Simulation, r: number, outcome: number): void {
  const { plan, world, probe } = simulation;
  const { services, instances, endpoints, requests } = world;
  const endpoint = requests.endpoint[r] as number;
  const instance = requests.instance[r] as number;
  const service = plan.endpointService[endpoint] as number;
  const counter = outcome === Outcome.ok ? endpoints.ok : endpoints.failed;
  counter[endpoint] = (counter[endpoint] as number) + 1;
  endpoints.sojournSum[endpoint] =
    (endpoints.sojournSum[endpoint] as number) +
    (world.clock[0] as number) -
    (requests.arrivedAt[r] as number);
  touchService(world, service);
  if (probe !== null) probe.ended(world, r, outcome);
  instances.busy[instance] = (instances.busy[instance] as number) - 1;
  services.busy[service] = (services.busy[service] as number) - 1;
  freeRequest(requests, r);
  const first = instances.head[instance] as number;
  if (first < 0) return;
  const next = requests.next[first] as number;
  instances.head[instance] = next;
  if (next < 0) instances.tail[instance] = -1;
  instances.queued[instance] = (instances.queued[instance] as number) - 1;
  services.queued[service] = (services.queued[service] as number) - 1;
  startWork(simulation, first);
}

/**
 * Takes an instance down: everything in it is lost, though what it had asked of others goes on there.
 * @returns the callers that waited for an answer, in the order of arrival of what they waited for
 */
export function takeDown(simulation: Simulation, instance: number): readonly number[] {
  const { plan, world, probe } = simulation;
  const { services, instances, endpoints, requests } = world;
  const service = plan.instanceService[instance] as number;
  touchService(world, service);
  instances.up[instance] = 0;
  services.instancesUp[service] = (services.instancesUp[service] as number) - 1;
  const lost: number[] = [];
  for (let r = 0; r < requests.phase.length; r++) {
    if (requests.phase[r] !== Phase.free && requests.instance[r] === instance) lost.push(r);
  }
  lost.sort(
    (a, b) => (requests.arrivedAt[a] as number) - (requests.arrivedAt[b] as number) || a - b,
  );
  const callers: number[] = [];
  for (const r of lost) {
    const endpoint = requests.endpoint[r] as number;
    const child = requests.child[r] as number;
    const parent = requests.parent[r] as number;
    endpoints.reset[endpoint] = (endpoints.reset[endpoint] as number) + 1;
    endpoints.sojournSum[endpoint] =
      (endpoints.sojournSum[endpoint] as number) +
      (world.clock[0] as number) -
      (requests.arrivedAt[r] as number);
    if (probe !== null) probe.ended(world, r, Outcome.reset);
    if (child >= 0) requests.parent[child] = -1;
    if (parent >= 0) callers.push(parent);
    freeRequest(requests, r);
  }
  services.busy[service] =
    (services.busy[service] as number) - (instances.busy[instance] as number);
  services.queued[service] =
    (services.queued[service] as number) - (instances.queued[instance] as number);
  instances.busy[instance] = 0;
  instances.queued[instance] = 0;
  instances.head[instance] = -1;
  instances.tail[instance] = -1;
  resetPools(simulation, instance);
  if (probe !== null) probe.instanceDown(world, instance);
  return callers.filter((r) => requests.phase[r] !== Phase.free);
}

/** Starts an instance that is down, empty and with fresh pools. */
export function bringUp({ plan, world, probe }: Simulation, instance: number): void {
  const { services, instances } = world;
  if (instances.up[instance] === 1) return;
  const service = plan.instanceService[instance] as number;
  touchService(world, service);
  instances.up[instance] = 1;
  instances.downBy[instance] = -1;
  instances.restart[instance] = 0;
  services.instancesUp[service] = (services.instancesUp[service] as number) + 1;
  if (probe !== null) probe.instanceUp(world, instance);
}

/** Brings a service's integrals up to now; call before its counts change. */
export function touchService({ services, clock }: World, service: number): void {
  const now = clock[0] as number;
  const elapsed = now - (services.touchedAt[service] as number);
  if (elapsed === 0) return;
  services.touchedAt[service] = now;
  services.queuedIntegral[service] =
    (services.queuedIntegral[service] as number) + elapsed * (services.queued[service] as number);
  services.busyIntegral[service] =
    (services.busyIntegral[service] as number) + elapsed * (services.busy[service] as number);
  services.capacityIntegral[service] =
    (services.capacityIntegral[service] as number) +
    elapsed * (services.workers[service] as number) * (services.instancesUp[service] as number);
}
