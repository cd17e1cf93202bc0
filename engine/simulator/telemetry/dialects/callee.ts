/** How a caller writes whom it called. */
import { Outcome } from '../../requests.ts';
import type { Failure } from './dialect.ts';

const ports: Readonly<Record<string, number>> = {
  database: 5432,
  cache: 6379,
  queue: 9092,
  external: 443,
};

export function portOf({ calleeKind }: Failure): number {
  return ports[calleeKind] ?? 8080;
}

/** `10.8.3.4:5432`, or the name where no address is known: DNS did not tell one. */
export function addressOf(failure: Failure): string {
  const { calleeAddress, callee, outcome } = failure;
  if (outcome === Outcome.dns) return hostOf(failure);
  if (calleeAddress.includes(':')) return calleeAddress;
  return `${calleeAddress || callee}:${portOf(failure)}`;
}

/** `payments:8080` */
export function hostOf(failure: Failure): string {
  return `${failure.callee}:${portOf(failure)}`;
}

/** `http://payments:8080/charge`; encrypted where the certificate matters. */
export function urlOf({ callee, path, calleeKind, outcome }: Failure): string {
  if (calleeKind === 'external') return `https://${callee}${path}`;
  return outcome === Outcome.tls ? `https://${callee}:8443${path}` : `http://${callee}:8080${path}`;
}

/** Whole milliseconds that the caller waited. */
export function waitedMs({ elapsedMs }: Failure): number {
  return Math.round(elapsedMs);
}
