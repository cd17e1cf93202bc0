/**
 * Scores by incident at many thresholds, kept apart by group of streams, so that any part of the groups
 * can be added up: all of them for a curve, one half to choose a threshold and the other to be judged.
 */
import { thinned } from './average-precision.ts';
import { scoresOf, type EventCurvePoint, type ScoredStream } from './event-curve.ts';
import { alertOnsets, matchAlerts } from './events.ts';

export interface EventGrid {
  /** Descending, at scores that occur. */
  readonly thresholds: readonly number[];
  /** Per threshold, per group. */
  readonly counts: readonly (readonly EventCounts[])[];
}

export interface EventCounts {
  readonly incidents: number;
  readonly caught: number;
  readonly falseAlarms: number;
  readonly watchedUs: number;
}

export interface GridOptions {
  readonly cooldownUs: number;
  /** Thresholds at most: each costs a pass over all streams. */
  readonly pointsMax: number;
}

/** A group is what is drawn together: all plays of one item. */
export function eventGrid(
  groups: readonly (readonly ScoredStream[])[],
  { cooldownUs, pointsMax }: GridOptions,
): EventGrid {
  const all = scoresOf(groups.flat());
  const thresholds = thinned(all.length, pointsMax).map((i) => all[i] as number);
  const counts = thresholds.map((threshold) =>
    groups.map((streams) =>
      added(streams.map((stream) => countsAt(stream, { threshold, cooldownUs }))),
    ),
  );
  return { thresholds, counts };
}

export function gridCurve({
  thresholds,
  counts,
}: EventGrid): Omit<EventCurvePoint, 'medianDelayUs'>[] {
  return thresholds.map((threshold, i) => {
    const sum = added(counts[i] ?? []);
    const { incidents, caught, falseAlarms, watchedUs } = sum;
    const said = caught + falseAlarms;
    return {
      threshold,
      precision: said === 0 ? null : caught / said,
      recall: incidents === 0 ? null : caught / incidents,
      f1: f1Of(sum),
      falseAlarmsPerHour: watchedUs > 0 ? (falseAlarms * 3_600_000_000) / watchedUs : null,
    };
  });
}

/**
 * The best F1 over all thresholds on the groups `fit`, and what that threshold gives on `hold`; null
 * without incidents in either. Of equals the highest threshold. One that never alarms is among them.
 */
export function heldOutF1(
  { counts }: EventGrid,
  { fit, hold }: { readonly fit: readonly number[]; readonly hold: readonly number[] },
): { readonly fit: number; readonly hold: number } | null {
  const part = (row: readonly EventCounts[], groups: readonly number[]): EventCounts =>
    added(groups.flatMap((group) => row[group] ?? []));
  let best: { fit: number; hold: number } | null = null;
  for (const row of counts) {
    const own = f1Of(part(row, fit));
    const other = f1Of(part(row, hold));
    if (own === null || other === null) return null;
    if (own > (best?.fit ?? 0)) best = { fit: own, hold: other };
  }
  return best ?? { fit: 0, hold: 0 };
}

function countsAt(
  stream: ScoredStream,
  { threshold, cooldownUs }: { readonly threshold: number; readonly cooldownUs: number },
): EventCounts {
  const alertsUs = alertOnsets(stream, { threshold, cooldownUs, fromUs: stream.fromUs });
  const { incidents, falseAlarmsUs, watchedUs } = matchAlerts({ ...stream, alertsUs });
  const caught = incidents.filter(({ caughtUs }) => caughtUs !== null).length;
  return {
    incidents: incidents.length,
    caught,
    falseAlarms: falseAlarmsUs.length,
    watchedUs,
  };
}

function added(all: readonly EventCounts[]): EventCounts {
  const sum = { incidents: 0, caught: 0, falseAlarms: 0, watchedUs: 0 };
  for (const { incidents, caught, falseAlarms, watchedUs } of all) {
    sum.incidents += incidents;
    sum.caught += caught;
    sum.falseAlarms += falseAlarms;
    sum.watchedUs += watchedUs;
  }
  return sum;
}

function f1Of({ incidents, caught, falseAlarms }: EventCounts): number | null {
  return incidents === 0 ? null : (2 * caught) / (incidents + caught + falseAlarms);
}
