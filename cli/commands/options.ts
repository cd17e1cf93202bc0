/** Values of flags that several commands share. A bad one is a usage error that names what is allowed. */
import { InvalidArgumentError } from 'commander';
import { speedMax, speedMin, type Speed } from '../../engine/replay/speed.ts';

export function parseSpeed(text: string): Speed {
  if (text === 'max') return 'max';
  const speed = Number(text.replace(/[x×]$/, ''));
  if (text.trim() !== '' && speed >= speedMin && speed <= speedMax) return speed;
  throw new InvalidArgumentError(`allowed: ${speedMin} to ${speedMax}, or max.`);
}

export function parseWhole(text: string): number {
  const n = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(n)) return n;
  throw new InvalidArgumentError('allowed: a whole number.');
}

export function parsePort(text: string): number {
  const port = parseWhole(text);
  if (port <= 65_535) return port;
  throw new InvalidArgumentError('allowed: 0 to 65535.');
}

/** For a flag that may be repeated. */
export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
