/**
 * Everything that changes while a simulation runs, as plain data: numbers and typed arrays, no
 * closures, no class instances. So a checkpoint is `copyWorld`, a fork continues a copy, and both
 * tell the same future. What faults and actions may change (rates, limits, factors) is here; who
 * calls whom is in the plan. Each table is declared beside the functions that change it.
 */
import { makeStreams } from '../replay/random.ts';
import { makeCalls, type CallTable } from './attempts.ts';
import { makeCaches, type CacheTable } from './caches.ts';
import { makeEndpoints, makeSites, type EndpointTable, type SiteTable } from './endpoints.ts';
import { EventType, makeEventHeap, schedule, type EventHeap } from './events.ts';
import { makeInstances, type InstanceTable } from './instance-table.ts';
import { makeLinks, type LinkTable } from './links.ts';
import { makeLocks, type LockTable } from './locks.ts';
import { makeMachines, type MachineTable } from './machines.ts';
import { makeMessages, type MessageTable } from './messages.ts';
import type { Plan } from './plan.ts';
import { makePools, type PoolTable } from './pools.ts';
import { makeCursors, type CursorTable } from './queues.ts';
import { makeReplicas, type ReplicaTable } from './replicas.ts';
import { makeRequestTable, type RequestTable } from './requests.ts';
import { makeServices, type ServiceTable } from './services.ts';
import type { TelemetryState } from './telemetry/state.ts';
import { makeTraffic, type TrafficTable } from './traffic.ts';

export interface World {
  /** [now, µs] */
  readonly clock: Float64Array;
  readonly events: EventHeap;
  readonly requests: RequestTable;
  readonly services: ServiceTable;
  readonly instances: InstanceTable;
  readonly machines: MachineTable;
  readonly endpoints: EndpointTable;
  readonly sites: SiteTable;
  readonly calls: CallTable;
  readonly links: LinkTable;
  readonly pools: PoolTable;
  readonly caches: CacheTable;
  readonly locks: LockTable;
  readonly cursors: CursorTable;
  readonly messages: MessageTable;
  readonly replicas: ReplicaTable;
  readonly traffic: TrafficTable;
  readonly zones: {
    /** 1 where nothing is sent any more. */
    readonly evacuated: Uint8Array;
  };
  /** 1 while a flag is on, in the order of `plan.flags`. */
  readonly flags: Uint8Array;
  readonly faults: {
    /** 1 from a fault's beginning to its end; and where its pulse is on. */
    readonly active: Uint8Array;
    readonly pulsing: Uint8Array;
    /** When it began, µs, and the sequence of the event at which its pulse turns. */
    readonly beganAt: Float64Array;
    readonly timer: Float64Array;
  };
  /** [inputs that have been taken] */
  readonly inputs: Int32Array;
  /** Random streams, in the order of `plan.streamNames`. */
  readonly streams: Int32Array;
  readonly telemetry: TelemetryState | null;
}

export function makeWorld(
  plan: Plan,
  options: { readonly seed: number; readonly telemetry: TelemetryState | null },
): World {
  const { scenario } = plan;
  return {
    clock: new Float64Array(1),
    events: plannedEvents(plan),
    requests: makeRequestTable(),
    services: makeServices(plan),
    instances: makeInstances(plan),
    machines: makeMachines(plan),
    endpoints: makeEndpoints(plan),
    sites: makeSites(plan),
    calls: makeCalls(plan),
    links: makeLinks(plan),
    pools: makePools(plan),
    caches: makeCaches(plan),
    locks: makeLocks(plan),
    cursors: makeCursors(plan),
    messages: makeMessages(),
    replicas: makeReplicas(plan),
    traffic: makeTraffic(plan),
    zones: { evacuated: new Uint8Array(scenario.zones.length) },
    flags: Uint8Array.from(plan.flags, ({ service, name }) =>
      scenario.services[service]?.flags.includes(name) ? 1 : 0,
    ),
    faults: {
      active: new Uint8Array(scenario.faults.length),
      pulsing: new Uint8Array(scenario.faults.length).fill(1),
      beganAt: new Float64Array(scenario.faults.length),
      timer: new Float64Array(scenario.faults.length),
    },
    inputs: new Int32Array(1),
    streams: makeStreams(options.seed, plan.streamNames),
    telemetry: options.telemetry,
  };
}

/** A checkpoint: shares nothing with the original. */
export function copyWorld(world: World): World {
  return structuredClone(world);
}

function plannedEvents({ scenario }: Plan): EventHeap {
  const events = makeEventHeap();
  scenario.faults.forEach((fault, f) => {
    schedule(events, fault.at, EventType.faultStart, f);
    if (fault.until !== null) schedule(events, fault.until, EventType.faultEnd, f);
  });
  scenario.changes.forEach((change, c) => schedule(events, change.at, EventType.change, c));
  scenario.services.forEach(({ autoscale }, s) => {
    if (autoscale) schedule(events, autoscale.everyUs, EventType.autoscale, s);
  });
  return events;
}
