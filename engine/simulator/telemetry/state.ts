/** What telemetry remembers between records: part of the world, so plain data like the rest. */
import type { RecordText } from '../../replay/batch.ts';
import type { Plan } from '../plan.ts';
import { makeHistograms, type Histograms } from './histogram.ts';
import { templateCount } from './limiter.ts';
import { edgesOf, versionsOf } from './metrics/dimensions.ts';

/** A record made and not yet given, in the batch's own terms. */
export interface PendingRecord extends RecordText {
  /** Code of `Kind`. */
  readonly kind: number;
  readonly t: number;
  /** Metric: series. Else: service. */
  readonly subject: number;
  readonly severity: number;
  readonly value: number;
}

export interface TelemetryState {
  /** In order of `t`: the simulation makes records in that order, so nothing is sorted. */
  readonly pending: PendingRecord[];
  /** Points that are on their way. */
  readonly late: PendingRecord[];
  /** Durations of this interval: one row an endpoint, then from `rows` on one of each other thing. */
  readonly durations: Histograms;
  readonly rows: Rows;
  /** Since the interval began. */
  readonly tallies: Tallies;
  /** Integrals of the world at the interval's begin. */
  readonly before: Before;
  /** Counters of each process, and when it began, µs. */
  readonly instanceCount: Float64Array;
  readonly instanceErrors: Float64Array;
  readonly instanceSince: Float64Array;
  /** Lines of the current window, and lines left out, per instance and template. */
  readonly lines: Int32Array;
  readonly suppressed: Int32Array;
}

export interface Rows {
  readonly instance: number;
  readonly version: number;
  readonly edge: number;
  readonly pool: number;
  readonly end: number;
}

export interface Tallies {
  readonly endpointAnswered: Float64Array;
  readonly endpointErrors: Float64Array;
  readonly versionAnswered: Float64Array;
  readonly versionErrors: Float64Array;
  readonly edgeAttempts: Float64Array;
  readonly edgeErrors: Float64Array;
  readonly edgeRetries: Float64Array;
  readonly poolTimeouts: Float64Array;
  /** By traffic entry. */
  readonly probeDone: Float64Array;
  readonly probeOk: Float64Array;
  readonly probeUs: Float64Array;
}

export interface Before {
  readonly queued: Float64Array;
  readonly busy: Float64Array;
  readonly cores: Float64Array;
  readonly up: Float64Array;
  readonly work: Float64Array;
  readonly poolUsed: Float64Array;
  readonly hits: Float64Array;
  readonly misses: Float64Array;
  readonly handled: Float64Array;
  readonly failed: Float64Array;
}

export function makeTelemetryState(plan: Plan): TelemetryState {
  const column = (n: number): Float64Array => new Float64Array(n);
  const endpoints = plan.endpoints.length;
  const instances = plan.instanceService.length;
  const versions = versionsOf(plan).length;
  const edges = edgesOf(plan).length;
  const pools = plan.poolService.length;
  const entries = plan.trafficEndpoint.length;
  const services = plan.serviceCount;
  const rows = rowsFor({ endpoints, instances, versions, edges, pools });
  return {
    pending: [],
    late: [],
    durations: makeHistograms(rows.end),
    rows,
    tallies: {
      endpointAnswered: column(endpoints),
      endpointErrors: column(endpoints),
      versionAnswered: column(versions),
      versionErrors: column(versions),
      edgeAttempts: column(edges),
      edgeErrors: column(edges),
      edgeRetries: column(edges),
      poolTimeouts: column(pools),
      probeDone: column(entries),
      probeOk: column(entries),
      probeUs: column(entries),
    },
    before: {
      queued: column(services),
      busy: column(services),
      cores: column(services),
      up: column(services),
      work: column(instances),
      poolUsed: column(pools),
      hits: column(plan.caches.length),
      misses: column(plan.caches.length),
      handled: column(plan.cursors.length),
      failed: column(plan.cursors.length),
    },
    instanceCount: column(instances),
    instanceErrors: column(instances),
    instanceSince: column(instances),
    lines: new Int32Array(instances * templateCount),
    suppressed: new Int32Array(instances * templateCount),
  };
}

function rowsFor(count: {
  readonly endpoints: number;
  readonly instances: number;
  readonly versions: number;
  readonly edges: number;
  readonly pools: number;
}): Rows {
  const instance = count.endpoints;
  const version = instance + count.instances;
  const edge = version + count.versions;
  const pool = edge + count.edges;
  return { instance, version, edge, pool, end: pool + count.pools };
}

export function clearTallies(tallies: Tallies): void {
  for (const column of Object.values(tallies)) column.fill(0);
}
