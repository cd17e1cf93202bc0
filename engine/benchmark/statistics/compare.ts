/**
 * A table of detectors that were scored on the same scenarios: means with intervals, each against
 * each, and ranks in which only significant differences count.
 */
import { bootstrapInterval, mean, type Interval } from './bootstrap.ts';
import { holmCorrection } from './correction.ts';
import { permutationTest } from './paired.ts';
import type { RandomFraction } from './shuffle.ts';

/** Of one detector: per scenario, in the order of all others; null where there is nothing to score. */
export interface ScenarioScores {
  readonly detector: string;
  readonly scores: readonly (number | null)[];
}

export interface RankedDetector {
  readonly detector: string;
  /** Over the scenarios that have a score. */
  readonly mean: number | null;
  readonly interval: Interval | null;
  /** 1 and the number of detectors that are significantly better. */
  readonly rank: number;
  readonly tiesWith: readonly string[];
}

export interface DetectorPair {
  readonly a: string;
  readonly b: string;
  /** Mean of a's minus b's score, over the scenarios that both have one for. */
  readonly difference: number | null;
  /** Of the difference. */
  readonly interval: Interval | null;
  readonly p: number;
  /** After Holm, over all pairs. */
  readonly correctedP: number;
  readonly better: string | null;
}

export interface Comparison {
  /** By mean, the best first; those without one last. */
  readonly detectors: readonly RankedDetector[];
  readonly pairs: readonly DetectorPair[];
}

/** Of a difference that counts. */
export const significance = 0.05;

/**
 * Higher scores are better. Each figure has a random stream of its own, so that one detector more
 * leaves the intervals and p-values of all others as they were: `(name) => randomFunction(seed, name)`.
 */
export function compareDetectors(
  all: readonly ScenarioScores[],
  randomOf: (name: string) => RandomFraction,
): Comparison {
  const pairs = decidePairs(
    all.flatMap((a, i) =>
      all.slice(i + 1).map((b) => comparePair(a, b, randomOf(`${a.detector} / ${b.detector}`))),
    ),
  );
  const detectors = all.map(({ detector, scores }): RankedDetector => {
    const known = scores.filter((score) => score !== null);
    const own = pairs.filter(({ a, b }) => a === detector || b === detector);
    const losses = own.filter(({ better }) => better !== null && better !== detector);
    const ties = own.filter(({ better }) => better === null);
    return {
      detector,
      mean: mean(known),
      interval: bootstrapInterval(known, mean, { random: randomOf(detector) }),
      rank: 1 + losses.length,
      tiesWith: ties.map(({ a, b }) => (a === detector ? b : a)),
    };
  });
  detectors.sort((a, b) => (b.mean ?? -Infinity) - (a.mean ?? -Infinity) || a.rank - b.rank);
  return { detectors, pairs };
}

export type Undecided = Omit<DetectorPair, 'correctedP' | 'better'>;

export function comparePair(
  a: ScenarioScores,
  b: ScenarioScores,
  random: RandomFraction,
): Undecided {
  if (a.scores.length !== b.scores.length) {
    throw new RangeError(`${a.detector} and ${b.detector} were not scored on the same scenarios`);
  }
  const differences = a.scores.flatMap((own, i) => {
    const other = b.scores[i] ?? null;
    return own === null || other === null ? [] : [difference(own, other)];
  });
  return {
    a: a.detector,
    b: b.detector,
    difference: mean(differences),
    interval: bootstrapInterval(differences, mean, { random }),
    p: permutationTest(differences, { random }),
  };
}

/** Scores that differ by the rounding of a sum are the same: ten such differences would be significant. */
function difference(a: number, b: number): number {
  return Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b)) ? 0 : a - b;
}

/** A tie unless both say otherwise: the corrected test, and an interval that leaves 0 out. */
export function decidePairs(pairs: readonly Undecided[]): readonly DetectorPair[] {
  const corrected = holmCorrection(pairs.map(({ p }) => p));
  return pairs.map((pair, i) => {
    const correctedP = corrected[i] ?? 1;
    const { interval, a, b } = pair;
    const excludesZero = interval !== null && (interval.low > 0 || interval.high < 0);
    const isDecided = correctedP < significance && excludesZero;
    return { ...pair, correctedP, better: isDecided ? ((pair.difference ?? 0) > 0 ? a : b) : null };
  });
}
