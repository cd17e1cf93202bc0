/** Random orders and halves. The randomness comes from `engine/replay/random.ts`, as an argument. */

/** Uniform in [0, 1). */
export type RandomFraction = () => number;

/** 0 … count - 1 in random order: Fisher and Yates. */
export function shuffledIndexes(count: number, random: RandomFraction): readonly number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}

export interface Halves {
  /** Indexes, ascending: parameters and thresholds come from these. */
  readonly fit: readonly number[];
  /** The others: these give the score. One more than `fit` where the count is odd. */
  readonly hold: readonly number[];
}

/** Swap the two for the other direction. */
export function randomHalves(count: number, random: RandomFraction): Halves {
  const order = shuffledIndexes(count, random);
  const ascending = (part: readonly number[]) => [...part].sort((a, b) => a - b);
  const cut = count >> 1;
  return { fit: ascending(order.slice(0, cut)), hold: ascending(order.slice(cut)) };
}
