/** What a simulated system is made of: services, how they call each other, who calls them. */
import type { Micros } from '../sdk/index.ts';

/** Runtimes tell how a service writes its logs. */
export const runtimes = [
  'node',
  'go',
  'java',
  'python',
  'nginx',
  'envoy',
  'postgres',
  'redis',
  'kafka',
] as const;
export type Runtime = (typeof runtimes)[number];

export interface ServiceModel {
  readonly name: string;
  /** `service`, `database`, `cache`, `queue`, `external`. */
  readonly kind: string;
  /** null: chosen by kind, pools and name, as ever. */
  readonly runtime: Runtime | null;
  /** Copies at the start, and the most that scaling may make of them. */
  readonly instances: number;
  readonly instancesMax: number;
  /** Concurrent requests one instance serves; the rest queue. */
  readonly workers: number;
  /** Requests that may wait at one instance; more are refused at once. */
  readonly queue: number;
  /** Cores of an instance: own work takes one, in slices. null: never short of them. */
  readonly cpus: number | null;
  readonly memory: MemoryModel | null;
  readonly disk: DiskModel | null;
  readonly startup: StartupModel;
  readonly balancer: BalancerModel;
  readonly autoscale: AutoscaleModel | null;
  readonly pools: readonly PoolModel[];
  readonly caches: readonly CacheModel[];
  /** At least one; a service without `endpoints` in the file has one named `*`. */
  readonly endpoints: readonly EndpointModel[];
  readonly consumes: readonly ConsumerModel[];
  /** Connections of pools that it accepts; Infinity for any number. */
  readonly connectionsMax: number;
  /** Index of the database that it copies, or null, and the work of applying one write, µs. */
  readonly replicaOf: number | null;
  readonly applyUs: number;
  readonly version: string;
  /** Revision of its configuration, '' where none is told. */
  readonly config: string;
  /** Flags that are on at the start. */
  readonly flags: readonly string[];
}

/** The heap of an instance. What is live decides how much time the collector takes. */
export interface MemoryModel {
  readonly limitBytes: number;
  /** Live when idle, and for each request in flight. */
  readonly baseBytes: number;
  readonly perRequestBytes: number;
  /** Has a garbage collector that takes time from the cores. */
  readonly collected: boolean;
}

export interface DiskModel {
  readonly sizeBytes: number;
  readonly usedBytes: number;
}

export interface StartupModel {
  /** From start to ready, µs. */
  readonly us: Micros;
  /** How long after that own work takes `warmupFactor` times as long, falling to 1. */
  readonly warmupUs: Micros;
  readonly warmupFactor: number;
  /** Calls made before it is ready; where one fails it starts again after `retryUs`. */
  readonly calls: readonly CallModel[];
  readonly retryUs: Micros;
  /** Share of `retryUs` that is drawn: 0 comes back in step with all others. */
  readonly jitter: number;
}

export interface BalancerModel {
  readonly policy: 'round-robin' | 'least-requests';
  /** null: the balancer sends to all, dead or alive. */
  readonly healthCheck: HealthCheckModel | null;
  /** Below this share of healthy instances it sends to all of them (Envoy's panic threshold). */
  readonly panicShare: number;
}

export interface HealthCheckModel {
  readonly intervalUs: Micros;
  readonly timeoutUs: Micros;
  /** Failures, and successes, in a row that change its mind. */
  readonly unhealthyAfter: number;
  readonly healthyAfter: number;
  /** Waits in the queue like a request; a shallow one is answered by a process that lives. */
  readonly deep: boolean;
}

export interface AutoscaleModel {
  readonly min: number;
  readonly max: number;
  /** Keeps the use of cores (or of workers, where the service has no `cpus`) at this share. */
  readonly target: number;
  readonly everyUs: Micros;
  /** From the decision to instances that start, µs. */
  readonly lagUs: Micros;
}

/** A connection pool of each instance of a service. */
export interface PoolModel {
  readonly name: string;
  readonly size: number;
  /** How long a request waits for a connection, µs. */
  readonly timeoutUs: Micros;
}

/** What is remembered of another service's answers. */
export interface CacheModel {
  readonly name: string;
  /** Service and endpoint that hold it, by index; null for memory of each instance. */
  readonly store: { readonly service: number; readonly endpoint: number } | null;
  /** Keys that people ask for, by popularity: Zipf with this exponent. */
  readonly keys: number;
  readonly skew: number;
  /** µs from filling to forgetting; Infinity for never. */
  readonly ttlUs: Micros;
  /** Share of `ttlUs` that is drawn for each key, so that they do not end together. */
  readonly jitter: number;
  /** Filled at the start. */
  readonly warm: boolean;
  /** Requests that miss the same key wait for the one that asks. */
  readonly coalesce: boolean;
}

export type DurationDistribution =
  | { readonly kind: 'lognormal'; readonly p50Us: number; readonly p99Us: number }
  | { readonly kind: 'exponential'; readonly meanUs: number }
  | { readonly kind: 'constant'; readonly us: number };

export interface EndpointModel {
  readonly name: string;
  readonly serviceTime: DurationDistribution;
  /** Made after the own work: one after the other, those of a `group` at the same time. */
  readonly calls: readonly CallModel[];
  /** Table of a database that it works on, and whether it writes there. */
  readonly table: string | null;
  readonly writes: boolean;
  /** Waits so long for a lock of its table, µs. */
  readonly lockTimeoutUs: Micros;
  /** Clocks may differ by this much before tokens are refused; Infinity where none are checked. */
  readonly tokenLeewayUs: Micros;
  /** Queues: partitions of the topic. */
  readonly partitions: number;
}

export interface CallModel {
  /** Indexes into services and that service's endpoints. */
  readonly service: number;
  readonly endpoint: number;
  /** Index into the caller's pools, or null for a direct connection. */
  readonly pool: number | null;
  /** µs; Infinity where none is given. */
  readonly timeoutUs: Micros;
  readonly retries: RetryModel;
  /** Chance 0–1 that a request makes the call at all. */
  readonly probability: number;
  /** How often it is made, one after the other. */
  readonly times: number;
  /** Calls of one group that stand next to each other are made at the same time; '' for none. */
  readonly group: string;
  readonly breaker: BreakerModel | null;
  /** Calls of one instance that may be under way (a bulkhead); more fail at once. */
  readonly concurrencyMax: number;
  /** The request goes on without the answer. */
  readonly optional: boolean;
  /** Index into the caller's caches: the call is made on a miss only. */
  readonly cache: number | null;
  /** Age that the data may have, mean µs, drawn for each request; null where any will do. */
  readonly freshUs: Micros | null;
  /** Made only while this flag of the caller is on; '' for always. */
  readonly flag: string;
  /** A connection is kept so long, µs; then a new one asks DNS and shakes hands. */
  readonly keepAliveUs: Micros;
}

export interface RetryModel {
  /** Attempts after the first. */
  readonly max: number;
  /** First pause, doubled each time. */
  readonly backoffUs: Micros;
  /** Share of the pause that is drawn: 1 full jitter, 0 none. */
  readonly jitter: number;
  /** Retries for each first attempt that one instance may spend; Infinity for no budget. */
  readonly budget: number;
}

/** Opens when enough of the calls in a window failed; tries one call after a while. */
export interface BreakerModel {
  readonly failureShare: number;
  readonly windowUs: Micros;
  readonly callsMin: number;
  readonly openUs: Micros;
}

/** Takes messages of a topic, partition by partition, in order. */
export interface ConsumerModel {
  /** Queue and topic, by index. */
  readonly service: number;
  readonly topic: number;
  /** Index of the own endpoint that handles a message. */
  readonly endpoint: number;
  /** Deliveries before a message goes to the dead letters; Infinity blocks its partition instead. */
  readonly attemptsMax: number;
  readonly backoffUs: Micros;
}

export interface TrafficModel {
  readonly service: number;
  readonly endpoint: number;
  /** `users` and `batch` come at random (open loop), `probe` like a clock. */
  readonly kind: 'users' | 'probe' | 'batch';
  /** Requests per second in the mean. */
  readonly rate: number;
  readonly shape: 'steady' | 'daily' | 'weekly';
  readonly surges: readonly SurgeModel[];
  /** Users go away after this long, µs; Infinity where they wait for ever. */
  readonly patienceUs: Micros;
  /** Share of failed or slow requests that are made again after `reloadAfterUs`, at most `reloadsMax` times. */
  readonly reloadShare: number;
  readonly reloadAfterUs: Micros;
  readonly reloadsMax: number;
  /** Batch: every so often, µs, `burst` requests, spread over `spreadUs`. */
  readonly everyUs: Micros;
  readonly burst: number;
  readonly spreadUs: Micros;
}

/** A flash crowd: `factor` times the rate, reached and left over `rampUs`. */
export interface SurgeModel {
  readonly at: Micros;
  readonly until: Micros;
  readonly factor: number;
  readonly rampUs: Micros;
}
