/**
 * Lengths to the second, so that a difference that is shown is the difference of what is shown: moments
 * are told in whole seconds that have passed, and lengths to the nearest one.
 */
import type { Micros } from '../../engine/sdk/index.ts';

/** `45s`, `25m20s`, `1h02m20s`. */
export function exactText(us: Micros): string {
  const seconds = wholeSeconds(us);
  const two = (n: number): string => String(n).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${seconds}s`;
  const rest = `${two(seconds % 60)}s`;
  if (minutes < 60) return `${minutes}m${rest}`;
  return `${Math.floor(minutes / 60)}h${two(minutes % 60)}m${rest}`;
}

/** Of two lengths as `exactText` tells them, µs. */
export function lengthApart(a: Micros, b: Micros): Micros {
  return (wholeSeconds(b) - wholeSeconds(a)) * secondUs;
}

/** Of two moments as `momentText` tells them, µs. */
export function momentsApart(a: Micros, b: Micros): Micros {
  return (Math.floor(b / secondUs) - Math.floor(a / secondUs)) * secondUs;
}

const secondUs = 1e6;

function wholeSeconds(us: Micros): number {
  return Math.round(us / secondUs);
}
