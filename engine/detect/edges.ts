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
  /** Service of each span seen lately. */
  #seen = new Map<string, number>();
  /** Children by the span they wait for, oldest parents first, and how many they are. */
  #waiting = new Map<string, Waiting[]>();
  #children = 0;

  /** The calls between services that this span completes. */
  resolve(span: Span, service: number): Call[] {
    const own = `${span.traceId}/${span.spanId}`;
    const calls = this.#takeChildren(own)
      .filter((child) => child.service !== service)
      .map((child): Call => ({ span: child.span, caller: service, callee: child.service }));
    this.#remember(own, service);
    if (span.parentId === '') return calls;
    const parent = `${span.traceId}/${span.parentId}`;
    const caller = this.#seen.get(parent);
    if (caller === undefined) this.#wait(parent, { span, service });
    else if (caller !== service) calls.push({ span, caller, callee: service });
    return calls;
  }

  snapshot(): EdgeSnapshot {
    const waiting = [...this.#waiting].map(([parent, list]) => [parent, [...list]] as const);
    return { seen: [...this.#seen], waiting };
  }

  restore({ seen, waiting }: EdgeSnapshot): void {
    this.#seen = new Map(seen);
    this.#waiting = new Map(waiting.map(([parent, list]) => [parent, [...list]]));
    this.#children = waiting.reduce((sum, [, list]) => sum + list.length, 0);
  }

  #takeChildren(parent: string): readonly Waiting[] {
    const children = this.#waiting.get(parent) ?? [];
    this.#waiting.delete(parent);
    this.#children -= children.length;
    return children;
  }

  #wait(parent: string, child: Waiting): void {
    const siblings = this.#waiting.get(parent);
    if (siblings) siblings.push(child);
    else this.#waiting.set(parent, [child]);
    this.#children++;
    while (this.#children > limits.spansWaitingMax) {
      const [oldest] = this.#waiting.keys();
      if (oldest === undefined) return;
      this.#takeChildren(oldest);
    }
  }

  #remember(span: string, service: number): void {
    this.#seen.set(span, service);
    if (this.#seen.size <= limits.spansWaitingMax) return;
    const [oldest] = this.#seen.keys();
    if (oldest !== undefined) this.#seen.delete(oldest);
  }
}

export interface EdgeSnapshot {
  readonly seen: readonly (readonly [string, number])[];
  readonly waiting: readonly (readonly [string, readonly Waiting[]])[];
}
