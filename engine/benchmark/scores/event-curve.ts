/** Scores by incident over all thresholds: for curves, and to choose one on other scenarios. */
import { thinned } from './average-precision.ts';
import {
  alertOnsets,
  matchAlerts,
  noSlack,
  type AlertRule,
  type MatchSlack,
  type TrueIncident,
} from './events.ts';
import { summariseEvents } from './event-summary.ts';
import { rankValues } from './ranking.ts';

/** The scores of a detector in one scenario, rows in the order of time. */
export interface ScoredStream {
  readonly timesUs: Readonly<Float64Array>;
  readonly scores: Readonly<Float64Array>;
  readonly incidents: readonly TrueIncident[];
  readonly fromUs: number;
  readonly watchedUs: number;
}

export interface EventCurvePoint {
  readonly threshold: number;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  readonly falseAlarmsPerHour: number | null;
  readonly medianDelayUs: number | null;
}

export interface CurveOptions {
  readonly cooldownUs: AlertRule['cooldownUs'];
  readonly slack?: MatchSlack;
  /** Each costs a pass over all rows. */
  readonly pointsMax: number;
}

/** From the highest threshold down, at scores that occur; a score of 0 never alerts. */
export function eventCurve(
  streams: readonly ScoredStream[],
  { cooldownUs, slack = noSlack, pointsMax }: CurveOptions,
): readonly EventCurvePoint[] {
  const thresholds = scoresOf(streams);
  return thinned(thresholds.length, pointsMax).map((i) => {
    const threshold = thresholds[i] as number;
    const outcomes = streams.map((stream) => {
      const rule = { threshold, cooldownUs, fromUs: stream.fromUs };
      const alertsUs = alertOnsets(stream, rule);
      return matchAlerts({ ...stream, alertsUs }, slack);
    });
    const { precision, recall, f1, falseAlarmsPerHour, fromStart } = summariseEvents(outcomes);
    const medianDelayUs = fromStart.medianUs;
    return { threshold, precision, recall, f1, falseAlarmsPerHour, medianDelayUs };
  });
}

/** The point of the highest F1; of equals the highest threshold. null where there is no F1. */
export function bestEventPoint(curve: readonly EventCurvePoint[]): EventCurvePoint | null {
  return curve.reduce<EventCurvePoint | null>(
    (best, point) => (point.f1 !== null && point.f1 > (best?.f1 ?? -1) ? point : best),
    null,
  );
}

/** Distinct ones above 0, descending. */
export function scoresOf(streams: readonly ScoredStream[]): Readonly<Float64Array> {
  const rows = streams.reduce((sum, { scores }) => sum + scores.length, 0);
  const all = new Float64Array(rows);
  let at = 0;
  for (const { scores } of streams) {
    all.set(scores, at);
    at += scores.length;
  }
  return rankValues(all).thresholds.filter((score) => score > 0);
}
