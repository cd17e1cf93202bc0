/** Lines of the three plots of a board, in the units of their axes. */
import type { BoardDetails, EntryDetails } from '../../../engine/benchmark/index.ts';
import type { Point, Span } from './plot.ts';

/** Which of a detector's two outputs: what it says while something lasts, or only where it begins. */
export type Output = 'held' | 'onset';
/** From when a delay is counted. */
export type Origin = 'observable' | 'onset';

export interface Curve {
  readonly entry: string;
  /** Ascending in x. */
  readonly points: readonly Point[];
  /** Where its best or chosen threshold is. */
  readonly mark: Point | null;
  /** What stands beside its name: an area, a count. */
  readonly figure: string;
}

export function entryDetails(details: BoardDetails, entry: string): EntryDetails | null {
  return details.entries.find((one) => one.entry === entry) ?? null;
}

/** Precision over recall. Between two thresholds nothing was measured: the lower precision holds. */
export function precisionCurve(details: EntryDetails, output: Output): Curve {
  const { points, area } = details.curves[output];
  const known = points.flatMap(({ precision, recall, threshold, f1 }) =>
    isFigure(precision) && isFigure(recall) ? [{ x: recall, y: precision, threshold, f1 }] : [],
  );
  const chosen = known.find(({ threshold }) => threshold === details.threshold);
  const best = known.reduce<(typeof known)[number] | null>(
    (most, point) => ((point.f1 ?? -1) > (most?.f1 ?? -1) ? point : most),
    null,
  );
  const mark = output === 'onset' ? (chosen ?? best) : best;
  return {
    entry: details.entry,
    points: known.map(({ x, y }) => ({ x, y })).toSorted((a, b) => a.x - b.x),
    mark: mark && { x: mark.x, y: mark.y },
    figure: isFigure(area) ? area.toFixed(2) : '',
  };
}

/**
 * The share of all incidents that was caught by then: it ends below one by what was missed.
 * null where nobody knows when that time begins.
 */
export function delayCurve(details: EntryDetails, origin: Origin): Curve | null {
  const delays = details.delays[origin];
  if (!delays) return null;
  const caught = delays.caughtS.filter(isFigure).toSorted((a, b) => a - b);
  const all = caught.length + Math.max(0, delays.missed);
  if (all === 0) return null;
  const points = caught.map((x, i) => ({ x, y: (i + 1) / all }));
  const missed = all - caught.length;
  return {
    entry: details.entry,
    points,
    mark: null,
    figure: missed === 0 ? `all ${all}` : `missed ${missed} of ${all}`,
  };
}

/** What was found with such a score, and how often it was true. */
export interface Reliability extends Curve {
  /** Rows behind each point. */
  readonly weights: readonly number[];
}

export function reliabilityCurve(details: EntryDetails): Reliability | null {
  const { calibration } = details;
  if (!calibration) return null;
  const bins = calibration.bins.flatMap(({ meanScore, abnormalShare, rows }) =>
    isFigure(meanScore) && isFigure(abnormalShare)
      ? [{ x: meanScore, y: abnormalShare, rows }]
      : [],
  );
  if (bins.length === 0) return null;
  const { brier } = calibration;
  return {
    entry: details.entry,
    points: bins.map(({ x, y }) => ({ x, y })),
    weights: bins.map(({ rows }) => rows),
    mark: null,
    figure: isFigure(brier) ? `Brier ${brier.toFixed(3)}` : '',
  };
}

/** Zero and all delays, with a little room behind the last. */
export function delaySpan(curves: readonly Curve[]): Span {
  const all = curves.flatMap(({ points }) => points.map(({ x }) => x));
  const to = Math.max(60, ...all);
  return { from: Math.min(0, ...all), to: to * 1.02 };
}

export function isFigure(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}
