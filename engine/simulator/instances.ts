/** Instances of a service: who takes a request, worker slots, and the queue before them. */
import { exponential, normal, uniform } from '../replay/random.ts';
import { nextInstance } from './balancer.ts';
import { forgetShard } from './caches.ts';
import { takeCore } from './cores.ts';
import { Distribution } from './endpoints.ts';
import { EventType, schedule } from './events.ts';
import { InstanceState, removeInstance } from './instance-table.ts';
import { checkMemory, coreSpeed } from './machines.ts';
import { joinLock } from './locks.ts';
import { resetLinks } from './links.ts';
import { resetPools } from './pools.ts';
import { allocateRequest, freeRequest, Origin, Outcome, Phase } from './requests.ts';
import { touchLoad, touchService } from './services.ts';
import { countEnd, countTurnedAway } from './sli.ts';
import type { Simulation } from './simulation.ts';
import type { World } from './world.ts';

/**
 * Brings a new request to an endpoint. Positional arguments: this is the hottest call, it must not
 * allocate.
 * @param parent request that waits for it, or -1 where none does
 * @param traffic entry that the user request came through, and its `number` there
 * @param origin code of `Origin`
 * @param wanted instance, or -1 for the balancer's choice
 * @returns the request, or `-outcome` where no instance took it
 */
export function admit(
  simulation: Simulation,
  endpoint: number,
  parent: number,
  traffic: number,
  number: number,
  origin: number,
  wanted: number,
): number {
  const { plan, world, probe } = simulation;
  const { services, instances, endpoints, requests } = world;
  const service = plan.endpointService[endpoint] as number;
  const share = services.shedShare[service] as number;
  const instance = wanted >= 0 ? wanted : nextInstance(simulation, service);
  if (instance < 0 || instances.state[instance] !== InstanceState.up) {
    endpoints.unreachable[endpoint] = (endpoints.unreachable[endpoint] as number) + 1;
    countTurnedAway(simulation, endpoint, origin);
    return -Outcome.unreachable;
  }
  if (
    share > 0 &&
    origin <= Origin.call &&
    uniform(world.streams, plan.streams.shed + service) < share
  ) {
    endpoints.shed[endpoint] = (endpoints.shed[endpoint] as number) + 1;
    return turnAway(simulation, endpoint, instance, traffic, number, origin, Outcome.shed);
  }
  const idle = (instances.busy[instance] as number) < (services.workers[service] as number);
  if (!idle && (instances.queued[instance] as number) >= (services.queue[service] as number)) {
    endpoints.refused[endpoint] = (endpoints.refused[endpoint] as number) + 1;
    return turnAway(simulation, endpoint, instance, traffic, number, origin, Outcome.refused);
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
  requests.origin[r] = origin;
  requests.cursor[r] = -1;
  requests.reload[r] = 0;
  requests.arrivedAt[r] = world.clock[0] as number;
  endpoints.admitted[endpoint] = (endpoints.admitted[endpoint] as number) + 1;
  touchLoad(world, service);
  if (probe !== null) probe.admitted(world, r);
  if (idle) startWork(simulation, r);
  else joinQueue(world, service, r);
  if (plan.heaped[service] === 1) checkMemory(simulation, instance);
  return r;
}

function turnAway(
  simulation: Simulation,
  endpoint: number,
  instance: number,
  traffic: number,
  number: number,
  origin: number,
  outcome: number,
): number {
  const { world, probe } = simulation;
  countTurnedAway(simulation, endpoint, origin);
  if (probe !== null) {
    const user = origin === Origin.user ? { traffic, number } : null;
    probe.turnedAway(world, endpoint, instance, user, outcome);
  }
  return -outcome;
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
function startWork(simulation: Simulation, r: number): void {
  const { plan, world } = simulation;
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
  requests.startedAt[r] = now;
  const lock = plan.endpointLock[endpoint] as number;
  if (lock >= 0 && (world.locks.blocked[lock] as number) > 0) {
    joinLock(simulation, lock, r);
    return;
  }
  beginWork(simulation, r);
}

/** Begins the own work of a request: on a core where the service has a number of them. */
export function beginWork(simulation: Simulation, r: number): void {
  const { plan, world } = simulation;
  const { requests } = world;
  const endpoint = requests.endpoint[r] as number;
  const service = plan.endpointService[endpoint] as number;
  const us = drawWork(simulation, r, endpoint, plan.streams.work + service);
  if ((plan.cores[service] as number) > 0) {
    requests.workLeft[r] = us;
    takeCore(simulation, service, r);
    return;
  }
  requests.phase[r] = Phase.working;
  requests.workLeft[r] = 0;
  const speed =
    plan.slowable[service] === 0
      ? 1
      : coreSpeed(simulation, service, requests.instance[r] as number);
  const end = (world.clock[0] as number) + (speed === 1 ? us : Math.floor(us / speed + 0.5));
  requests.timer[r] = schedule(world.events, end, EventType.workDone, r);
}

/** Own work of one request, whole µs. */
function drawWork(
  { plan, world }: Simulation,
  r: number,
  endpoint: number,
  stream: number,
): number {
  const { endpoints, sites, requests, streams } = world;
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
  if (plan.delayed[endpoint] === 0) return Math.floor(us + 0.5);
  const service = plan.endpointService[endpoint] as number;
  const ordinal = (requests.instance[r] as number) - (plan.instanceBase[service] as number);
  const site = (plan.siteBase[endpoint] as number) + ordinal;
  return Math.floor(us * (sites.factor[site] as number) + (sites.addUs[site] as number) + 0.5);
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
  touchLoad(world, service);
  countEnd(simulation, r, outcome);
  if (probe !== null) probe.ended(world, r, outcome);
  if (plan.heaped[service] === 1) leak(simulation, service, endpoint, instance);
  instances.busy[instance] = (instances.busy[instance] as number) - 1;
  services.busy[service] = (services.busy[service] as number) - 1;
  freeRequest(requests, r);
  const first = instances.head[instance] as number;
  if (first < 0) {
    if (instances.leaving[instance] === 1 && instances.busy[instance] === 0) {
      leave(simulation, service, instance);
    }
    return;
  }
  const next = requests.next[first] as number;
  instances.head[instance] = next;
  if (next < 0) instances.tail[instance] = -1;
  instances.queued[instance] = (instances.queued[instance] as number) - 1;
  services.queued[service] = (services.queued[service] as number) - 1;
  startWork(simulation, first);
}

function leak(simulation: Simulation, service: number, endpoint: number, instance: number): void {
  const { plan, world } = simulation;
  const ordinal = instance - (plan.instanceBase[service] as number);
  const bytes = world.sites.leakBytes[(plan.siteBase[endpoint] as number) + ordinal] as number;
  if (bytes === 0) return;
  world.machines.leaked[instance] = (world.machines.leaked[instance] as number) + bytes;
  checkMemory(simulation, instance);
}

/** An instance that has finished what it had is gone, and all that it kept with it. */
export function leave(simulation: Simulation, service: number, instance: number): void {
  const { world, probe } = simulation;
  const { services, instances } = world;
  touchService(world, service);
  removeInstance(instances, instance);
  resetPools(simulation, instance);
  resetLinks(simulation, service, instance);
  forgetShard(simulation, service, instance);
  services.instancesUp[service] = (services.instancesUp[service] as number) - 1;
  if (probe !== null) probe.happened(world, { kind: 'stopped', instance });
}
