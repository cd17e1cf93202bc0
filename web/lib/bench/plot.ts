/**
 * Plots as plain geometry: figures in, points and paths out, in pixels of a frame whose origin is the
 * upper left corner. The page and the report draw the same.
 */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What an axis reaches from and to. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Pixels of a value along x; values outside of the span stay at its ends. */
export function alongX(frame: Frame, span: Span): (value: number) => number {
  const room = Math.max(0, frame.width - frame.left - frame.right);
  return (value) => round(frame.left + room * shareOf(value, span));
}

/** The same along y, which grows upwards. */
export function alongY(frame: Frame, span: Span): (value: number) => number {
  const room = Math.max(0, frame.height - frame.top - frame.bottom);
  return (value) => round(frame.height - frame.bottom - room * shareOf(value, span));
}

function shareOf(value: number, { from, to }: Span): number {
  if (!(to > from)) return 0;
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}

/** `M1,2L3,4`; what is not finite breaks the line. */
export function linePath(points: readonly Point[]): string {
  let path = '';
  let pen = false;
  for (const { x, y } of points) {
    const isThere = Number.isFinite(x) && Number.isFinite(y);
    if (isThere) path += `${pen ? 'L' : 'M'}${x},${y}`;
    pen = isThere;
  }
  return path;
}

/** Between two points a step: across at the old height, then up or down at the new place. */
export function stepPath(points: readonly Point[]): string {
  return linePath(
    points.flatMap((point, i) => {
      const before = points[i - 1];
      return before ? [{ x: point.x, y: before.y }, point] : [point];
    }),
  );
}

/** About `count` round values from within the span. */
export function roundTicks({ from, to }: Span, count: number): readonly number[] {
  if (!(to > from) || !Number.isFinite(to - from)) return [];
  const rough = (to - from) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  // Counted in whole steps: adding them up would end beside the last one.
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

const timeStepsS = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60),
  ...[1, 2, 3, 6, 12, 24, 48, 96, 240, 480].map((hours) => hours * 3600),
];

/** About `count` moments that people count in, from within a span of seconds. */
export function timeTicks({ from, to }: Span, count: number): readonly number[] {
  if (!(to > from) || !Number.isFinite(to - from)) return [];
  const rough = (to - from) / Math.max(1, count);
  const step = timeStepsS.find((seconds) => seconds >= rough);
  if (step === undefined) return roundTicks({ from, to }, count);
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, i) => (first + i) * step);
}

/**
 * Where the labels of lines go that end at these heights: as near as they can be with `gap` between
 * two, inside of the frame where there is room.
 */
export function spreadLabels(
  heights: readonly number[],
  { from, to, gap }: Span & { readonly gap: number },
): readonly number[] {
  const order = heights.map((_, i) => i).toSorted((a, b) => at(heights, a) - at(heights, b));
  const placed = heights.slice();
  let floor = from;
  for (const i of order) {
    placed[i] = Math.max(floor, at(heights, i));
    floor = at(placed, i) + gap;
  }
  let ceiling = to;
  for (const i of order.toReversed()) {
    placed[i] = Math.min(ceiling, at(placed, i));
    ceiling = at(placed, i) - gap;
  }
  return placed;
}

function at(list: readonly number[], index: number): number {
  return list[index] ?? 0;
}

/** A tenth of a pixel is more than anybody sees, and keeps paths short. */
function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
