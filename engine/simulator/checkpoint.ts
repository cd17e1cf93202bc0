/**
 * Worlds as bytes. A run file keeps one for each minute: an outcome is computed from there, and a fork
 * shows by their hashes that its past is its parent's.
 */
import { createHash, type Hash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { limits } from '../limits.ts';
import type { World } from './world.ts';

export interface PackedWorld {
  /** SHA-256 of a canonical form: equal worlds, equal hashes. */
  readonly hash: string;
  readonly world: Uint8Array;
}

/**
 * Telemetry is left out: what has been told is not what the world does next.
 * @param inputsAtWork what people did that has an effect by now: until then nothing in the world, and none
 * of its records, tells that somebody decided something
 */
export function packWorld(world: World, inputsAtWork = world.inputs[0] as number): PackedWorld {
  const bare: World = { ...world, telemetry: null };
  const hash = createHash('sha256');
  addTo(hash, { ...bare, inputs: Int32Array.of(inputsAtWork) });
  // Tables are mostly zeros: the fastest level packs them tenfold.
  return { hash: hash.digest('hex'), world: deflateRawSync(serialize(bare), { level: 1 }) };
}

/**
 * The world of a packed one; with telemetry off.
 * @throws RangeError where it is larger than any that `packWorld` makes, and what zlib and V8 throw
 */
export function unpackWorld(packed: Uint8Array): World {
  const bytes = inflateRawSync(packed, { maxOutputLength: limits.worldBytesMax });
  return deserialize(bytes) as World;
}

/** Never over bytes of `v8.serialize`, which differ for equal values: keys in order, columns as they are. */
function addTo(hash: Hash, value: unknown): void {
  if (ArrayBuffer.isView(value)) {
    hash.update(`${value.constructor.name}${value.byteLength}:`);
    hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
      hash.update(`${key}=`);
      addTo(hash, member);
    }
  } else {
    hash.update(`${String(value)};`);
  }
}
