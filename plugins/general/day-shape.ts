/**
 * How unlike the same hours of all days before the last four hours are, in order: the distance of
 * the means of their slots to the nearest day's. Sorted windows cannot see that the morning's rush
 * is missing as long as the evening's looks the same; this can. Slots may be an hour early or late.
 */
export interface DayShape {
  readonly slotUs: number;
  readonly slots: number;
  /** Slots that a shape may be early or late. */
  readonly slack: number;
  /** The slot at hand, counted from the start; -1 before the first value. */
  slot: number;
  sum: number;
  count: number;
  /** Means of the last slots, oldest first. */
  readonly last: number[];
  /** Per slot of the day, the kept shapes that end with it, oldest first. */
  readonly shapes: number[][][];
  /** Shapes of the last half day, oldest first, and their slots: they are the present, not the past. */
  readonly waiting: number[][];
  readonly waitingSince: number[];
}

const dayUs = 86_400_000_000;
const usualSlotUs = dayUs / 72;
const slackUs = dayUs / 24;
/** Slots of a shape: four hours. */
const parts = 12;
const shapesMax = 8;
/** A shape is kept if it is further from all others of its slot than this share of the furthest ever. */
const novelShare = 0.3;

export function dayShape(cadenceUs: number): DayShape {
  const slots = Math.max(1, Math.floor(dayUs / Math.max(usualSlotUs, cadenceUs)));
  const slotUs = dayUs / slots;
  return {
    slotUs,
    slots,
    slack: Math.max(1, Math.round(slackUs / slotUs)),
    slot: -1,
    sum: 0,
    count: 0,
    last: [],
    shapes: Array.from({ length: slots }, () => []),
    waiting: [],
    waitingSince: [],
  };
}

/** Said when a slot has ended, of all slots up to it; null otherwise, and where nothing is known. */
export function distanceFromDays(
  shape: DayShape,
  value: number,
  now: number,
  furthest: number,
): number | null {
  const slot = Math.floor(now / shape.slotUs);
  const distance = slot === shape.slot ? null : close(shape, slot, furthest);
  shape.sum += value;
  shape.count += 1;
  return distance;
}

function close(shape: DayShape, slot: number, furthest: number): number | null {
  const { last, slots } = shape;
  const ended = shape.slot;
  shape.slot = slot;
  if (shape.count === 0) return null;
  const mean = shape.sum / shape.count;
  shape.sum = 0;
  shape.count = 0;
  // A hole is not a shape: what follows it begins anew.
  if (slot - ended > slots / 12) last.length = 0;
  // The slots of a shorter one are as before.
  else for (let missed = ended + 1; missed < slot; missed++) last.push(mean);
  last.push(mean);
  if (last.length < parts) return null;
  last.splice(0, last.length - parts);
  keepWaiting(shape, ended, novelShare * furthest * parts);
  const window = [...last];
  const distance = nearest(shape, ended, window, shape.slack);
  shape.waiting.push(window);
  shape.waitingSince.push(ended);
  return distance === Infinity ? null : distance / parts;
}

function keepWaiting(shape: DayShape, slot: number, novelty: number): void {
  const { waiting, waitingSince, shapes, slots } = shape;
  while ((waitingSince[0] ?? Infinity) <= slot - slots / 2) {
    const since = waitingSince.shift() ?? 0;
    const window = waiting.shift() ?? [];
    const kept = shapes[since % slots];
    if (kept === undefined || nearest(shape, since, window, 0) < novelty) continue;
    kept.push(window);
    if (kept.length > shapesMax) kept.shift();
  }
}

function nearest(
  { shapes, slots }: DayShape,
  slot: number,
  window: readonly number[],
  slack: number,
): number {
  let best = Infinity;
  for (let step = -slack; step <= slack; step++) {
    for (const other of shapes[(slot + step + slots) % slots] ?? []) {
      let distance = 0;
      for (let part = 0; part < parts && distance < best; part++) {
        distance += Math.abs((other[part] as number) - (window[part] as number));
      }
      best = Math.min(best, distance);
    }
  }
  return best;
}
