/** A series before and during: what is usual, and the extreme. Both are rows, so both can be cited. */
import type { Focus } from './focus.ts';
import type { RunFacts, SampleFact, SeriesFact } from './facts.ts';

export interface Reading {
  readonly series: SeriesFact;
  /** Row of the lower median before; null where too little was measured. */
  readonly usual: SampleFact | null;
  /** Median absolute deviation before. */
  readonly spread: number;
  /** In order of time. */
  readonly during: readonly SampleFact[];
}

const usualPointsMin = 3;
/** A point of a series slower than this stands for minutes: one of it is no blink. */
const slowCadenceUs = 60_000_000;

export function readSeries(facts: RunFacts, focus: Focus, series: SeriesFact): Reading {
  const before = facts.samples(series.id, focus.before);
  const usual = before.length >= usualPointsMin ? lowerMedian(before) : null;
  const deviations = usual === null ? [] : before.map((s) => Math.abs(s.value - usual.value));
  return {
    series,
    usual,
    spread: lowerMedian(deviations.map((value) => ({ t: 0, value })))?.value ?? 0,
    during: facts.samples(series.id, focus.span),
  };
}

/** The highest point during; the first of equals. */
export function highest(reading: Reading): SampleFact | null {
  return extreme(reading.during, (a, b) => a > b);
}

export function lowest(reading: Reading): SampleFact | null {
  return extreme(reading.during, (a, b) => a < b);
}

/** Enough points during satisfy the condition that it is not one odd value. */
export function isSustained(reading: Reading, isBeyond: (value: number) => boolean): boolean {
  const beyond = reading.during.filter((sample) => isBeyond(sample.value)).length;
  return beyond >= (reading.series.cadenceUs >= slowCadenceUs ? 1 : 2);
}

/** The row in the middle; of two middles the lower, so that it is always a row. */
export function lowerMedian(samples: readonly SampleFact[]): SampleFact | null {
  const sorted = [...samples].sort((a, b) => a.value - b.value || a.t - b.t);
  return sorted[(sorted.length - 1) >> 1] ?? null;
}

function extreme(
  samples: readonly SampleFact[],
  beats: (a: number, b: number) => boolean,
): SampleFact | null {
  let best: SampleFact | null = null;
  for (const sample of samples) if (best === null || beats(sample.value, best.value)) best = sample;
  return best;
}
