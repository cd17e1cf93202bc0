/** Counts what requests do, for the metrics of the interval. */
import type { Plan } from '../plan.ts';
import { Outcome } from '../requests.ts';
import type { World } from '../world.ts';
import { bucketOf, record } from './histogram.ts';
import { edgesOf, versionsOf } from './metrics/dimensions.ts';

export interface Counts {
  /** A request has ended in a process that lives on to say so. */
  readonly ended: (world: World, r: number, outcome: number) => void;
  readonly turnedAway: (world: World, endpoint: number, instance: number) => void;
  readonly attempted: (world: World, r: number, outcome: number, retries: boolean) => void;
  /** A wait for a connection ended, with one or with a timeout. */
  readonly leased: (world: World, pool: number, waitUs: number, timedOut: boolean) => void;
  readonly userDone: (world: World, entry: number, outcome: number, us: number) => void;
  /** A process begins: its counters do too. */
  readonly began: (world: World, instance: number) => void;
}

export function makeCounts(plan: Plan): Counts {
  const edges = edgesOf(plan);
  const edgeOf = new Int32Array(plan.calls.length);
  edges.forEach(({ calls }, edge) => {
    for (const call of calls) edgeOf[call] = edge;
  });
  const versions = versionsOf(plan);
  const versionRow = (service: number, version: number): number =>
    versions.findIndex((v) => v.service === service && v.version === version);
  const versioned = new Set(versions.map(({ service }) => service));

  const count = (world: World, endpoint: number, instance: number, failed: boolean): number => {
    const { telemetry, instances } = world;
    if (!telemetry) return -1;
    const { tallies } = telemetry;
    add(tallies.endpointAnswered, endpoint, 1);
    add(telemetry.instanceCount, instance, 1);
    if (failed) {
      add(tallies.endpointErrors, endpoint, 1);
      add(telemetry.instanceErrors, instance, 1);
    }
    const service = plan.endpointService[endpoint] as number;
    if (!versioned.has(service)) return -1;
    const row = versionRow(service, instances.version[instance] as number);
    add(tallies.versionAnswered, row, 1);
    if (failed) add(tallies.versionErrors, row, 1);
    return row;
  };

  return {
    ended(world, r, outcome) {
      const { telemetry, requests, clock } = world;
      if (!telemetry) return;
      const endpoint = requests.endpoint[r] as number;
      const instance = requests.instance[r] as number;
      const version = count(world, endpoint, instance, outcome !== Outcome.ok);
      const us = (clock[0] as number) - (requests.arrivedAt[r] as number);
      const bucket = bucketOf(us);
      record(telemetry.durations, endpoint, bucket, us);
      record(telemetry.durations, telemetry.rows.instance + instance, bucket, us);
      if (version >= 0) {
        record(telemetry.durations, telemetry.rows.version + version, bucket, us);
      }
    },
    turnedAway(world, endpoint, instance) {
      count(world, endpoint, instance, true);
    },
    attempted(world, r, outcome, retries) {
      const { telemetry, requests, clock } = world;
      if (!telemetry) return;
      const edge = edgeOf[requests.call[r] as number] as number;
      add(telemetry.tallies.edgeAttempts, edge, 1);
      if (outcome !== Outcome.ok) add(telemetry.tallies.edgeErrors, edge, 1);
      if (retries) add(telemetry.tallies.edgeRetries, edge, 1);
      const us = (clock[0] as number) - (requests.attemptAt[r] as number);
      record(telemetry.durations, telemetry.rows.edge + edge, bucketOf(us), us);
    },
    leased({ telemetry }, pool, waitUs, timedOut) {
      if (!telemetry) return;
      record(telemetry.durations, telemetry.rows.pool + pool, bucketOf(waitUs), waitUs);
      if (timedOut) add(telemetry.tallies.poolTimeouts, pool, 1);
    },
    userDone({ telemetry }, entry, outcome, us) {
      if (!telemetry || plan.scenario.traffic[entry]?.kind !== 'probe') return;
      add(telemetry.tallies.probeDone, entry, 1);
      add(telemetry.tallies.probeUs, entry, us);
      if (outcome === Outcome.ok) add(telemetry.tallies.probeOk, entry, 1);
    },
    began({ telemetry, clock }, instance) {
      if (!telemetry) return;
      telemetry.instanceCount[instance] = 0;
      telemetry.instanceErrors[instance] = 0;
      telemetry.instanceSince[instance] = clock[0] as number;
    },
  };
}

function add(column: Float64Array, i: number, amount: number): void {
  column[i] = (column[i] as number) + amount;
}
