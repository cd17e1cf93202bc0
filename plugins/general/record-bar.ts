/**
 * How far something is beyond all that a series has shown lately: its ratio to the highest of the
 * last `memory` rows. In a series that stays as it is, the n-th value is a record with probability
 * 1/n, so records grow rare by themselves, whatever the unit and the distribution; no limit has to
 * be set for a series. What has not been seen for so long is news again.
 *
 * A record that fades little by little would do as well for old incidents, but every fading bar is
 * passed now and then by mere chance: six times as many alarms on quiet series were measured.
 */
export interface RecordBar {
  highest: number;
  /** What was held against it last, as a share of the highest. */
  share: number;
  /** The highest of each past part of the memory, oldest first, and of the part at hand. */
  peaks: number[];
  peak: number;
  partEndsAt: number;
  /** Row of the first value; -1 before. */
  first: number;
}

export interface BarRules {
  /** Rows for which a record stands. */
  readonly memory: number;
  /** Rows after which the bar is trusted by half: the first values are all records. */
  readonly youth: number;
}

export interface Held {
  readonly value: number;
  readonly row: number;
  /** So little that it is nothing. */
  readonly dust: number;
}

/** Into which the memory is cut: it forgets a part at a time. */
const parts = 10;

export function recordBar(): RecordBar {
  return { highest: 0, share: 0, peaks: [], peak: 0, partEndsAt: 0, first: -1 };
}

/** Above 1 where `value` is a record; then it raises the bar. */
export function heldAgainst(
  bar: RecordBar,
  { value, row, dust }: Held,
  { memory, youth }: BarRules,
): number {
  if (bar.first < 0) bar.first = row;
  if (row >= bar.partEndsAt) forgetPart(bar, row, memory);
  const age = row - bar.first;
  const isConstant = bar.highest <= dust;
  // Where nothing ever happened, the first thing is as strange as that was long.
  const ratio = isConstant ? age / youth : ((age / (age + youth)) * value) / (bar.highest + dust);
  bar.peak = Math.max(bar.peak, value);
  bar.highest = Math.max(bar.highest, value);
  bar.share = value > dust ? value / bar.highest : 0;
  return value > dust ? ratio : 0;
}

function forgetPart(bar: RecordBar, row: number, memory: number): void {
  bar.peaks = [...bar.peaks, bar.peak].slice(1 - parts);
  bar.peak = 0;
  bar.highest = Math.max(...bar.peaks);
  bar.partEndsAt = row + Math.ceil(memory / parts);
}
