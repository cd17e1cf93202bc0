/** Monotone growth: Mann–Kendall says whether, Theil–Sen how fast. Both are robust to odd values. */
import type { SampleFact } from './facts.ts';

export interface Trend {
  /** Kendall's tau, −1…1. */
  readonly tau: number;
  /** Standard score of Mann–Kendall's S, corrected for ties. */
  readonly z: number;
  /** Units per µs. */
  readonly slope: number;
}

/** Pairs grow with the square: 120 points are 7,140 pairs, under a millisecond. */
const pointsMax = 120;

/** The trend of samples in order of time; null for fewer than eight. */
export function trendOf(samples: readonly SampleFact[]): Trend | null {
  const points = thinned(samples);
  const n = points.length;
  if (n < 8) return null;
  let s = 0;
  const slopes: number[] = [];
  points.forEach((a, i) => {
    for (const b of points.slice(i + 1)) {
      s += Math.sign(b.value - a.value);
      if (b.t > a.t) slopes.push((b.value - a.value) / (b.t - a.t));
    }
  });
  slopes.sort((a, b) => a - b);
  const variance = (n * (n - 1) * (2 * n + 5) - tieTerm(points)) / 18;
  const z = variance > 0 && s !== 0 ? (s - Math.sign(s)) / Math.sqrt(variance) : 0;
  return { tau: s / ((n * (n - 1)) / 2), z, slope: slopes[slopes.length >> 1] ?? 0 };
}

/** Largest single step up as a share of the whole growth: 1 for a jump, small for a slow rise. */
export function jumpShare(samples: readonly SampleFact[]): number {
  const points = thinned(samples);
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last || last.value <= first.value) return 1;
  let largest = 0;
  points.forEach((point, i) => {
    const next = points[i + 1];
    if (next) largest = Math.max(largest, next.value - point.value);
  });
  return Math.min(1, largest / (last.value - first.value));
}

/** Evenly chosen points, always with the last one. */
function thinned(samples: readonly SampleFact[]): readonly SampleFact[] {
  if (samples.length <= pointsMax) return samples;
  const step = samples.length / pointsMax;
  return Array.from({ length: pointsMax }, (_, i) => {
    return samples[samples.length - 1 - Math.floor((pointsMax - 1 - i) * step)];
  }).filter((sample) => sample !== undefined);
}

function tieTerm(points: readonly SampleFact[]): number {
  const counts = new Map<number, number>();
  for (const { value } of points) counts.set(value, (counts.get(value) ?? 0) + 1);
  let sum = 0;
  for (const c of counts.values()) sum += c * (c - 1) * (2 * c + 5);
  return sum;
}
