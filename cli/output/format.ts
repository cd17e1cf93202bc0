/** Numbers and times as people read them. */
import type { Micros } from '../../engine/sdk/index.ts';

/** `30 min`, `49 h 5 min`, `12 s`. */
export function duration(us: Micros): string {
  const seconds = Math.round(us / 1e6);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest ? ` ${rest} min` : ''}`;
}

/** `12,412`. */
export function count(n: number): string {
  return n.toLocaleString('en-US');
}

/** `45 MB`, `812 kB`. */
export function bytes(n: number): string {
  if (n < 1e6) return `${Math.max(1, Math.round(n / 1e3))} kB`;
  return n < 1e9 ? `${(n / 1e6).toFixed(n < 1e7 ? 1 : 0)} MB` : `${(n / 1e9).toFixed(1)} GB`;
}

/** `146×`, `9.8×`. */
export function times(n: number): string {
  return `${n >= 10 ? count(Math.round(n)) : n.toFixed(n < 1 ? 2 : 1)}×`;
}

/** `1 incident`, `2 incidents`. */
export function plural(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? '' : 's'}`;
}
