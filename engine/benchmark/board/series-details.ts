/** What lies behind the row of an entry on labelled series. */
import { areasUnderCurves, precisionRecallCurve } from '../scores/average-precision.ts';
import { calibrationOf } from '../scores/calibration.ts';
import { nabProfiles } from '../scores/nab-profiles.ts';
import { scoreNabOptimised } from '../scores/nab.ts';
import type { CatchDelays, EntryDetails, ThresholdCurve } from './details.ts';
import { curvePointsMax } from './outage-thresholds.ts';
import type { PlayedSeries } from './series-figures.ts';
import { seriesMistakes } from './series-mistakes.ts';

export function seriesDetails(
  played: readonly PlayedSeries[],
): Omit<EntryDetails, 'entry' | 'mistakeCount'> {
  const marks = joined(
    Uint8Array,
    played.map(({ series }) => series.marks),
  );
  const held = joined(
    Float64Array,
    played.map(({ outcome }) => outcome.scores),
  );
  const onset = joined(
    Float64Array,
    played.map(({ outcome }) => outcome.alertScores),
  );
  const input = {
    files: played.map(({ series }) => series.rows),
    scores: played.map(({ outcome }) => outcome.alertScores),
  };
  const found = scoreNabOptimised(input, [nabProfiles.standard])[0]?.threshold ?? Infinity;
  const threshold = found > 1 ? null : found;
  const { mistakes, delays } = seriesMistakes(played, threshold);
  return {
    curves: { held: curveOf(marks, held), onset: curveOf(marks, onset) },
    delays: { observable: null, onset: delays satisfies CatchDelays },
    calibration: marks.length === 0 ? null : { ...calibrationOf(marks, held), basis: 'rows' },
    threshold,
    costColumn: 'nab_optimised_onset',
    mistakes,
  };
}

function curveOf(marks: Uint8Array, scores: Float64Array): ThresholdCurve {
  const points = precisionRecallCurve(marks, scores, curvePointsMax).map(
    ({ threshold, precision, recall }) => {
      const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
      return { threshold, precision, recall, f1, falseAlarmsPerHour: null };
    },
  );
  return { basis: 'rows', points, area: areasUnderCurves(marks, scores).aucPr };
}

/** One array of all; both kinds are made of numbers. */
function joined<Column extends Uint8Array | Float64Array>(
  Made: new (length: number) => Column,
  parts: readonly Column[],
): Column {
  const all = new Made(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
