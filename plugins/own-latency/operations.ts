/** Self times of a service's operations, window by window, against what they usually are. */
interface Operation {
  /** Self times of the window under way, s; a sample where there are many. */
  readonly times: number[];
  seen: number;
  /** Their upper decile in the last usual windows, oldest first, s. */
  readonly usual: number[];
  /** Windows in a row that were far above, and that were not learnt. */
  over: number;
  held: number;
}

/** By name, with a mark before it. */
export type Operations = Record<string, Operation>;

export interface Excess {
  readonly operation: string;
  readonly own: number;
  readonly usual: number;
  /** Times the least rise that counts. */
  readonly times: number;
}

export interface ExcessLimits {
  readonly factor: number;
  readonly leastSeconds: number;
  readonly windows: number;
}

const operationsMax = 64;
const timesMax = 256;
/** Fewer have no upper decile. */
const spansMin = 10;
const memory = 60;
/** Usual windows before it may fire. */
const warmUp = 6;
/** So long an odd level is news; then it is how the operation is. */
const heldMax = 45;

export function addSelfTime(operations: Operations, name: string, seconds: number): void {
  const key = `>${name}`;
  let operation = operations[key];
  if (operation === undefined) {
    if (Object.keys(operations).length >= operationsMax) return;
    operation = { times: [], seen: 0, usual: [], over: 0, held: 0 };
    operations[key] = operation;
  }
  // A ring: the latest of a window that has more than can be kept.
  operation.times[operation.seen % timesMax] = seconds;
  operation.seen++;
}

export interface ClosedWindow {
  /** Some operation had spans enough, now and before: what is not told is not so. */
  readonly isJudged: boolean;
  /** The operation that has been furthest above its usual for long enough, or null. */
  readonly worst: Excess | null;
}

export function closeWindow(operations: Operations, limits: ExcessLimits): ClosedWindow {
  let worst: Excess | null = null;
  let isJudged = false;
  for (const [key, operation] of Object.entries(operations)) {
    isJudged ||= operation.times.length >= spansMin && operation.usual.length >= warmUp;
    const found = judge(operation, limits);
    operation.times.length = 0;
    operation.seen = 0;
    if (found === null || (worst !== null && found.times <= worst.times)) continue;
    worst = { operation: key.slice(1), ...found };
  }
  return { isJudged, worst };
}

function judge(
  operation: Operation,
  { factor, leastSeconds, windows }: ExcessLimits,
): Omit<Excess, 'operation'> | null {
  // Few spans say nothing, neither that it goes on nor that it is over.
  if (operation.times.length < spansMin) return null;
  const own = quantile(operation.times, 0.9);
  const usual = quantile(operation.usual, 0.5);
  const spread = quantile(
    operation.usual.map((value) => Math.abs(value - usual)),
    0.5,
  );
  const least = Math.max(leastSeconds, factor * usual, 6 * spread);
  const isOver = operation.usual.length >= warmUp && own - usual >= least;
  operation.over = isOver ? operation.over + 1 : 0;
  operation.held = isOver ? operation.held + 1 : 0;
  if (!isOver || operation.held > heldMax) {
    operation.usual.push(own);
    operation.usual.splice(0, operation.usual.length - memory);
  }
  return operation.over >= windows ? { own, usual, times: (own - usual) / least } : null;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
