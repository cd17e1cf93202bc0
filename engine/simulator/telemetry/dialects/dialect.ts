/** What a runtime knows to say, and in which form it says it. */
import type { LifecycleWords } from './lifecycle.ts';

export interface LineContext {
  /** `2026-03-02T09:12:30.250Z`, by the clock of the instance. */
  readonly wall: string;
  readonly wallMs: number;
  readonly service: string;
  readonly instance: string;
  /** '' for a line outside of any request. */
  readonly traceId: string;
  /** 32 bits for thread numbers, process ids and the like. */
  readonly flavour: number;
  /** Host of the instance; lines of the kernel and of kubelet name it. */
  readonly node?: string;
}

export type Fields = readonly (readonly [name: string, value: string | number])[];

export interface Line {
  /** A number of OpenTelemetry. */
  readonly severity: number;
  readonly message: string;
  /** A dialect of plain text may leave them out. */
  readonly fields?: Fields;
  /** Part of the program that speaks; '' or none for its usual one. */
  readonly logger?: string;
  /** What hangs below the line, starting with the error itself: a trace, goroutines, a DETAIL. */
  readonly stack?: string;
}

/** An attempt at a call that failed, as the caller's client library knows it. */
export interface Failure {
  readonly outcome: number;
  /** Status of the answer, where there was one. */
  readonly status: number;
  readonly callee: string;
  readonly method: string;
  readonly path: string;
  readonly elapsedMs: number;
  /** `database`, `cache`, `queue`; any other kind is called over HTTP. */
  readonly calleeKind: string;
  /** `10.8.3.4`, with or without a port. */
  readonly calleeAddress: string;
  /** Pool of the caller, or ''. */
  readonly pool: string;
  /** What a store that answered with an error said was wrong, as an outcome; services do not tell. */
  readonly cause: number;
  /** The request's 32 bits, so that caller and store speak of the same error. */
  readonly flavour?: number;
  /** Clock of the caller, and end of the callee's certificate: `2026-03-02T09:12:30…`. */
  readonly wall?: string;
  readonly certificateEnd?: string;
  readonly dnsAnswer?: 'nxdomain' | 'servfail' | 'timeout';
  readonly poolUse?: PoolUse;
  /** What ran out at a store, and a store's own words for what is wrong. */
  readonly counter?: string;
  readonly max?: number;
  readonly message?: string;
}

export interface PoolUse {
  readonly total: number;
  readonly active: number;
  readonly waiting: number;
}

/** A request that failed by the service's own doing. */
export interface OwnFailure {
  readonly cause: number;
  readonly method: string;
  readonly path: string;
  readonly flavour: number;
  /** Table that it worked on, or ''. */
  readonly table: string;
  /** What ran out, and its last value; of a refusal, the length of the queue. */
  readonly counter: string;
  readonly max: number;
  /** '' for the runtime's usual words. */
  readonly message: string;
}

export interface FailureText {
  readonly message: string;
  /** '' where there is none. */
  readonly stack: string;
  readonly severity: number;
}

export interface Success {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly ms: number;
  readonly flavour: number;
  /** Table that a store worked on, or ''. */
  readonly table?: string;
}

export interface SuccessText {
  readonly message: string;
  readonly fields: Fields;
  readonly logger?: string;
}

export interface Dialect {
  readonly write: (context: LineContext, line: Line) => string;
  readonly failure: (failure: Failure) => string;
  readonly ownFailure: (failure: OwnFailure) => FailureText;
  readonly success: (success: Success) => SuccessText;
  /** The trace below an error that came from a call; '' where a runtime shows none. */
  readonly trace: (origin: TraceOrigin) => string;
  /** Events that it words other than most. */
  readonly lifecycle: Partial<LifecycleWords>;
}

export interface TraceOrigin {
  readonly path: string;
  readonly reason: string;
  readonly flavour: number;
}
