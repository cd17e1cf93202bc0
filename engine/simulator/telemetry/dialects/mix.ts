/** Details of a line follow from bits that it already has, so that writing a line draws nothing. */

/** 32 bits, unsigned, that follow from `bits` and a number that tells one use of them from another. */
export function mix(bits: number, use: number): number {
  let h = Math.imul(bits ^ Math.imul(use, 0x9e3779b1), 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** One of a list; the first ones far more often where `skewed`. */
export function pick<T>(list: readonly T[], bits: number, skewed = false): T {
  const share = (bits >>> 0) / 4294967296;
  return list[Math.floor((skewed ? share * share * share : share) * list.length)] as T;
}
