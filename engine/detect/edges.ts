/**
 * Tells which call between services a span belongs to: a span whose parent ran in another service
 * is that service's call to ours. A parent usually ends after its children, so they wait for it;
 * both waiting lists are bounded, and a span whose parent never comes reaches no edge.
 */
import { limits } from '../limits.ts';
import type { Span } from '../sdk/index.ts';

interface Waiting {
  readonly span: Span;
  readonly service: number;
}

/** A span whose caller is known. */
export interface Call {
  readonly span: Span;
  readonly caller: number;
  readonly callee: number;
}

export class EdgeResolver {
  /** Service of each span seen lately, and children by the span they wait for. */
  #seen = new Map<string, number>();
  #waiting = new Map<string, Waiting[]>();

  /** The calls between services that this span completes. */
  resolve(span: Span, service: number): Call[] {
    const calls: Call[] = [];
    const own = `${span.traceId}/${span.spanId}`;
    const children = this.#waiting.get(own) ?? [];
    this.#waiting.delete(own);
    for (const child of children) {
      if (child.service === service) continue;
      calls.push({ span: child.span, caller: service, callee: child.service });
    }
    keep(this.#seen, own, service);
    if (span.parentId === '') return calls;
    const parent = `${span.traceId}/${span.parentId}`;
    const caller = this.#seen.get(parent);
    if (caller === undefined) {
      keep(this.#waiting, parent, [...(this.#waiting.get(parent) ?? []), { span, service }]);
    } else if (caller !== service) {
      calls.push({ span, caller, callee: service });
    }
    return calls;
  }

  snapshot(): EdgeSnapshot {
    return { seen: [...this.#seen], waiting: [...this.#waiting] };
  }

  restore(snapshot: EdgeSnapshot): void {
    this.#seen = new Map(snapshot.seen);
    this.#waiting = new Map(snapshot.waiting);
  }
}

export interface EdgeSnapshot {
  readonly seen: (readonly [string, number])[];
  readonly waiting: (readonly [string, Waiting[]])[];
}

/** Sets, and lets go of the oldest beyond the bound. */
function keep<V>(map: Map<string, V>, key: string, value: V): void {
  map.set(key, value);
  if (map.size <= limits.spansWaitingMax) return;
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}
