/**
 * Self time of server spans: their duration less the time in which a call of theirs was under way. Calls
 * are client spans of the same service, so what was waited for counts as waiting even where the callee
 * never answered. A parent ends after the calls that it waits for; what outlasts it, it did not wait for.
 */
import type { Span } from 'incident-workbench/sdk';

/** Calls by the span that made them, oldest first: starts and ends in turn, µs. */
export type Waits = Record<string, readonly number[]>;

export interface SelfTimes {
  readonly waits: Waits;
  /** Spans that wait for their parent, and whether one has ever met it. */
  waiting: number;
  hasCalls: boolean;
}

/** Traces that are cut off never bring the parent. */
const waitingMax = 512;
/** Calls of one span that are told apart. */
const callsMax = 64;

export function noSelfTimes(): SelfTimes {
  return { waits: {}, waiting: 0, hasCalls: false };
}

/** Self time of a server span, µs; null for others, which are remembered for their parent. */
export function selfTimeOf(times: SelfTimes, span: Span): number | null {
  const { t, durationUs, parentId, traceId, spanId } = span;
  const calls = take(times, keyOf(traceId, spanId));
  switch (kindOf(span)) {
    case 'client':
      wait(times, keyOf(traceId, parentId), [t - durationUs, t]);
      return null;
    case 'internal':
      // Work of the service itself; what it waited for, its parent waited for.
      if (calls.length > 0) wait(times, keyOf(traceId, parentId), calls);
      return null;
    case 'server':
      if (calls.length > 0) times.hasCalls = true;
      return durationUs - covered(calls, t - durationUs, t);
    case null:
      return null;
  }
}

function kindOf({ attributes }: Span): 'client' | 'internal' | 'server' | null {
  const stated = String(attributes['span.kind'] ?? '').toLowerCase();
  if (stated === 'producer') return 'client';
  if (stated === 'consumer') return 'server';
  return stated === 'client' || stated === 'internal' || stated === 'server' ? stated : null;
}

/** Never a number: those come first in an object, whenever they were added. */
function keyOf(traceId: string, spanId: string): string {
  return `${traceId}/${spanId}`;
}

function take(times: SelfTimes, key: string): readonly number[] {
  const calls = times.waits[key];
  if (calls === undefined) return [];
  Reflect.deleteProperty(times.waits, key);
  times.waiting--;
  return calls;
}

function wait(times: SelfTimes, key: string, calls: readonly number[]): void {
  const before = times.waits[key];
  if (before === undefined) times.waiting++;
  times.waits[key] = [...(before ?? []), ...calls].slice(0, 2 * callsMax);
  if (times.waiting <= waitingMax) return;
  for (const oldest in times.waits) {
    take(times, oldest);
    return;
  }
}

/** Length of the union of `calls` within [from, to). */
function covered(calls: readonly number[], from: number, to: number): number {
  const parts: (readonly [start: number, end: number])[] = [];
  for (let i = 0; i < calls.length; i += 2) {
    parts.push([Math.max(from, calls[i] ?? 0), Math.min(to, calls[i + 1] ?? 0)]);
  }
  let total = 0;
  let reached = from;
  for (const [start, end] of parts.sort((a, b) => a[0] - b[0])) {
    total += Math.max(0, end - Math.max(start, reached));
    reached = Math.max(reached, end);
  }
  return total;
}
