/**
 * How far something is beyond all that a series has shown before: its ratio to the highest so far.
 * In a series that stays as it is, the n-th value is a record with probability 1/n, so records grow
 * rare by themselves, whatever the unit and the distribution; no limit has to be set for a series.
 */
export interface RecordBar {
  highest: number;
  /** Row of the first value, and of the last one that was held against the bar; -1 before. */
  first: number;
  last: number;
}

export interface BarRules {
  /** Rows after which a record has faded to a third: what has not come back is news again. */
  readonly memory: number;
  /** Rows after which the bar is trusted by half: the first values are all records. */
  readonly youth: number;
}

/** A record of less than a thousandth of the spread is dust. */
const dust = 1e-3;

export function recordBar(): RecordBar {
  return { highest: 0, first: -1, last: -1 };
}

/** Above 1 where `value` is a record; then it raises the bar. */
export function heldAgainst(
  bar: RecordBar,
  value: number,
  row: number,
  { memory, youth }: BarRules,
): number {
  if (bar.first < 0) {
    // Before anything has happened there is nothing to be beyond of.
    if (value > 0) Object.assign(bar, { highest: value, first: row, last: row });
    return 0;
  }
  const age = row - bar.first;
  const trust = age / (age + youth);
  bar.highest *= Math.exp((bar.last - row) / memory);
  bar.last = row;
  const ratio = (trust * value) / (bar.highest + dust);
  bar.highest = Math.max(bar.highest, value);
  return ratio;
}
