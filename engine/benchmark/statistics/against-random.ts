/**
 * Whether a detector differs from one that rolls dice. If it did not, its score of a scenario could
 * as well be that of any of the random detector's seeds: so one of them is drawn for each scenario,
 * many times, and what was seen is held against what comes out.
 */
import { significance } from './compare.ts';
import type { RandomFraction } from './shuffle.ts';

export interface RandomVerdict {
  /** Mean of the detector's minus the seeds' mean score; null where there is nothing to compare. */
  readonly difference: number | null;
  /** Two-sided. */
  readonly p: number;
  /** `alike` is what the badge "not distinguishable from random" says. */
  readonly verdict: 'better' | 'alike' | 'worse';
}

export interface AgainstRandom {
  /** Per scenario; null where there is nothing to score. */
  readonly own: readonly (number | null)[];
  /** Per seed of the random detector, per scenario. */
  readonly seeds: readonly (readonly (number | null)[])[];
}

const rounds = 10_000;

export function againstRandom(
  { own, seeds }: AgainstRandom,
  random: RandomFraction,
): RandomVerdict {
  const scenarios = own.flatMap((score, i) => {
    const others = seeds.map((scores) => scores[i] ?? null).filter((other) => other !== null);
    return score === null || others.length === 0 ? [] : [[score, ...others]];
  });
  if (scenarios.length === 0) return { difference: null, p: 1, verdict: 'alike' };
  const seen = sumOf(scenarios, () => 0);
  const size = scenarios.flat().reduce((sum, score) => sum + Math.abs(score), 0);
  const rounding = size * 1e-12;
  let asHigh = 1;
  let asLow = 1;
  for (let round = 0; round < rounds; round++) {
    const drawn = sumOf(scenarios, (count) => Math.floor(random() * count));
    asHigh += Number(drawn >= seen - rounding);
    asLow += Number(drawn <= seen + rounding);
  }
  const p = Math.min(1, (2 * Math.min(asHigh, asLow)) / (rounds + 1));
  const difference = differenceOf(scenarios);
  const verdict = p >= significance ? 'alike' : difference > 0 ? 'better' : 'worse';
  return { difference, p, verdict };
}

function sumOf(scenarios: readonly (readonly number[])[], pick: (count: number) => number): number {
  return scenarios.reduce((sum, scores) => sum + (scores[pick(scores.length)] as number), 0);
}

function differenceOf(scenarios: readonly (readonly number[])[]): number {
  const differences = scenarios.map(([own = 0, ...others]) => {
    return own - others.reduce((sum, other) => sum + other, 0) / others.length;
  });
  return differences.reduce((sum, difference) => sum + difference, 0) / differences.length;
}
