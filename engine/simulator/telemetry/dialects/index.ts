/** Logs of each runtime: form of a line, words for what went wrong, and what is said all the time. */
import type { Runtime } from '../../../scenario/model-services.ts';
import type {
  Dialect,
  Failure,
  FailureText,
  Line,
  LineContext,
  OwnFailure,
  Success,
  SuccessText,
  TraceOrigin,
} from './dialect.ts';
import { envoy } from './envoy.ts';
import { go } from './go.ts';
import { java } from './java.ts';
import { kafka } from './kafka.ts';
import {
  commonWords,
  type LifecycleKind,
  type LifecycleLine,
  type LifecycleParams,
  type LifecycleWords,
} from './lifecycle.ts';
import { nginx } from './nginx.ts';
import { node } from './node.ts';
import { postgres } from './postgres.ts';
import { python } from './python.ts';
import { redis } from './redis.ts';

export { accessLine, type Access } from './access.ts';
export { backgroundLines, backgroundMeanUs, type BackgroundLine } from './background/index.ts';
export { fillSlots } from './background/slots.ts';
export type {
  Failure,
  Fields,
  FailureText,
  Line,
  LineContext,
  OwnFailure,
  PoolUse,
  Success,
  SuccessText,
} from './dialect.ts';
export type { LifecycleKind, LifecycleLine, LifecycleParams } from './lifecycle.ts';

const dialects: Readonly<Record<Runtime, Dialect>> = {
  node,
  go,
  java,
  python,
  nginx,
  envoy,
  postgres,
  redis,
  kafka,
};

export function writeLine(runtime: Runtime, context: LineContext, line: Line): string {
  return dialects[runtime].write(context, line);
}

/** What a caller writes when an attempt fails, in the words of its client or driver. */
export function describeFailure(runtime: Runtime, failure: Failure): string {
  return dialects[runtime].failure(failure);
}

/** What a service writes when its own work failed. */
export function describeOwnFailure(runtime: Runtime, failure: OwnFailure): FailureText {
  return dialects[runtime].ownFailure(failure);
}

/** The stack below an error that came from a failed call; '' where a runtime shows none. */
export function stackTrace(runtime: Runtime, origin: TraceOrigin): string {
  return dialects[runtime].trace(origin);
}

export function describeSuccess(runtime: Runtime, success: Success): SuccessText {
  return dialects[runtime].success(success);
}

/** What is written about an event outside of requests, by the process or about it. */
export function describeLifecycle<K extends LifecycleKind>(
  runtime: Runtime,
  event: { readonly kind: K; readonly params: LifecycleParams[K] },
  context: LineContext,
): LifecycleLine {
  const own: Partial<LifecycleWords> = dialects[runtime].lifecycle;
  const say = own[event.kind] ?? commonWords[event.kind];
  return say(event.params, context, runtime);
}
