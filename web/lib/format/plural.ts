import { formatCount } from './figure.ts';

/** `1 incident`, `3 incidents`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
