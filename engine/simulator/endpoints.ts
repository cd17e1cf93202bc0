/** What requests of an endpoint cost, and how they fared; a site is an endpoint at one instance. */
import type { DurationDistribution } from '../scenario/model.ts';
import type { Plan } from './plan.ts';

export const Distribution = { constant: 0, exponential: 1, lognormal: 2 } as const;

export interface EndpointTable {
  readonly distribution: Uint8Array;
  /** Constant: µs. Exponential: mean µs. Lognormal: mu and sigma of the logarithm of µs. */
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** Counters since the start. Admitted = ok + failed + reset + in the system. */
  readonly admitted: Float64Array;
  readonly refused: Float64Array;
  readonly unreachable: Float64Array;
  readonly shed: Float64Array;
  readonly started: Float64Array;
  readonly ok: Float64Array;
  readonly failed: Float64Array;
  readonly reset: Float64Array;
  /** Waiting for a worker, µs and µs², over started requests. */
  readonly waitSum: Float64Array;
  readonly waitSquares: Float64Array;
  /** Time in the system, µs, over ended requests. */
  readonly sojournSum: Float64Array;
  /** Values that a counter has left for the endpoint; Infinity where nothing runs out. */
  readonly left: Float64Array;
}

/** What faults and deploys do to requests, site by site. */
export interface SiteTable {
  /** Own work takes factor × draw + add µs. */
  readonly factor: Float64Array;
  readonly addUs: Float64Array;
  /** Share of requests that fail after their own work, and the fault whose words they use, or -1. */
  readonly errorShare: Float64Array;
  readonly errorFault: Int32Array;
  /** Bytes that a request leaves behind. */
  readonly leakBytes: Float64Array;
}

/** Distance of the 99th percentile from the median of a standard normal. */
const z99 = 2.3263478740408408;

export function makeEndpoints({ endpoints }: Plan): EndpointTable {
  const times = endpoints.map(({ serviceTime }) => serviceTime);
  const n = times.length;
  const column = (): Float64Array => new Float64Array(n);
  return {
    distribution: Uint8Array.from(times, (time) => Distribution[time.kind]),
    first: Float64Array.from(times, firstOf),
    second: Float64Array.from(times, (time) =>
      time.kind === 'lognormal' ? Math.log(time.p99Us / time.p50Us) / z99 : 0,
    ),
    admitted: column(),
    refused: column(),
    unreachable: column(),
    shed: column(),
    started: column(),
    ok: column(),
    failed: column(),
    reset: column(),
    waitSum: column(),
    waitSquares: column(),
    sojournSum: column(),
    left: column().fill(Infinity),
  };
}

export function makeSites({ siteEndpoint }: Plan): SiteTable {
  const n = siteEndpoint.length;
  return {
    factor: new Float64Array(n).fill(1),
    addUs: new Float64Array(n),
    errorShare: new Float64Array(n),
    errorFault: new Int32Array(n).fill(-1),
    leakBytes: new Float64Array(n),
  };
}

function firstOf(time: DurationDistribution): number {
  switch (time.kind) {
    case 'constant':
      return time.us;
    case 'exponential':
      return time.meanUs;
    case 'lognormal':
      return Math.log(time.p50Us);
    default:
      return time satisfies never;
  }
}
