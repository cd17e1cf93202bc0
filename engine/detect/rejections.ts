/** Findings that were not taken, counted by detector and reason. */
import { limits } from '../limits.ts';
import type { Rejection } from './protocol.ts';

export class Rejections<R extends Rejection = Rejection> {
  readonly #byDetector = new Map<string, Map<string, R>>();

  add(rejection: R): void {
    const { detector, reason, count } = rejection;
    const known = this.#byDetector.get(detector) ?? new Map<string, R>();
    this.#byDetector.set(detector, known);
    // A reason may hold what was given. Beyond the bound the first stands for the rest: counts stay right.
    const [first = reason] = known.keys();
    const key = known.has(reason) || known.size < limits.rejectionReasonsMax ? reason : first;
    const before = known.get(key);
    known.set(key, before ? { ...before, count: before.count + count } : rejection);
  }

  /** Everything since the last time. */
  take(): R[] {
    const taken = [...this.#byDetector.values()].flatMap((known) => [...known.values()]);
    this.#byDetector.clear();
    return taken;
  }
}
