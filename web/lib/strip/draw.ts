/** Paints the strip: level histogram, then the lanes of changes, findings and incidents. */
import type { Histogram, Markers } from '../../../engine/query/types.ts';
import type { Micros } from '../../../engine/sdk/index.ts';
import type { Palette } from '../theme/palette.ts';
import { formatCount } from '../format/figure.ts';
import { formatClock } from '../format/time.ts';
import {
  bucketsUpTo,
  clusterFindings,
  incidentLanes,
  ticks,
  xOf,
  type FindingCluster,
} from './geometry.ts';

export interface StripPicture {
  readonly width: number;
  readonly height: number;
  readonly duration: Micros;
  /** Nothing after it is drawn: the future is empty ground. */
  readonly t: Micros;
  readonly histogram: Histogram | undefined;
  readonly markers: Markers | undefined;
  readonly palette: Palette;
}

/** Heights of what lies below the histogram, in pixels. */
interface Lanes {
  readonly changes: number;
  readonly findings: number;
  readonly incident: number;
  readonly incidentsMax: number;
  readonly axis: number;
}

const roomy: Lanes = { changes: 11, findings: 12, incident: 7, incidentsMax: 3, axis: 14 };
/** On a small screen the marks share one lane, and the head of the page tells the time. */
const compact: Lanes = { changes: 0, findings: 12, incident: 6, incidentsMax: 1, axis: 0 };
const compactBelow = 80;

/** Marks nearer than this many pixels are drawn as one. */
const clusterGap = 12;

export function drawStrip(context: CanvasRenderingContext2D, strip: StripPicture): void {
  const lanes = strip.height < compactBelow ? compact : roomy;
  const below = lanes.changes + lanes.findings + lanes.incident * lanes.incidentsMax + lanes.axis;
  const base = strip.height - below;
  context.clearRect(0, 0, strip.width, strip.height);
  drawFuture(context, strip, base);
  if (strip.histogram) {
    const { width, duration, palette, t, histogram } = strip;
    drawLevels(context, { width, duration, palette, t, histogram, base, height: base - 8 });
  }
  context.fillStyle = strip.palette.lineStrong;
  context.fillRect(0, base, strip.width, 1);
  if (strip.markers) drawMarkers(context, strip, strip.markers, { base, lanes });
  if (lanes.axis > 0) drawAxis(context, strip);
}

function drawFuture(context: CanvasRenderingContext2D, strip: StripPicture, base: number): void {
  const x = xOf(strip.t, strip.duration, strip.width);
  context.globalAlpha = 0.35;
  context.fillStyle = strip.palette.raised;
  context.fillRect(x, 4, strip.width - x, base - 4);
  context.globalAlpha = 1;
}

/** Bars of records by level, errors on top; the tallest so far fills the height. */
export function drawLevels(
  context: CanvasRenderingContext2D,
  bars: {
    readonly width: number;
    readonly duration: Micros;
    readonly t: Micros;
    readonly histogram: Histogram;
    readonly palette: Palette;
    readonly base: number;
    readonly height: number;
    /** Time at the left edge; 0 where not given. */
    readonly start?: Micros;
  },
): void {
  const { histogram, palette, base, height, width, duration, start = 0 } = bars;
  const { from, bucketUs, counts } = histogram;
  const shown = bucketsUpTo({ from, bucketUs, count: counts.length }, bars.t);
  const sums = counts
    .slice(0, shown)
    .map((levels) => levels[0] + levels[1] + levels[2] + levels[3]);
  const most = Math.max(1, ...sums);
  for (let i = 0; i < shown; i += 1) {
    const levels = counts[i];
    if (!levels || sums[i] === 0) continue;
    const x = xOf(from + i * bucketUs - start, duration, width);
    const right = xOf(from + (i + 1) * bucketUs - start, duration, width);
    const quiet = levels[0] + levels[1];
    let y = base;
    for (const [count, colour, alpha] of [
      [quiet, palette.ink3, 0.5],
      [levels[2], palette.high, 0.9],
      [levels[3], palette.critical, 1],
    ] as const) {
      if (count === 0) continue;
      // A single error among thousands of lines must not be rounded away.
      const bar = Math.max(1, (count / most) * height);
      y -= bar;
      context.globalAlpha = alpha;
      context.fillStyle = colour;
      context.fillRect(x, y, Math.max(1, right - x - 1), bar);
    }
  }
  context.globalAlpha = 1;
}

function drawMarkers(
  context: CanvasRenderingContext2D,
  strip: StripPicture,
  markers: Markers,
  { base, lanes }: { readonly base: number; readonly lanes: Lanes },
): void {
  const { palette, duration, width, t } = strip;
  const middle = base + lanes.changes + lanes.findings / 2;
  for (const cluster of clusterFindings(markers.findings, { t, duration, width }, clusterGap))
    drawCluster(context, strip, cluster, middle);
  for (const change of markers.changes) {
    if (change.t > t) continue;
    context.fillStyle = palette.ink2;
    polygon(context, xOf(change.t, duration, width), base + 7, [0, -4, 4.5, 3.5, -4.5, 3.5]);
  }
  for (const bar of incidentLanes(markers.incidents, t, lanes.incidentsMax)) {
    const x = xOf(bar.from, duration, width);
    const right = xOf(Math.min(bar.to ?? t, t), duration, width);
    context.fillStyle = palette[bar.severity];
    context.beginPath();
    const y = base + lanes.changes + lanes.findings + 1 + bar.lane * lanes.incident;
    context.roundRect(x, y, Math.max(3, right - x), 4, 2);
    context.fill();
  }
}

/** A diamond for one finding; for many a bar from the first to the last, with their number on it. */
function drawCluster(
  context: CanvasRenderingContext2D,
  strip: StripPicture,
  { left, right, count, critical }: FindingCluster,
  middle: number,
): void {
  const { palette } = strip;
  const colour = critical ? palette.critical : palette.medium;
  context.fillStyle = colour;
  if (right - left < clusterGap) {
    const half = count > 1 ? 4.5 : 3.5;
    const x = (left + right) / 2;
    return polygon(context, x, middle, [0, -half, half, 0, 0, half, -half, 0]);
  }
  const text = `${formatCount(count)} findings`;
  context.font = `10px ${palette.mono}`;
  const textWidth = context.measureText(text).width + 6;
  // Changes share the lane of a small strip, and would stand on the number.
  const fits = right - left > textWidth + 12 && strip.height >= compactBelow;
  context.globalAlpha = 0.75;
  context.beginPath();
  context.roundRect(left - 2, middle - 1.5, right - left + 4, 3, 1.5);
  context.fill();
  context.globalAlpha = 1;
  for (const x of [left, right]) polygon(context, x, middle, [0, -4, 4, 0, 0, 4, -4, 0]);
  if (!fits) return;
  const centre = (left + right) / 2;
  context.fillStyle = palette.panel;
  context.fillRect(centre - textWidth / 2, middle - 5, textWidth, 10);
  context.fillStyle = colour;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(text, centre, middle + 0.5);
}

function polygon(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  corners: readonly number[],
): void {
  context.beginPath();
  for (let i = 0; i < corners.length; i += 2)
    context.lineTo(x + (corners[i] ?? 0), y + (corners[i + 1] ?? 0));
  context.closePath();
  context.fill();
}

function drawAxis(context: CanvasRenderingContext2D, strip: StripPicture): void {
  const { width, height, duration, palette } = strip;
  context.fillStyle = palette.ink3;
  context.font = `10px ${palette.mono}`;
  context.textBaseline = 'alphabetic';
  for (const tick of ticks(duration, width, 90)) {
    const x = xOf(tick, duration, width);
    context.textAlign = x < 20 ? 'left' : x > width - 24 ? 'right' : 'center';
    context.fillText(formatClock(tick), x, height - 2);
  }
}
