/** What lies behind the row of an entry on outages. */
import { onsetScores } from '../onset-scores.ts';
import { calibrationOf } from '../scores/calibration.ts';
import { eventCurve, type EventCurvePoint, type ScoredStream } from '../scores/event-curve.ts';
import { areaUnderEventCurve } from '../scores/event-area.ts';
import { summariseEvents, type Delays } from '../scores/event-summary.ts';
import type { MatchedIncident } from '../scores/events.ts';
import type { CalibratedScores, CatchDelays, EntryDetails, ThresholdCurve } from './details.ts';
import { outageMistakes } from './outage-mistakes.ts';
import type { PlayedOutage } from './outage-figures.ts';

/** Points of a curve: what a plot can show. */
export const curvePointsMax = 100;
/** Findings no further apart are one alarm: they come every ten seconds while something lasts. */
const cooldownUs = 60_000_000;
const findingCadenceUs = 10_000_000;

export function outageDetails(
  played: readonly PlayedOutage[],
): Omit<EntryDetails, 'entry' | 'mistakes' | 'mistakeCount'> & Mistaken {
  const held = played.map((one) => streamOf(one));
  const onset = held.map((stream) => ({
    ...stream,
    scores: onsetScores({ ...stream, cadenceUs: findingCadenceUs }),
  }));
  const { fromObservable, fromStart, incidents } = summariseEvents(
    played.map(({ matched }) => matched),
  );
  const all = played.flatMap(({ matched }) => matched.incidents);
  const observable = all.filter(({ observableUs }) => observableUs !== null);
  return {
    curves: { held: curveOf(held), onset: curveOf(onset) },
    delays: {
      observable: observable.length === 0 ? null : delaysOf(fromObservable, observable),
      onset: incidents === 0 ? null : delaysOf(fromStart, all),
    },
    calibration: calibrated(held),
    threshold: null,
    costColumn: 'f1',
    mistakes: outageMistakes(played),
  };
}

interface Mistaken {
  readonly mistakes: EntryDetails['mistakes'];
}

/** What it found, as scores over time, where it found anything at all. */
export function streamOf({ play, outcome }: PlayedOutage): ScoredStream {
  const { incidents = [], durationUs = 0 } = play.truth ?? {};
  return { ...outcome.findings, incidents, fromUs: 0, watchedUs: durationUs };
}

function curveOf(streams: readonly ScoredStream[]): ThresholdCurve {
  const curve = eventCurve(streams, { cooldownUs, pointsMax: curvePointsMax });
  const hasIncidents = streams.some(({ incidents }) => incidents.length > 0);
  return {
    basis: 'incidents',
    points: curve.map(pointOf),
    area: hasIncidents ? areaUnderEventCurve(curve) : null,
  };
}

function pointOf({ threshold, precision, recall, f1, falseAlarmsPerHour }: EventCurvePoint) {
  return { threshold, precision, recall, f1, falseAlarmsPerHour };
}

function delaysOf({ caughtUs }: Delays, incidents: readonly MatchedIncident[]): CatchDelays {
  return { caughtS: caughtUs.map((us) => us / 1e6), missed: incidents.length - caughtUs.length };
}

/** Of what it found with which score, how much was found while something was wrong. */
function calibrated(streams: readonly ScoredStream[]): CalibratedScores | null {
  const rows = streams.flatMap(({ timesUs, scores, incidents }) =>
    Array.from(timesUs, (t, row) => ({
      score: scores[row] as number,
      isTrue: incidents.some(({ startUs, endUs }) => t >= startUs && t <= endUs),
    })),
  );
  if (rows.length === 0) return null;
  const marks = Uint8Array.from(rows, ({ isTrue }) => Number(isTrue));
  const scores = Float64Array.from(rows, ({ score }) => score);
  return { ...calibrationOf(marks, scores), basis: 'findings' };
}
