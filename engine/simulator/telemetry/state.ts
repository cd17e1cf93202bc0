/** What telemetry remembers between records: part of the world, so plain data like the rest. */
import type { RecordText } from '../../replay/batch.ts';
import type { Plan } from '../plan.ts';
import { templateCount } from './limiter.ts';

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
  /** Times of requests or pool waits of this interval, µs; one list a service, one a pool. */
  readonly durations: TimeList[];
  readonly poolWaits: TimeList[];
  /** Since the interval began: answered requests, and those answered with an error. */
  readonly answered: Float64Array;
  readonly errors: Float64Array;
  readonly poolTimeouts: Float64Array;
  /** Integrals of the world at the interval's begin. */
  readonly queuedBefore: Float64Array;
  readonly busyBefore: Float64Array;
  readonly capacityBefore: Float64Array;
  readonly poolUsedBefore: Float64Array;
  /** Lines of the current window, and lines left out, per instance and template. */
  readonly lines: Int32Array;
  readonly suppressed: Int32Array;
  /** Versions by service; a deploy changes one. */
  readonly versions: string[];
}

/** A list of numbers that grows by doubling. */
export interface TimeList {
  length: number;
  values: Float64Array;
}

export function makeTelemetryState({
  scenario,
  serviceCount,
  instanceService,
  poolService,
}: Plan): TelemetryState {
  const perService = (): Float64Array => new Float64Array(serviceCount);
  const perPool = (): Float64Array => new Float64Array(poolService.length);
  const list = (): TimeList => ({ length: 0, values: new Float64Array(64) });
  return {
    pending: [],
    durations: scenario.services.map(list),
    poolWaits: Array.from(poolService, list),
    answered: perService(),
    errors: perService(),
    poolTimeouts: perPool(),
    queuedBefore: perService(),
    busyBefore: perService(),
    capacityBefore: perService(),
    poolUsedBefore: perPool(),
    lines: new Int32Array(instanceService.length * templateCount),
    suppressed: new Int32Array(instanceService.length * templateCount),
    versions: scenario.services.map((service) => service.version),
  };
}

export function addTime(list: TimeList, us: number): void {
  if (list.length === list.values.length) {
    const larger = new Float64Array(list.length * 2);
    larger.set(list.values);
    list.values = larger;
  }
  list.values[list.length++] = us;
}
