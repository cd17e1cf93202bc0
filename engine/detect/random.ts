/** Seeded streams for `context.random` and the hash that spreads subjects over shards. */

/** FNV-1a over UTF-16 units: the same on every machine, an unsigned 32-bit integer. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  // FNV's low bits are poor and a shard is chosen by remainder, so mix once (murmur3's finaliser).
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A stream whose whole state is one integer (mulberry32), so a snapshot holds it. */
export interface RandomStream {
  state: number;
}

export function randomStream(seed: number, name: string): RandomStream {
  return { state: hashOf(`${seed}\0${name}`) };
}

/** The next number of the stream, uniform in [0, 1). */
export function nextRandom(stream: RandomStream): number {
  stream.state = (stream.state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(stream.state ^ (stream.state >>> 15), 1 | stream.state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
}
