/** Which windows of series an entry missed, and where it alarmed for nothing, in points of NAB. */
import { nabProfiles } from '../scores/nab-profiles.ts';
import type { RowWindow } from '../scores/nab-rows.ts';
import type { CatchDelays, Mistake } from './details.ts';
import type { PlayedSeries } from './series-figures.ts';

/** Rows that alarm no further apart are one mistake to look at. */
const gapRows = 1;

export interface SeriesMistakes {
  /** From the worst to the least. */
  readonly mistakes: readonly Mistake[];
  /** From the beginning of the windows. */
  readonly delays: CatchDelays;
}

/** A row alarms if its alert score is at least the threshold and it is behind the probation. */
export function seriesMistakes(
  played: readonly PlayedSeries[],
  threshold: number | null,
): SeriesMistakes {
  const windows = played.reduce((sum, { series }) => sum + series.rows.windowCount, 0);
  const caughtS: number[] = [];
  const found = played.flatMap((one) => {
    const alarms = alarmsOf(one, threshold);
    return [
      ...one.series.windows.flatMap((window) => {
        const caught = alarms.findIndex((row) => row >= window.first && row <= window.last);
        const row = alarms[caught];
        if (row === undefined) return missOf(one, window);
        caughtS.push((timeOf(one, row) - timeOf(one, window.first)) / 1e6);
        return row > (window.first + window.last) / 2 ? lateOf(one, window, row) : [];
      }),
      ...falseAlarms(one, alarms),
    ];
  });
  // Points of the normalised score, which goes from silence to all windows caught at once.
  const points = windows === 0 ? 0 : 100 / (2 * windows);
  const mistakes = found
    .map((mistake) => ({ ...mistake, cost: mistake.cost * points }))
    .sort((a, b) => b.cost - a.cost);
  caughtS.sort((a, b) => a - b);
  return { mistakes, delays: { caughtS, missed: windows - caughtS.length } };
}

const { tpWeight, fnWeight, fpWeight } = nabProfiles.standard;

function missOf(one: PlayedSeries, window: RowWindow): Mistake[] {
  const { first, last } = window;
  const isScored = last >= one.series.rows.probation;
  const cost = isScored ? tpWeight + fnWeight : 0;
  return [
    { ...mistakeAt(one, window), kind: 'miss', title: `rows ${first + 1} to ${last + 1}`, cost },
  ];
}

function lateOf(one: PlayedSeries, { first, last }: RowWindow, row: number): Mistake[] {
  const share = (row - first) / (last - first + 1);
  const cost = tpWeight * (1 - (one.series.rows.worth[row] as number));
  const title = `row ${row + 1}, when ${Math.round(100 * share)} % of the window was over`;
  return [{ ...mistakeAt(one, { first, last: row }), kind: 'late', title, cost }];
}

function falseAlarms(one: PlayedSeries, alarms: readonly number[]): Mistake[] {
  const { rows } = one.series;
  const runs: { first: number; last: number; worth: number }[] = [];
  for (const row of alarms) {
    if ((rows.window[row] as number) >= 0) continue;
    const worth = -(rows.worth[row] as number);
    const run = runs.at(-1);
    if (run && row - run.last <= gapRows)
      Object.assign(run, { last: row, worth: run.worth + worth });
    else runs.push({ first: row, last: row, worth });
  }
  return runs.map(({ first, last, worth }) => {
    const title = first === last ? `row ${first + 1}` : `rows ${first + 1} to ${last + 1}`;
    const cost = worth * fpWeight;
    return { ...mistakeAt(one, { first, last }), kind: 'false-alarm', title, cost };
  });
}

function alarmsOf({ series, outcome }: PlayedSeries, threshold: number | null): number[] {
  if (threshold === null) return [];
  const alarms: number[] = [];
  for (let row = series.rows.probation; row < series.rows.rows; row++) {
    if ((outcome.alertScores[row] as number) >= threshold) alarms.push(row);
  }
  return alarms;
}

function mistakeAt(one: PlayedSeries, rows: RowWindow) {
  const { first, last } = rows;
  const scores = one.outcome.alertScores.subarray(first, last + 1);
  const score = scores.reduce((most, own) => Math.max(most, own), 0);
  const [tUs, untilUs] = [timeOf(one, first), timeOf(one, last)];
  return { item: one.series.id, seed: one.seed, tUs, untilUs, rows, score };
}

function timeOf({ series }: PlayedSeries, row: number): number {
  return series.timesUs[row] ?? 0;
}
