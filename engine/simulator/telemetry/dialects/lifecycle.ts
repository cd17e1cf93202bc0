/** What happens outside of requests, and the words of programs that have none of their own for it. */
import { severityNumbers } from '../../../sdk/index.ts';
import type { Runtime } from '../../../scenario/model-services.ts';
import type { LineContext } from './dialect.ts';
import { platformWords } from './platform.ts';

export interface LifecycleLine {
  readonly severity: number;
  readonly message: string;
  /** Written as it is: the line of somebody else, such as the kernel. */
  readonly verbatim?: boolean;
  readonly logger?: string;
  readonly stack?: string;
}

export interface LifecycleParams {
  readonly started: { readonly version: string; readonly tookMs: number };
  readonly stopping: { readonly inFlight: number };
  /** A call that the start needs failed; it is tried again after a while. */
  readonly 'start-failed': {
    readonly callee: string;
    readonly reason: string;
    readonly retryMs: number;
  };
  /** By the kernel. */
  readonly 'oom-killed': { readonly limitBytes: number };
  /** By kubelet: the container ended by itself. */
  readonly crashed: { readonly exitCode: number; readonly restarts: number };
  readonly 'probe-failed': {
    readonly probe: 'Liveness' | 'Readiness';
    readonly reason: 'timeout' | 'refused' | 'status';
    readonly status: number;
  };
  readonly scaled: { readonly from: number; readonly to: number };
  readonly 'disk-pressure': { readonly usedShare: number };
  /** By the time daemon of the host. */
  readonly 'clock-step': { readonly offsetMs: number };
  readonly 'config-loaded': { readonly revision: string };
  readonly 'config-failed': { readonly revision: string; readonly reason: string };
  readonly flag: { readonly flag: string; readonly on: boolean };
  readonly 'certificate-loaded': { readonly certificateEnd: string };
  readonly 'gc-pause': GarbageCollection;
  readonly 'long-gc': GarbageCollection;
  /** The heap is at its limit and the program says so itself. */
  readonly 'heap-exhausted': { readonly limitBytes: number };
  readonly 'lock-wait': LockWait;
  readonly 'lock-acquired': LockWait;
  readonly checkpoint: { readonly buffers: number; readonly writeMs: number };
  readonly 'replica-lag': { readonly lagMs: number; readonly primary: string };
  readonly 'slow-statement': {
    readonly ms: number;
    readonly table: string;
    readonly statement: string;
  };
  readonly 'consumer-lag': Partition & { readonly group: string; readonly lag: number };
  readonly rebalance: {
    readonly group: string;
    readonly generation: number;
    readonly members: number;
  };
  readonly poison: Partition & { readonly offset: number; readonly attempt: number };
  readonly 'dead-letter': Partition & { readonly offset: number; readonly attempts: number };
  readonly 'breaker-opened': {
    readonly callee: string;
    readonly failureShare: number;
    readonly calls: number;
  };
  readonly 'breaker-closed': { readonly callee: string };
  readonly 'disk-full': { readonly path: string };
  readonly 'cache-flushed': { readonly cache: string; readonly keys: number };
  readonly 'upstream-ejected': { readonly callee: string; readonly address: string };
  readonly 'upstream-restored': { readonly callee: string; readonly address: string };
  readonly retrying: {
    readonly attempt: number;
    readonly attempts: number;
    readonly pauseMs: number;
    readonly reason: string;
  };
  /** A connection of a pool came, but late. */
  readonly 'lease-late': {
    readonly pool: string;
    readonly waitMs: number;
    readonly total: number;
    readonly active: number;
    readonly waiting: number;
  };
  readonly suppressed: { readonly count: number; readonly what: string };
}

interface GarbageCollection {
  readonly number: number;
  readonly beforeBytes: number;
  readonly afterBytes: number;
  readonly totalBytes: number;
  readonly pauseMs: number;
}

interface LockWait {
  readonly table: string;
  /** `ShareLock`, `AccessExclusiveLock`. */
  readonly mode: string;
  readonly waitedMs: number;
  /** Processes that wait, the asker included. */
  readonly waiting: number;
  readonly statement: string;
}

interface Partition {
  readonly topic: string;
  readonly partition: number;
}

export type LifecycleKind = keyof LifecycleParams;

export type LifecycleWords = {
  readonly [K in LifecycleKind]: (
    params: LifecycleParams[K],
    context: LineContext,
    runtime: Runtime,
  ) => LifecycleLine;
};

const { info, warn, error, fatal } = severityNumbers;

export const commonWords: LifecycleWords = {
  ...platformWords,
  started: ({ version, tookMs }, { service }) =>
    say(info, `${service} ${version} started in ${seconds(tookMs)}s, listening on :8080`),
  stopping: ({ inFlight }) => say(info, `received SIGTERM, draining ${inFlight} requests`),
  'start-failed': ({ callee, reason, retryMs }) =>
    say(error, `${callee} is not available at startup, next attempt in ${retryMs}ms: ${reason}`),
  'config-loaded': ({ revision }) => say(info, `configuration ${revision} loaded`),
  'config-failed': ({ revision, reason }) =>
    say(error, `cannot apply configuration ${revision}: ${reason}`),
  flag: ({ flag, on }) => say(info, `feature flag ${flag} is now ${on ? 'on' : 'off'}`),
  'certificate-loaded': ({ certificateEnd }) =>
    say(info, `certificate loaded, valid until ${certificateEnd}`),
  'gc-pause': ({ number, pauseMs }) =>
    say(info, `memory reclaimed, cycle ${number}, paused ${pauseMs.toFixed(1)}ms`),
  'long-gc': ({ number, pauseMs }) =>
    say(warn, `memory reclaimed, cycle ${number}, paused ${pauseMs.toFixed(1)}ms`),
  'heap-exhausted': ({ limitBytes }) =>
    say(fatal, `out of memory: limit ${mebibytes(limitBytes)} MiB`),
  'lock-wait': ({ table, waitedMs }) =>
    say(warn, `still waiting for lock of ${table} after ${Math.round(waitedMs)}ms`),
  'lock-acquired': ({ table, waitedMs }) =>
    say(info, `acquired lock of ${table} after ${Math.round(waitedMs)}ms`),
  checkpoint: ({ buffers, writeMs }) =>
    say(info, `snapshot written: ${buffers} pages in ${seconds(writeMs)}s`),
  'replica-lag': ({ lagMs, primary }) => say(warn, `${seconds(lagMs)}s behind ${primary}`),
  'slow-statement': ({ ms, table }) => say(warn, `slow operation on ${table}: ${ms.toFixed(1)}ms`),
  'consumer-lag': ({ group, topic, partition, lag }) =>
    say(info, `consumer group ${group} is ${lag} messages behind on ${topic}-${partition}`),
  rebalance: ({ group, generation, members }) =>
    say(info, `consumer group ${group} rebalanced: generation ${generation}, ${members} members`),
  poison: ({ topic, partition, offset, attempt }) =>
    say(
      error,
      `cannot handle message ${topic}-${partition}@${offset}, attempt ${attempt}: unexpected end of input`,
    ),
  'dead-letter': ({ topic, partition, offset, attempts }) =>
    say(
      warn,
      `moved message ${topic}-${partition}@${offset} to ${topic}.dlq after ${attempts} attempts`,
    ),
  'breaker-opened': ({ callee, failureShare, calls }) =>
    say(
      warn,
      `circuit breaker ${callee} opened: ${percent(failureShare)}% of ${calls} calls failed`,
    ),
  'breaker-closed': ({ callee }) => say(info, `circuit breaker ${callee} closed`),
  'disk-full': ({ path }) => say(error, `cannot write to ${path}: no space left on device`),
  'cache-flushed': ({ cache, keys }) => say(info, `cache ${cache} cleared, ${keys} keys dropped`),
  'upstream-ejected': ({ callee, address }) =>
    say(warn, `${callee}: ${address} marked unhealthy, taken out of rotation`),
  'upstream-restored': ({ callee, address }) =>
    say(info, `${callee}: ${address} healthy again, back in rotation`),
  retrying: ({ attempt, attempts, pauseMs, reason }) =>
    say(warn, `attempt ${attempt} of ${attempts} failed, retrying in ${pauseMs}ms: ${reason}`),
  'lease-late': ({ pool, waitMs, total, active, waiting }) =>
    say(
      warn,
      `${pool}: connection acquired after ${waitMs}ms (total=${total}, active=${active}, waiting=${waiting})`,
    ),
  suppressed: ({ count, what }) => say(warn, `suppressed ${count} similar messages (${what})`),
};

export function say(severity: number, message: string, logger?: string): LifecycleLine {
  return logger === undefined ? { severity, message } : { severity, message, logger };
}

export function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

export function percent(share: number): string {
  return (share * 100).toFixed(1);
}

export function mebibytes(bytes: number): number {
  return Math.round(bytes / 1_048_576);
}
