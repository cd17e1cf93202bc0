/**
 * Everything that changes while a simulation runs, as plain data: numbers and typed arrays, no
 * closures, no class instances. So a checkpoint is `copyWorld`, a fork continues a copy, and both
 * tell the same future. What faults and actions may change (rates, limits, factors) is here; who
 * calls whom is in the plan.
 *
 * Columns are indexed as in `plan.ts`. Integrals are in unit × µs up to the table's `touchedAt`.
 */
import type { SimulatedScenario } from '../scenario/model.ts';
import { makeStreams } from '../replay/random.ts';
import { EventType, makeEventHeap, schedule, type EventHeap } from './events.ts';
import type { Plan } from './plan.ts';
import { makeRequestTable, outcomeCount, type RequestTable } from './requests.ts';
import type { TelemetryState } from './telemetry/state.ts';

export interface World {
  /** [now, µs] */
  readonly clock: Float64Array;
  readonly events: EventHeap;
  readonly requests: RequestTable;
  readonly services: ServiceTable;
  readonly instances: InstanceTable;
  readonly endpoints: EndpointTable;
  readonly calls: CallTable;
  readonly pools: PoolTable;
  readonly traffic: TrafficTable;
  /** 1 while a fault acts. */
  readonly faultActive: Uint8Array;
  /** Random streams, in the order of `plan.streamNames`. */
  readonly streams: Int32Array;
  readonly telemetry: TelemetryState | null;
}

export interface ServiceTable {
  /** Worker slots and queue places of each instance. */
  readonly workers: Int32Array;
  readonly queue: Int32Array;
  /** Instance that gets the next request: round robin, blind to load and health. */
  readonly cursor: Int32Array;
  readonly instancesUp: Int32Array;
  readonly queued: Int32Array;
  readonly busy: Int32Array;
  readonly touchedAt: Float64Array;
  readonly queuedIntegral: Float64Array;
  readonly busyIntegral: Float64Array;
  /** Worker slots of the instances that are up. */
  readonly capacityIntegral: Float64Array;
}

export interface InstanceTable {
  readonly up: Uint8Array;
  /** Fault that took it down, or -1. */
  readonly downBy: Int32Array;
  /** Sequence of the event that starts it again; 0 for none. */
  readonly restart: Float64Array;
  readonly busy: Int32Array;
  readonly queued: Int32Array;
  /** First and last request in the queue, or -1. */
  readonly head: Int32Array;
  readonly tail: Int32Array;
}

export const Distribution = { constant: 0, exponential: 1, lognormal: 2 } as const;

export interface EndpointTable {
  readonly distribution: Uint8Array;
  /** Constant: µs. Exponential: mean µs. Lognormal: mu and sigma of the logarithm of µs. */
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** Own work takes factor × draw + add µs. */
  readonly factor: Float64Array;
  readonly addUs: Float64Array;
  /** Share of requests that fail after their own work. */
  readonly errorShare: Float64Array;
  /** Counters since the start. Admitted = ok + failed + reset + in the system. */
  readonly admitted: Float64Array;
  readonly refused: Float64Array;
  readonly unreachable: Float64Array;
  readonly started: Float64Array;
  readonly ok: Float64Array;
  readonly failed: Float64Array;
  readonly reset: Float64Array;
  /** Waiting for a worker, µs and µs², over started requests. */
  readonly waitSum: Float64Array;
  readonly waitSquares: Float64Array;
  /** Time in the system, µs, over ended requests. */
  readonly sojournSum: Float64Array;
}

export interface CallTable {
  /** µs; Infinity for no limit. */
  readonly timeoutUs: Float64Array;
  readonly retriesMax: Int32Array;
  readonly backoffUs: Float64Array;
  readonly probability: Float64Array;
  /** Attempts begun, sent to the callee, and ended by outcome (`outcomeCount` columns a call). */
  readonly attempts: Float64Array;
  readonly sent: Float64Array;
  readonly ended: Float64Array;
}

export interface PoolTable {
  /** Per pool. */
  readonly timeoutUs: Float64Array;
  readonly size: Int32Array;
  readonly leakShare: Float64Array;
  readonly used: Int32Array;
  readonly touchedAt: Float64Array;
  readonly usedIntegral: Float64Array;
  /** Per part: connections out (leaked ones too), leaked ones, requests waiting. */
  readonly partUsed: Int32Array;
  readonly partLeaked: Int32Array;
  readonly partWaiting: Int32Array;
  readonly partHead: Int32Array;
  readonly partTail: Int32Array;
}

export interface TrafficTable {
  /** Requests per µs before shape and factor. */
  readonly rate: Float64Array;
  readonly factor: Float64Array;
  readonly daily: Uint8Array;
  /** Exact time of the next candidate, µs, and the sequence of its event. */
  readonly nextAt: Float64Array;
  readonly timer: Float64Array;
  readonly count: Float64Array;
}

export function makeWorld(
  plan: Plan,
  options: { seed: number; telemetry: TelemetryState | null },
): World {
  const { scenario } = plan;
  const events = makeEventHeap();
  scenario.faults.forEach((fault, f) => {
    schedule(events, fault.at, EventType.faultStart, f);
    if (fault.until !== null) schedule(events, fault.until, EventType.faultEnd, f);
  });
  scenario.changes.forEach((change, c) => schedule(events, change.at, EventType.change, c));
  return {
    clock: new Float64Array(1),
    events,
    requests: makeRequestTable(),
    services: makeServices(plan),
    instances: makeInstances(plan.instanceService.length),
    endpoints: makeEndpoints(scenario),
    calls: makeCalls(plan),
    pools: makePools(plan),
    traffic: makeTraffic(scenario),
    faultActive: new Uint8Array(scenario.faults.length),
    streams: makeStreams(options.seed, plan.streamNames),
    telemetry: options.telemetry,
  };
}

/** A checkpoint: shares nothing with the original. */
export function copyWorld(world: World): World {
  return structuredClone(world);
}

function makeServices({ scenario, serviceCount: n }: Plan): ServiceTable {
  return {
    workers: Int32Array.from(scenario.services, (s) => s.workers),
    queue: Int32Array.from(scenario.services, (s) => s.queue),
    cursor: new Int32Array(n),
    instancesUp: Int32Array.from(scenario.services, (s) => s.instances),
    queued: new Int32Array(n),
    busy: new Int32Array(n),
    touchedAt: new Float64Array(n),
    queuedIntegral: new Float64Array(n),
    busyIntegral: new Float64Array(n),
    capacityIntegral: new Float64Array(n),
  };
}

function makeInstances(n: number): InstanceTable {
  return {
    up: new Uint8Array(n).fill(1),
    downBy: new Int32Array(n).fill(-1),
    restart: new Float64Array(n),
    busy: new Int32Array(n),
    queued: new Int32Array(n),
    head: new Int32Array(n).fill(-1),
    tail: new Int32Array(n).fill(-1),
  };
}

/** Distance of the 99th percentile from the median of a standard normal. */
const z99 = 2.3263478740408408;

function makeEndpoints(scenario: SimulatedScenario): EndpointTable {
  const times = scenario.services.flatMap((s) => s.endpoints.map((e) => e.serviceTime));
  const n = times.length;
  const column = (): Float64Array => new Float64Array(n);
  return {
    distribution: Uint8Array.from(times, (time) => Distribution[time.kind]),
    first: Float64Array.from(times, (time) =>
      time.kind === 'constant'
        ? time.us
        : time.kind === 'exponential'
          ? time.meanUs
          : Math.log(time.p50Us),
    ),
    second: Float64Array.from(times, (time) =>
      time.kind === 'lognormal' ? Math.log(time.p99Us / time.p50Us) / z99 : 0,
    ),
    factor: column().fill(1),
    addUs: column(),
    errorShare: column(),
    admitted: column(),
    refused: column(),
    unreachable: column(),
    started: column(),
    ok: column(),
    failed: column(),
    reset: column(),
    waitSum: column(),
    waitSquares: column(),
    sojournSum: column(),
  };
}

function makeCalls({ calls }: Plan): CallTable {
  return {
    timeoutUs: Float64Array.from(calls, (call) => call.timeoutUs),
    retriesMax: Int32Array.from(calls, (call) => call.retries.max),
    backoffUs: Float64Array.from(calls, (call) => call.retries.backoffUs),
    probability: Float64Array.from(calls, (call) => call.probability),
    attempts: new Float64Array(calls.length),
    sent: new Float64Array(calls.length),
    ended: new Float64Array(calls.length * outcomeCount),
  };
}

function makePools(plan: Plan): PoolTable {
  const pools = plan.scenario.services.flatMap((service) => service.pools);
  const parts = plan.poolPartPool.length;
  return {
    timeoutUs: Float64Array.from(pools, (pool) => pool.timeoutUs),
    size: Int32Array.from(pools, (pool) => pool.size),
    leakShare: new Float64Array(pools.length),
    used: new Int32Array(pools.length),
    touchedAt: new Float64Array(pools.length),
    usedIntegral: new Float64Array(pools.length),
    partUsed: new Int32Array(parts),
    partLeaked: new Int32Array(parts),
    partWaiting: new Int32Array(parts),
    partHead: new Int32Array(parts).fill(-1),
    partTail: new Int32Array(parts).fill(-1),
  };
}

function makeTraffic({ traffic }: SimulatedScenario): TrafficTable {
  const column = (): Float64Array => new Float64Array(traffic.length);
  return {
    rate: Float64Array.from(traffic, (entry) => entry.rate / 1e6),
    factor: column().fill(1),
    daily: Uint8Array.from(traffic, (entry) => (entry.shape === 'daily' ? 1 : 0)),
    nextAt: column(),
    timer: column(),
    count: column(),
  };
}
