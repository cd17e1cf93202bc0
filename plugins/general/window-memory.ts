/**
 * How unlike all earlier windows of a series the last one is, whatever the order of its values: the
 * distance of their sorted values (Wasserstein's, between the two distributions) to the nearest
 * window before. What has happened once is known from then on.
 *
 * Of the past only windows are kept that were unlike those kept before ("leader" clustering,
 * Hartigan, Clustering Algorithms, 1975, chapter 3), and at most `patternsMax`: memory is bounded,
 * and a series that repeats itself costs a handful of comparisons.
 */
export interface WindowMemory {
  readonly rows: number;
  /** Means of the sorted values in this many parts describe a window. */
  readonly parts: number;
  /** The last values, a ring, and the same values in ascending order. */
  readonly ring: number[];
  readonly sorted: number[];
  next: number;
  seen: number;
  /** Kept windows, `parts` numbers each; the oldest is replaced when there are too many. */
  readonly patterns: number[];
  oldest: number;
  /** Windows that still overlap with the last one, oldest first, and when they ended. */
  readonly waiting: number[][];
  readonly waitingSince: number[];
  /** Where the nearest was found last: it is likely to be the nearest again. */
  hint: number;
}

const patternsMax = 128;
/** A window is kept if it is further from all others than this share of the furthest ever. */
const novelShare = 0.3;
/** How finely windows are kept and compared: parts of their length. */
const keptPerWindow = 8;
const comparedPerWindow = 32;

export function windowMemory(rows: number): WindowMemory {
  return {
    rows,
    parts: Math.min(12, rows),
    ring: [],
    sorted: [],
    next: 0,
    seen: 0,
    patterns: [],
    oldest: 0,
    waiting: [],
    waitingSince: [],
    hint: 0,
  };
}

/**
 * The distance of the window that ends with `value`, in units of the values; null where there is
 * nothing to say now. `furthest` is the largest distance so far.
 */
export function distanceFromPast(
  memory: WindowMemory,
  value: number,
  furthest: number,
): number | null {
  if (!push(memory, value)) return null;
  const { rows, seen } = memory;
  const isKept = seen % Math.max(1, rows / keptPerWindow) === 0;
  const isCompared = seen % Math.max(1, rows / comparedPerWindow) === 0;
  if (!isCompared) return null;
  keepWaiting(memory, novelShare * furthest * memory.parts);
  const window = described(memory);
  const distance = nearest(memory, window);
  if (isKept) {
    memory.waiting.push(window);
    memory.waitingSince.push(seen);
  }
  return distance === Infinity ? null : distance / memory.parts;
}

/** Whether there are enough values for a window. */
function push(memory: WindowMemory, value: number): boolean {
  const { ring, sorted, rows } = memory;
  memory.seen += 1;
  if (ring.length < rows) {
    ring.push(value);
  } else {
    sorted.splice(placeOf(sorted, ring[memory.next] as number), 1);
    ring[memory.next] = value;
    memory.next = (memory.next + 1) % rows;
  }
  sorted.splice(placeOf(sorted, value), 0, value);
  return ring.length === rows;
}

/** Of the first value that is not below. */
function placeOf(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function described({ sorted, rows, parts }: WindowMemory): number[] {
  const window: number[] = [];
  let from = 0;
  for (let part = 1; part <= parts; part++) {
    const to = Math.floor((part * rows) / parts);
    let sum = 0;
    for (let i = from; i < to; i++) sum += sorted[i] as number;
    window.push(sum / (to - from));
    from = to;
  }
  return window;
}

/** Windows that no longer overlap with the last one become part of the past, if they are unlike it. */
function keepWaiting(memory: WindowMemory, novelty: number): void {
  const { waiting, waitingSince, patterns, parts } = memory;
  while ((waitingSince[0] ?? Infinity) <= memory.seen - memory.rows) {
    waitingSince.shift();
    const window = waiting.shift() ?? [];
    const { hint } = memory;
    const isKnown = nearest(memory, window) < novelty;
    memory.hint = hint;
    if (isKnown) continue;
    if (patterns.length < patternsMax * parts) {
      patterns.push(...window);
      continue;
    }
    for (let part = 0; part < parts; part++) {
      patterns[memory.oldest * parts + part] = window[part] as number;
    }
    memory.oldest = (memory.oldest + 1) % patternsMax;
  }
}

/** The sum of the parts' distances to the nearest kept window; infinite where there is none. */
function nearest(memory: WindowMemory, window: readonly number[]): number {
  const { patterns, parts } = memory;
  const kept = patterns.length / parts;
  let best = Infinity;
  for (let i = -1; i < kept; i++) {
    const pattern = i < 0 ? memory.hint : i;
    if (pattern >= kept) continue;
    let distance = 0;
    for (let part = 0, at = pattern * parts; part < parts && distance < best; part++, at++) {
      distance += Math.abs((patterns[at] as number) - (window[part] as number));
    }
    if (distance < best) {
      best = distance;
      memory.hint = pattern;
    }
  }
  return best;
}
