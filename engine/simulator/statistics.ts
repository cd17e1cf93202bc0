/** What the tables of a world add up to, per endpoint, call and service: for theory and conservation checks. */
import { openLeaseSum, touchPool } from './pools.ts';
import { Origin, Outcome, outcomeCount, Phase } from './requests.ts';
import { touchService } from './services.ts';
import type { Simulation } from './simulation.ts';

export interface SimulationStatistics {
  /** µs. */
  readonly duration: number;
  /** User requests, whether admitted or not. */
  readonly arrivals: number;
  readonly services: readonly ServiceStatistics[];
  readonly endpoints: readonly EndpointStatistics[];
  readonly calls: readonly CallStatistics[];
  readonly pools: readonly PoolStatistics[];
  readonly caches: readonly CacheStatistics[];
  readonly queues: readonly QueueStatistics[];
}

/** Integrals over time, in requests × µs: divided by the duration they are means. */
export interface ServiceStatistics {
  readonly service: string;
  readonly queuedIntegral: number;
  readonly busyIntegral: number;
  readonly coresIntegral: number;
  /** Instances that are up, integral and now. */
  readonly upIntegral: number;
  readonly instancesUp: number;
  /** In the system now, and the sum of their times in it so far, µs. */
  readonly inFlight: number;
  readonly inFlightSojourn: number;
}

export interface EndpointStatistics {
  readonly service: string;
  readonly endpoint: string;
  readonly admitted: number;
  readonly refused: number;
  readonly unreachable: number;
  readonly shed: number;
  readonly started: number;
  readonly ok: number;
  readonly failed: number;
  readonly reset: number;
  /** Waiting for a worker over started requests: µs and µs². */
  readonly waitSum: number;
  readonly waitSquares: number;
  /** Time in the system over ended requests, µs. */
  readonly sojournSum: number;
}

export interface CallStatistics {
  readonly from: string;
  readonly to: string;
  readonly attempts: number;
  readonly sent: number;
  /** Attempts whose caller died meanwhile. */
  readonly lost: number;
  readonly ended: Readonly<Record<keyof typeof Outcome, number>>;
}

export interface PoolStatistics {
  readonly service: string;
  readonly pool: string;
  readonly used: number;
  readonly leaked: number;
  readonly waiting: number;
  /** Connections × µs. */
  readonly usedIntegral: number;
  /** Time that connections were out, µs: those given back, and so far those that are out. */
  readonly leaseSum: number;
  readonly openLeaseSum: number;
}

export interface CacheStatistics {
  readonly service: string;
  readonly cache: string;
  readonly lookups: number;
  readonly hits: number;
  readonly misses: number;
}

/** One consumer's place in one partition. */
export interface QueueStatistics {
  readonly consumer: string;
  readonly topic: string;
  readonly partition: number;
  /** Messages that came, and what became of them: those that wait are not done with. */
  readonly received: number;
  readonly waiting: number;
  readonly handled: number;
  readonly deadLetters: number;
  readonly skipped: number;
  readonly deliveries: number;
  readonly failed: number;
}

export function statisticsOf(simulation: Simulation): SimulationStatistics {
  const { plan, world } = simulation;
  return {
    duration: world.clock[0] as number,
    arrivals: world.traffic.count.reduce((sum, count) => sum + count, 0),
    services: plan.scenario.services.map((_, s) => serviceOf(simulation, s)),
    endpoints: [...plan.endpointService.keys()].map((e) => endpointOf(simulation, e)),
    calls: plan.calls.map((_, c) => callOf(simulation, c)),
    pools: [...plan.poolService.keys()].map((p) => poolOf(simulation, p)),
    caches: plan.caches.map((cache, c) => ({
      service: plan.scenario.services[plan.cacheService[c] as number]?.name ?? '',
      cache: cache.name,
      lookups: world.caches.lookups[c] as number,
      hits: world.caches.hits[c] as number,
      misses: world.caches.misses[c] as number,
    })),
    queues: plan.cursors.map(({ service, topic, partition }, c) => ({
      consumer: plan.scenario.services[service]?.name ?? '',
      topic: plan.endpoints[topic]?.name ?? '',
      partition,
      received: world.cursors.received[c] as number,
      waiting: world.cursors.length[c] as number,
      handled: world.cursors.handled[c] as number,
      deadLetters: world.cursors.deadLetters[c] as number,
      skipped: world.cursors.skipped[c] as number,
      deliveries: world.cursors.deliveries[c] as number,
      failed: world.cursors.failed[c] as number,
    })),
  };
}

function serviceOf({ plan, world }: Simulation, s: number): ServiceStatistics {
  const { services, requests, clock } = world;
  touchService(world, s);
  let inFlight = 0;
  let inFlightSojourn = 0;
  requests.phase.forEach((phase, r) => {
    const endpoint = requests.endpoint[r] as number;
    const origin = requests.origin[r] as number;
    if (phase === Phase.free || origin >= Origin.startup) return;
    if (plan.endpointService[endpoint] !== s) return;
    inFlight++;
    inFlightSojourn += (clock[0] as number) - (requests.arrivedAt[r] as number);
  });
  return {
    service: plan.scenario.services[s]?.name ?? '',
    queuedIntegral: services.queuedIntegral[s] as number,
    busyIntegral: services.busyIntegral[s] as number,
    coresIntegral: services.coresIntegral[s] as number,
    upIntegral: services.upIntegral[s] as number,
    instancesUp: services.instancesUp[s] as number,
    inFlight,
    inFlightSojourn,
  };
}

function endpointOf({ plan, world }: Simulation, e: number): EndpointStatistics {
  const t = world.endpoints;
  const s = plan.endpointService[e] as number;
  const service = plan.scenario.services[s];
  return {
    service: service?.name ?? '',
    endpoint: plan.endpoints[e]?.name ?? '',
    admitted: t.admitted[e] as number,
    refused: t.refused[e] as number,
    unreachable: t.unreachable[e] as number,
    shed: t.shed[e] as number,
    started: t.started[e] as number,
    ok: t.ok[e] as number,
    failed: t.failed[e] as number,
    reset: t.reset[e] as number,
    waitSum: t.waitSum[e] as number,
    waitSquares: t.waitSquares[e] as number,
    sojournSum: t.sojournSum[e] as number,
  };
}

function callOf(simulation: Simulation, c: number): CallStatistics {
  const { plan, world } = simulation;
  const nameOf = (e: number): string => {
    const { service, endpoint } = endpointOf(simulation, e);
    return `${service} ${endpoint}`;
  };
  const ended = (outcome: number): number =>
    world.calls.ended[c * outcomeCount + outcome] as number;
  return {
    from: nameOf(plan.callFrom[c] as number),
    to: nameOf(plan.callTo[c] as number),
    attempts: world.calls.attempts[c] as number,
    sent: world.calls.sent[c] as number,
    lost: world.calls.lost[c] as number,
    ended: Object.fromEntries(
      Object.entries(Outcome).map(([name, outcome]) => [name, ended(outcome)]),
    ) as Record<keyof typeof Outcome, number>,
  };
}

function poolOf(simulation: Simulation, p: number): PoolStatistics {
  const { plan, world } = simulation;
  const { pools } = world;
  touchPool(world, p);
  const service = plan.scenario.services[plan.poolService[p] as number];
  const first = plan.poolPartBase[p] as number;
  const end = plan.poolPartBase[p + 1] as number;
  const total = (column: Int32Array): number =>
    column.subarray(first, end).reduce((sum, value) => sum + value, 0);
  return {
    service: service?.name ?? '',
    pool: service?.pools[p - (plan.poolBase[plan.poolService[p] as number] as number)]?.name ?? '',
    used: pools.used[p] as number,
    leaked: total(pools.partLeaked),
    waiting: total(pools.partWaiting),
    usedIntegral: pools.usedIntegral[p] as number,
    leaseSum: pools.leaseSum[p] as number,
    openLeaseSum: openLeaseSum(simulation, p),
  };
}
