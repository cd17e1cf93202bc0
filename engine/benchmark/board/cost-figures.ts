/** What an entry costs, and whether it holds: figures of both kinds of items. */
import type { EntryCost } from '../model.ts';
import { nearestRank } from '../scores/event-summary.ts';
import type { Calibration } from '../scores/calibration.ts';
import type { Column, Figure } from './model.ts';
import { column } from './outage-figures.ts';

export const costColumns: readonly Column[] = [
  column(
    'calibration_error',
    'calibration',
    'share',
    'low',
    'Mean distance of a score from the share of times that something was wrong at it: of rows of series, of findings per ten seconds of outages.',
  ),
  column('brier', 'Brier', 'share', 'low', 'Mean square of score minus truth, of the same.'),
  column(
    'ns_per_record',
    'cost',
    'ns',
    'low',
    'Time per record of the run, whether or not it reads it, the engine around it included; of this machine.',
  ),
  column(
    'ns_per_fed',
    'cost when fed',
    'ns',
    'low',
    'Time per record that it is given: one that reads little pays the clock of the engine with few.',
  ),
  column(
    'state_bytes',
    'state',
    'bytes',
    'low',
    'Its largest states, as they would be stored: looked at a few times, ever later, and at the end.',
  ),
  column(
    'crashes',
    'crashes',
    'count',
    'low',
    'Plays in which one of its detectors threw, hung, or said what cannot be.',
  ),
];

/** One play of an entry. */
export interface CostOfPlay {
  readonly cost: EntryCost;
  /** Of the play, whoever read them. */
  readonly records: number;
}

/** Cost has no interval: it is this machine's, now. Times are medians over plays. */
export function costFigures(
  plays: readonly CostOfPlay[],
  calibration: Calibration | null,
): Record<string, Figure | null> {
  const sizes = plays.flatMap(({ cost }) => cost.stateBytes ?? []);
  return {
    calibration_error: figureOf(calibration?.expectedError ?? null),
    brier: figureOf(calibration?.brier ?? null),
    ns_per_record: figureOf(medianRate(plays, ({ records }) => records)),
    ns_per_fed: figureOf(medianRate(plays, ({ cost }) => cost.recordsFed)),
    state_bytes: figureOf(sizes.length === 0 ? null : Math.max(...sizes)),
    crashes: figureOf(plays.filter(({ cost }) => cost.failures.length > 0).length),
  };
}

function medianRate(
  plays: readonly CostOfPlay[],
  recordsOf: (play: CostOfPlay) => number,
): number | null {
  const rates = plays.flatMap((play) => {
    const records = recordsOf(play);
    return records > 0 ? play.cost.busyNs / records : [];
  });
  return nearestRank(
    rates.sort((a, b) => a - b),
    0.5,
  );
}

function figureOf(value: number | null): Figure | null {
  return value === null ? null : { value, interval: null };
}
