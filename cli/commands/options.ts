/** Values of flags that several commands share. A bad one is a usage error that names what is allowed. */
import { InvalidArgumentError, Option } from 'commander';
import { limits } from '../../engine/limits.ts';
import { parseMoment } from '../../engine/moment.ts';
import { speedMax, speedMin, type Speed } from '../../engine/replay/speed.ts';
import type { Micros } from '../../engine/sdk/index.ts';

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

export function parseWorkers(text: string): number {
  const workers = parseWhole(text);
  if (workers >= 1 && workers <= limits.workersMax) return workers;
  throw new InvalidArgumentError(`allowed: 1 to ${limits.workersMax}.`);
}

export function parsePort(text: string): number {
  const port = parseWhole(text);
  if (port <= 65_535) return port;
  throw new InvalidArgumentError('allowed: 0 to 65535.');
}

export function parseAt(text: string): Micros {
  const t = parseMoment(text);
  if (t !== null) return t;
  throw new InvalidArgumentError('allowed: a moment as T+12:30, 12:30 or 12m30s.');
}

export interface DetectorFlag {
  /** Name of a bundled detector, or a file. */
  readonly id: string;
  /** Values as they were typed; the detector's own schema says what they mean. */
  readonly config: Readonly<Record<string, string>>;
}

/** `zscore`, `./mine.ts`, `zscore:limit=8,memory=300`; the flag may be repeated. */
export function collectDetector(
  text: string,
  before: readonly DetectorFlag[],
): readonly DetectorFlag[] {
  if (text === '') throw new InvalidArgumentError('allowed: a name or a file.');
  // A file may hold colons; options begin at the first one that a name and a = follow.
  const [, id = text, list] = /^(.+?):([A-Za-z_]\w*=.*)$/s.exec(text) ?? [];
  if (list === undefined) {
    const stray = /^([a-z][a-z0-9-]*):(.*)$/s.exec(text);
    if (stray && stray[1] !== 'file') {
      throw new InvalidArgumentError(`options are name=value: ${stray[1]}:limit=8,other=2.`);
    }
    return [...before, { id, config: {} }];
  }
  const pairs = list.split(/,(?=[A-Za-z_]\w*=)/).map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return [...before, { id, config: Object.fromEntries(pairs) }];
}

/** `--trust`, `--trust sha256:…`; the flag may be repeated. */
export function trustOption(): Option {
  return new Option('--trust [hash]', "run this detector's code, or all that the command names")
    .argParser((value: string, before: readonly string[]) => {
      if (value === 'all' || /^sha256:[0-9a-f]{64}$/.test(value)) return [...before, value];
      throw new InvalidArgumentError('allowed: nothing, or sha256: and 64 digits.');
    })
    .default([], 'ask');
}

/** For a flag that may be repeated. */
export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
