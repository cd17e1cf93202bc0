/** What goes wrong in a simulation: when, where, under which condition, and how. */
import type { Micros } from '../sdk/index.ts';

/** A fault acts from `at`, to `until` (or the end), on what its scope selects. */
interface FaultCommon {
  readonly id: string;
  readonly at: Micros;
  readonly until: Micros | null;
  /** Index into services. */
  readonly service: number;
  readonly scope: FaultScope;
  /** Acts for `onUs`, pauses for `offUs`, and so on; null for all the time. */
  readonly pulse: { readonly onUs: Micros; readonly offUs: Micros } | null;
}

/** All of what is named must hold; null for anything. */
export interface FaultScope {
  /** Only so many instances, the first ones. */
  readonly instances: number | null;
  /** Indexes into zones and nodes. A node's fault acts on all services there. */
  readonly zone: number | null;
  readonly node: number | null;
  /** Only instances that run this version: a rollback ends the fault. */
  readonly version: string | null;
  /** Only while this flag of the service is on, or while its configuration has this revision. */
  readonly flag: string | null;
  readonly config: string | null;
}

export type FaultModel = FaultCommon &
  (
    | {
        /** Own work takes longer: `add` on top, or `factor` times. */
        readonly kind: 'latency';
        readonly endpoint: number | null;
        readonly factor: number;
        readonly addUs: Micros;
      }
    | {
        /** This share of requests fails after its own work. */
        readonly kind: 'errors';
        readonly endpoint: number | null;
        readonly share: number;
        /** What its log says; '' for the runtime's usual words. */
        readonly message: string;
      }
    | {
        /** Instances go away: all in-flight requests there fail, new ones are refused. */
        readonly kind: 'crash';
        /** Back after this long; stays down until the fault ends where null. */
        readonly restartAfterUs: Micros | null;
      }
    | {
        /** This share of leases of the pool is never given back. */
        readonly kind: 'pool-leak';
        readonly pool: number;
        readonly share: number;
      }
    | {
        /** Traffic into the service is multiplied. */
        readonly kind: 'traffic-spike';
        readonly factor: number;
      }
    | {
        /** Each request leaves bytes behind that are never freed; a full heap ends in an OOM kill. */
        readonly kind: 'memory-leak';
        readonly endpoint: number | null;
        readonly bytesPerRequest: number;
      }
    | {
        /** Others on the host take this share of the time of each core. */
        readonly kind: 'cpu-steal';
        readonly share: number;
      }
    | {
        /** A statement that waits for an exclusive lock of the table holds up all that come after it. */
        readonly kind: 'lock-queue';
        readonly table: string;
        /** Text of the statement, as the log of the database shows it. */
        readonly statement: string;
      }
    | {
        /** What is remembered is forgotten, once. */
        readonly kind: 'cache-flush';
        readonly cache: number;
      }
    | {
        /** The certificate ends: new connections to the service fail, open ones live on. */
        readonly kind: 'certificate-expiry';
      }
    | {
        /** The name of the service does not resolve: new connections fail, open ones live on. */
        readonly kind: 'dns';
        readonly answer: 'nxdomain' | 'servfail' | 'timeout';
      }
    | {
        /** Packets are lost or late between the scope and everybody else. */
        readonly kind: 'network';
        readonly loss: number;
        readonly delayUs: Micros;
      }
    | {
        /** Something fills the disk; when it is full, writes fail and the log of the instance stops. */
        readonly kind: 'disk-fill';
        readonly bytesPerSecond: number;
      }
    | {
        /** More for the replicas to apply than the requests account for, µs of work per second. */
        readonly kind: 'write-burst';
        readonly workUsPerSecond: number;
      }
    | {
        /** A message that no consumer can handle, at the end of one partition, once. */
        readonly kind: 'poison-message';
        readonly topic: number;
        readonly partition: number;
      }
    | {
        /** A counter has `left` values left; each request of the endpoint takes one, then all fail. */
        readonly kind: 'exhaustion';
        readonly endpoint: number | null;
        /** What runs out, and its last value: `orders.id`, 2147483647. */
        readonly counter: string;
        readonly max: number;
        readonly left: number;
      }
    | {
        /** Clocks of instances are off, and go on drifting. */
        readonly kind: 'clock-skew';
        readonly offsetUs: Micros;
        readonly driftUsPerSecond: number;
      }
    | {
        /** The service works, but this share of what it tells gets lost. */
        readonly kind: 'telemetry-loss';
        readonly stream: 'logs' | 'metrics' | 'spans';
        readonly share: number;
      }
  );
