/** How a caller writes whom it called. */
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

/** `10.8.3.4:5432`, or the name where no address is known. */
export function addressOf(failure: Failure): string {
  const { calleeAddress, callee } = failure;
  if (calleeAddress.includes(':')) return calleeAddress;
  return `${calleeAddress || callee}:${portOf(failure)}`;
}

/** `payments:8080` */
export function hostOf(failure: Failure): string {
  return `${failure.callee}:${portOf(failure)}`;
}

/** `http://payments:8080/charge` */
export function urlOf(failure: Failure): string {
  const { callee, path, calleeKind } = failure;
  return calleeKind === 'external' ? `https://${callee}${path}` : `http://${callee}:8080${path}`;
}

/** Whole milliseconds that the caller waited. */
export function waitedMs({ elapsedMs }: Failure): number {
  return Math.round(elapsedMs);
}
