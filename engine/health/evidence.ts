/**
 * How sure it is that a service fails more requests than its limit. One window of few requests says
 * little, so windows add up (a CUSUM): each adds what it says against the limit or takes away what it
 * says for it, and a bound at both ends keeps the past from outweighing what happens now.
 */
import { healthPolicy as policy } from './policy.ts';

export interface FailedShare {
  readonly share: number;
  readonly limit: number;
  /** Requests that the share stands for; null where nobody counts them. */
  readonly requests: number | null;
}

/** The evidence after one more window, in natural powers: 0 is none, `sureness` is enough. */
export function addEvidence(before: number, window: FailedShare): number {
  const { share, limit, requests } = window;
  const isAbove = share >= limit;
  if (requests === null) return isAbove ? policy.sureness : 0;
  const found = isAbove ? Math.min(mostOf(requests), weightOf(window)) : -weightOf(window);
  return Math.min(policy.sureness, Math.max(0, before + found));
}

export function isSure(evidence: number): boolean {
  return evidence >= policy.sureness;
}

/** However high the share, a few requests do not decide alone: they fail together too often. */
function mostOf(requests: number): number {
  return policy.sureness * Math.min(1, requests / policy.requestsMin);
}

/**
 * Could as many of so few requests fail by chance, were `limit` the true share? Chernoff's bound on
 * the binomial tail says how unlikely that is, on either side of the limit.
 */
function weightOf({ share, limit, requests }: FailedShare): number {
  const term = (a: number, b: number) => (a > 0 ? a * Math.log(a / Math.max(b, 1e-9)) : 0);
  return (requests ?? 0) * Math.max(0, term(share, limit) + term(1 - share, 1 - limit));
}
