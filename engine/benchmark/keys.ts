/** What a cell depends on, as a key: the same key, the same result, on any machine and in any order. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoadedDetector } from '../detect/index.ts';
import type { BenchEntry, BenchItem } from './model.ts';

export function cellKey(
  engineVersion: string,
  {
    item,
    entry,
    seed,
  }: { readonly item: BenchItem; readonly entry: BenchEntry; readonly seed: number },
): string {
  return sha256(JSON.stringify([engineVersion, item.id, item.hash, entry.name, entry.hash, seed]));
}

/** Of the code of its detectors, their options and what it adds to the seed. */
export function entryHash(detectors: readonly LoadedDetector[], seedOffset: number): string {
  const parts = detectors.map(({ id, url, origin, config }) => [id, codeHash(url, origin), config]);
  return sha256(JSON.stringify([parts, seedOffset]));
}

/**
 * A bundled detector is its folder, and the one that all may import from; a file of somebody's is
 * itself, whatever it imports.
 */
function codeHash(url: string, origin: LoadedDetector['origin']): string {
  const file = fileURLToPath(url);
  if (origin === 'file') return sha256(readFileSync(file));
  const hash = createHash('sha256');
  for (const folder of [dirname(file), join(dirname(file), '..', 'shared')]) {
    for (const name of readdirSync(folder).sort()) {
      if (name.endsWith('.js')) hash.update(name).update(readFileSync(join(folder, name)));
    }
  }
  return hash.digest('hex');
}

export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}
