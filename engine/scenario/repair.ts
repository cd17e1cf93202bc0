/**
 * A copy of a scenario with its mistakes of shape taken out, only to look for mistakes of meaning
 * in the rest. It is never run.
 */
import type { ErrorObject } from 'ajv/dist/2020.js';
import { similarName } from '../similar.ts';
import { knownKeys, knownTags, pathOf } from './explain.ts';
import type { UnitKind } from './units.ts';
import type { Path } from './yaml-tree.ts';

type Container = Record<string | number, unknown>;

export interface Repaired {
  readonly value: unknown;
  readonly paths: readonly Path[];
}

/** The copy, and the places that were changed. What can't be repaired is left out, or wrong still. */
export function repair(root: unknown, errors: readonly ErrorObject[]): Repaired {
  const value: unknown = structuredClone(root);
  const paths: Path[] = [];
  for (const error of errors) {
    const path = pathOf(error.instancePath, root);
    const key = error.params['additionalProperty'] ?? error.params['missingProperty'];
    const full = typeof key === 'string' ? [...path, key] : path;
    const step = full.at(-1);
    const parent = containerAt(value, full.slice(0, -1));
    if (!parent || step === undefined) continue;
    paths.push(full);
    if (error.keyword === 'additionalProperties') rename(parent, String(step), error);
    else replace(parent, step, standIn(error, full));
  }
  return { value, paths };
}

/** Unions get the telling key that was probably meant; null where no guess can be made. */
export function guessTags(root: unknown, errors: readonly ErrorObject[]): Repaired | null {
  const value: unknown = structuredClone(root);
  const paths: Path[] = [];
  for (const error of errors) {
    if (error.keyword !== 'discriminator') continue;
    const path = pathOf(error.instancePath, root);
    const tag = String(error.params['tag']);
    const written: unknown = error.params['tagValue'];
    const union = containerAt(value, path);
    const guess = similarName(typeof written === 'string' ? written : '', knownTags(error));
    const meant = guess ?? (path.length === 0 ? kindOf(union) : null);
    if (!union || meant === null) continue;
    union[tag] = meant;
    paths.push([...path, tag]);
  }
  return paths.length > 0 ? { value, paths } : null;
}

function kindOf(file: Container | null): string {
  return file && 'sources' in file ? 'recorded' : 'simulated';
}

/** A misspelt key keeps its value under the key that was meant. */
function rename(parent: Container, key: string, error: ErrorObject): void {
  const meant = similarName(key, knownKeys(error));
  if (meant !== null && !(meant in parent)) parent[meant] = parent[key];
  Reflect.deleteProperty(parent, key);
}

function replace(parent: Container, step: string | number, stand: unknown): void {
  if (stand !== undefined) parent[step] = stand;
  else if (typeof step === 'string') Reflect.deleteProperty(parent, step);
}

function containerAt(root: unknown, path: Path): Container | null {
  let value = root;
  for (const step of path) value = (value as Container | null)?.[step];
  return typeof value === 'object' && value !== null ? (value as Container) : null;
}

const unitValues: Readonly<Record<UnitKind, string>> = {
  duration: '1s',
  'signed-duration': '1s',
  interval: '10s',
  rate: '1/s',
  share: '1%',
  instant: '2026-01-01T00:00:00Z',
  bytes: '1MiB',
  'bytes-rate': '1MiB/s',
};

/** A harmless value of the right shape, where the schema of the place says enough. */
function standIn(error: ErrorObject, path: Path): unknown {
  const schema =
    error.keyword === 'required'
      ? (error.parentSchema?.['properties'] as Readonly<Record<string, object>> | undefined)?.[
          String(path.at(-1))
        ]
      : error.parentSchema;
  const known: Readonly<Record<string, unknown>> = { ...schema };
  const unit = known['x-unit'] as UnitKind | undefined;
  // A run of any length: nothing is late in it.
  if (unit === 'duration' && path.length === 1) return '366d';
  if (unit) return unitValues[unit];
  if (Array.isArray(known['enum'])) return known['enum'][0];
  if (known['const'] !== undefined) return known['const'];
  if (known['minimum'] !== undefined) return known['minimum'];
  if (known['exclusiveMinimum'] !== undefined) return 1;
  // Nothing refers to the scenario's own name.
  if (path.length === 1 && path[0] === 'name') return 'unnamed';
  if (known['type'] === 'array' && known['minItems'] === undefined) return [];
  return undefined;
}
