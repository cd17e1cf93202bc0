/** One measured bar, as it is printed: a JSON line on stdout. */
export interface Bar {
  readonly bar: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: string;
  /** What the value is measured against, in the same process or run. */
  readonly yardstick: string;
  readonly pass: boolean;
}

export type Emit = (bar: Bar) => void;
export type Log = (line: string) => void;

/** A bar that the value must reach. */
export function atLeast(
  name: string,
  value: number,
  limit: number,
  unit: string,
  yardstick: string,
): Bar {
  return { bar: name, value: rounded(value), limit, unit, yardstick, pass: value >= limit };
}

/** A bar that the value must not pass. */
export function atMost(
  name: string,
  value: number,
  limit: number,
  unit: string,
  yardstick: string,
): Bar {
  return { bar: name, value: rounded(value), limit, unit, yardstick, pass: value <= limit };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
