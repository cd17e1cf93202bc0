/** How traffic moves: over the day and the week, and in surges. */
import type { SurgeModel, TrafficModel } from '../scenario/model.ts';

export const shapes = ['steady', 'daily', 'weekly'] as const;
export type Shape = (typeof shapes)[number];

const dayUs = 86_400_000_000;
/** The day swings by this share around its mean, with the peak in the afternoon, UTC. */
const dailySwing = 0.6;
const dailyPeakUs = 15 * 3_600_000_000;
/** Days of a week from Thursday, the first of January 1970, with a mean of 1. */
const weekdays = [1.1, 1.1, 0.75, 0.7, 1.1, 1.15, 1.1];
const weekdayMax = Math.max(...weekdays);
/** Steps in which a surge is reached and left over its ramp. */
const rampSteps = 8;

/** Level of a shape at a moment, µs since the Unix epoch; its mean over a week is 1. */
export function levelAt(shape: Shape, unixUs: number): number {
  if (shape === 'steady') return 1;
  const angle = (((unixUs - dailyPeakUs) % dayUs) / dayUs) * 2 * Math.PI;
  const level = 1 + dailySwing * Math.cos(angle);
  if (shape === 'daily') return level;
  return level * (weekdays[Math.floor(unixUs / dayUs) % weekdays.length] as number);
}

/** How much faster than the mean candidates of a shape come: its highest level. */
export function peakOf(shape: Shape): number {
  if (shape === 'steady') return 1;
  return (1 + dailySwing) * (shape === 'weekly' ? weekdayMax : 1);
}

/** A step of a surge: the traffic entry's rate is multiplied by `factor` from `at` on. */
export interface SurgeStep {
  readonly entry: number;
  readonly at: number;
  readonly factor: number;
}

/** The steps of all surges; they are few, and the loop knows nothing of ramps. Surges at a time multiply. */
export function surgeSteps(traffic: readonly TrafficModel[]): SurgeStep[] {
  return traffic.flatMap(({ surges }, entry) => {
    const moments = [...new Set(surges.flatMap(turnsOf))].sort((a, b) => a - b);
    return moments.map((at) => ({
      entry,
      at,
      factor: surges.reduce((product, surge) => product * factorAt(surge, at), 1),
    }));
  });
}

/** Moments at which the factor of a surge changes. */
function turnsOf({ at, until, rampUs }: SurgeModel): number[] {
  const steps = rampUs > 0 ? rampSteps : 1;
  return Array.from({ length: steps }, (_, k) => k / steps).flatMap((part) => [
    Math.floor(at + rampUs * part),
    Math.floor(until - rampUs * part),
  ]);
}

/** Up in steps from `at`, down in steps until `until`; a short one turns before it is at its height. */
function factorAt({ at, until, factor, rampUs }: SurgeModel, now: number): number {
  if (now < at || now >= until) return 1;
  if (rampUs === 0) return factor;
  const up = Math.floor(((now - at) / rampUs) * rampSteps) + 1;
  const down = Math.ceil(((until - now) / rampUs) * rampSteps);
  return 1 + ((factor - 1) * Math.min(up, down, rampSteps)) / rampSteps;
}
