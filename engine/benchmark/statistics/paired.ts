/** Whether two detectors differ on the same scenarios. All p-values are two-sided. */
import type { RandomFraction } from './shuffle.ts';

/** Differences that are not zero, up to which all signs are tried: 65,536 ways. */
const exactMax = 16;
const usualRounds = 10_000;

export interface PermutationOptions {
  readonly random: RandomFraction;
  /** Random signs tried, where there are too many to try all. */
  readonly rounds?: number;
}

/**
 * The sign-flip test of the mean difference (Fisher 1935): if the two were alike, each scenario's
 * difference could as well have the other sign. 1 where there is no difference at all.
 */
export function permutationTest(
  differences: readonly number[],
  { random, rounds = usualRounds }: PermutationOptions,
): number {
  // Those that are zero have no sign, and change no sum.
  const all = differences.filter((difference) => difference !== 0);
  if (all.length === 0) return 1;
  const size = all.reduce((sum, difference) => sum + Math.abs(difference), 0);
  // Sums that are equal but for the order of their terms are equal.
  const seen = Math.abs(signedSum(all, () => false)) - size * 1e-12;
  const isAsFar = (isFlipped: (i: number) => boolean): boolean =>
    Math.abs(signedSum(all, isFlipped)) >= seen;
  let asFar = 0;
  if (all.length <= exactMax) {
    const ways = 2 ** all.length;
    for (let signs = 0; signs < ways; signs++)
      asFar += Number(isAsFar((i) => (signs >> i) % 2 === 1));
    return asFar / ways;
  }
  for (let round = 0; round < rounds; round++) asFar += Number(isAsFar(() => random() < 0.5));
  // What was seen is one of the ways, too: a p-value is never 0.
  return (asFar + 1) / (rounds + 1);
}

/**
 * McNemar's exact test: of the cases that only one of the two got right, how one-sided are they?
 * 1 where there are none.
 */
export function mcnemarTest(a: readonly boolean[], b: readonly boolean[]): number {
  if (a.length !== b.length) throw new RangeError(`${a.length} cases and ${b.length}`);
  const onlyA = a.filter((right, i) => right && b[i] === false).length;
  const onlyB = b.filter((right, i) => right && a[i] === false).length;
  const count = onlyA + onlyB;
  let tail = 0;
  // Binomial probabilities as logarithms: 2^-count is no number for large ones.
  let logarithm = -count * Math.LN2;
  for (let i = 0; i <= Math.min(onlyA, onlyB); i++) {
    tail += Math.exp(logarithm);
    logarithm += Math.log((count - i) / (i + 1));
  }
  return Math.min(1, 2 * tail);
}

function signedSum(differences: readonly number[], isFlipped: (i: number) => boolean): number {
  return differences.reduce(
    (sum, difference, i) => sum + (isFlipped(i) ? -difference : difference),
    0,
  );
}
