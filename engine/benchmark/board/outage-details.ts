/** What lies behind the row of an entry on outages. */
import { calibrationOf } from '../scores/calibration.ts';
import type { ScoredStream } from '../scores/event-curve.ts';
import { summariseEvents, type Delays } from '../scores/event-summary.ts';
import type { MatchedIncident } from '../scores/events.ts';
import type { CalibratedScores, CatchDelays, EntryDetails } from './details.ts';
import type { PlayedOutage } from './outage-figures.ts';
import { outageMistakes } from './outage-mistakes.ts';
import { curveOf, streamOf, type OutageGrids } from './outage-thresholds.ts';

export function outageDetails(
  played: readonly PlayedOutage[],
  { held, onset }: OutageGrids,
): Omit<EntryDetails, 'entry' | 'mistakeCount'> {
  const summary = summariseEvents(played.map(({ matched }) => matched));
  const all = played.flatMap(({ matched }) => matched.incidents);
  const observable = all.filter(({ observableUs }) => observableUs !== null);
  return {
    curves: { held: curveOf(held), onset: curveOf(onset) },
    delays: {
      observable: observable.length === 0 ? null : delaysOf(summary.fromObservable, observable),
      onset: all.length === 0 ? null : delaysOf(summary.fromStart, all),
    },
    calibration: calibrated(played.map(streamOf)),
    threshold: null,
    costColumn: 'f1',
    mistakes: outageMistakes(played),
  };
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
