/**
 * What is usual at this time of a period (a day, a week): the means of the same slot of the last few
 * periods and of its neighbours, and their median, which one bad day does not move. Slots are of
 * time, so points may come at any cadence, late, or not at all.
 */
import { medianOf } from './median.ts';

/** Microseconds of scenario time, as everywhere. */
export interface DayProfile {
  readonly slotUs: number;
  readonly slots: number;
  /** Periods that are remembered. */
  readonly keep: number;
  /** Slots before and behind that count as the same time. */
  readonly near: number;
  /** Per slot, its means of the last periods, oldest first. */
  readonly means: number[][];
  /** The slot at hand, counted from the start; -1 before the first value. */
  slot: number;
  sum: number;
  count: number;
  /** What is usual in it; null where too little is known. */
  expected: number | null;
}

export function dayProfile(given: {
  readonly periodUs: number;
  /** Slots are no shorter than this, nor than the distance of two points. */
  readonly slotUs: number;
  readonly cadenceUs: number;
  readonly keep: number;
  readonly near: number;
}): DayProfile {
  const { periodUs, keep, near } = given;
  const slots = Math.max(1, Math.floor(periodUs / Math.max(given.slotUs, given.cadenceUs)));
  const means = Array.from({ length: slots }, (): number[] => []);
  const slotUs = periodUs / slots;
  return { slotUs, slots, keep, near, means, slot: -1, sum: 0, count: 0, expected: null };
}

/** What is usual now, from earlier slots only: ask before `observeNow`. */
export function expectedNow(profile: DayProfile, now: number): number | null {
  const slot = Math.floor(now / profile.slotUs);
  if (slot !== profile.slot) open(profile, slot);
  return profile.expected;
}

export function observeNow(profile: DayProfile, value: number): void {
  profile.sum += value;
  profile.count += 1;
}

function open(profile: DayProfile, slot: number): void {
  if (profile.count > 0) {
    const means = profile.means[profile.slot % profile.slots];
    means?.push(profile.sum / profile.count);
    if (means && means.length > profile.keep) means.shift();
  }
  profile.slot = slot;
  profile.sum = 0;
  profile.count = 0;
  const known: number[] = [];
  for (let step = -profile.near; step <= profile.near; step++) {
    const at = (slot + step + profile.slots) % profile.slots;
    for (const mean of profile.means[at] ?? []) known.push(mean);
  }
  // As many as one period has: a single value of one neighbour says nothing.
  profile.expected = known.length > 2 * profile.near ? medianOf(known) : null;
}
