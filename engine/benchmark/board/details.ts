/**
 * What lies behind the rows of a board: curves, delays, calibration, and what went wrong where. Beside
 * the board and not in it, so that the board stays small enough to be read and compared.
 */
import type { Micros } from '../../sdk/index.ts';
import type { Calibration } from '../scores/calibration.ts';
import type { RowWindow } from '../scores/nab-rows.ts';

export interface BoardDetails {
  /** In the order of the board's rows. */
  readonly entries: readonly EntryDetails[];
}

export interface EntryDetails {
  readonly entry: string;
  /** Of what it said as it said it, and behind the onset filter of the engine. */
  readonly curves: { readonly held: ThresholdCurve; readonly onset: ThresholdCurve };
  readonly delays: {
    /** From the first moment at which anything could be seen; null where nobody knows it. */
    readonly observable: CatchDelays | null;
    /** From the beginning of the fault, or of the labelled window. */
    readonly onset: CatchDelays | null;
  };
  readonly calibration: CalibratedScores | null;
  /** From this score on a row counts as an alarm in `delays` and `mistakes`; null where it never does, or incidents are what counts. */
  readonly threshold: number | null;
  /** The column that the cost of a mistake is told in. */
  readonly costColumn: string;
  /** From the worst to the least; only so many of all. */
  readonly mistakes: readonly Mistake[];
  readonly mistakeCount: number;
}

export interface ThresholdCurve {
  /**
   * What is counted, of all items together: `incidents` and the alarms of one threshold, or `rows` in
   * and outside of labelled windows.
   */
  readonly basis: 'incidents' | 'rows';
  /** From the highest threshold down. */
  readonly points: readonly ThresholdPoint[];
  /** Under precision over recall; null without incidents. */
  readonly area: number | null;
}

export interface ThresholdPoint {
  readonly threshold: number;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  /** Null where rows are what is counted. */
  readonly falseAlarmsPerHour: number | null;
}

export interface CatchDelays {
  /** Of the incidents that were caught, seconds, ascending; negative where the alarm came before. */
  readonly caughtS: readonly number[];
  /** How many were not. */
  readonly missed: number;
}

export interface CalibratedScores extends Calibration {
  /** Every row of every series, or each ten seconds in which something was found. */
  readonly basis: 'rows' | 'findings';
}

export interface Mistake {
  readonly item: string;
  readonly seed: number;
  /** `late`: caught, but after the third minute of user impact, or in the second half of a window. */
  readonly kind: 'miss' | 'late' | 'false-alarm';
  /** Scenario time to look at: of the missed incident, from its beginning to its end. */
  readonly tUs: Micros;
  readonly untilUs: Micros;
  /** What was said, or what was missed, in a line. */
  readonly title: string;
  /** What the column `costColumn` would lose by it, were it the only one. */
  readonly cost: number;
  /** Of a series: which rows, and the highest score there. */
  readonly rows: RowWindow | null;
  readonly score: number | null;
}
