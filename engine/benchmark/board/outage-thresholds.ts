/** The figures of an entry on outages that depend on a threshold for its findings, and how it is chosen. */
import { randomFunction } from '../../replay/random.ts';
import { onsetScores } from '../onset-scores.ts';
import { areaUnderEventCurve } from '../scores/event-area.ts';
import type { ScoredStream } from '../scores/event-curve.ts';
import { eventGrid, gridCurve, heldOutF1, type EventGrid } from '../scores/event-grid.ts';
import { mean } from '../statistics/bootstrap.ts';
import { randomHalves } from '../statistics/shuffle.ts';
import type { ThresholdCurve } from './details.ts';
import type { Column, Figure } from './model.ts';
import { column, type PlayedOutage } from './outage-figures.ts';

/** Points of a curve: what a plot can show. */
export const curvePointsMax = 100;
/** Splits into halves for thresholds that were not chosen on what they are judged by. */
export const splits = 20;
/** Findings no further apart are one alarm: they come every ten seconds while something lasts. */
const cooldownUs = 60_000_000;
const findingCadenceUs = 10_000_000;

export const thresholdColumns: readonly Column[] = [
  column(
    'f1_held_out',
    'F1 held out',
    'share',
    'high',
    `Of findings, held: those within a minute are one alarm. Threshold from one half of the outages and scored on the other: mean of ${splits} random splits.`,
  ),
  column(
    'f1_held_out_onset',
    'F1 held out, onset',
    'share',
    'high',
    'The same of findings behind the onset filter of the engine: nothing as sure in the ten minutes before.',
  ),
  column(
    'f1_best',
    'F1 in sample',
    'share',
    'high',
    'Of findings, held, threshold chosen on the very outages that it is scored on: flattering.',
  ),
  column(
    'f1_best_onset',
    'F1 in sample, onset',
    'share',
    'high',
    'The same behind the onset filter.',
  ),
  column(
    'auc_pr',
    'AUC-PR',
    'share',
    'high',
    'Area under precision over recall by incident, all thresholds of findings, held.',
  ),
  column('auc_pr_onset', 'AUC-PR, onset', 'share', 'high', 'The same behind the onset filter.'),
];

export interface OutageGrids {
  readonly held: EventGrid;
  readonly onset: EventGrid;
}

/** Plays of one item are alike: what is split, and drawn again, is items. */
export function outageGrids(byItem: readonly (readonly PlayedOutage[])[]): OutageGrids {
  const held = byItem.map((plays) => plays.map(streamOf));
  const onset = held.map((streams) =>
    streams.map((stream) => ({
      ...stream,
      scores: onsetScores({ ...stream, cadenceUs: findingCadenceUs }),
    })),
  );
  const options = { cooldownUs, pointsMax: curvePointsMax };
  return { held: eventGrid(held, options), onset: eventGrid(onset, options) };
}

/** What it found, as scores over time, where it found anything at all. */
export function streamOf({ play, outcome }: PlayedOutage): ScoredStream {
  const { incidents = [], durationUs = 0 } = play.truth ?? {};
  return { ...outcome.findings, incidents, fromUs: 0, watchedUs: durationUs };
}

export function thresholdFigures(
  { held, onset }: OutageGrids,
  items: number,
): Record<string, Figure | null> {
  return {
    f1_held_out: heldOut(held, items),
    f1_held_out_onset: heldOut(onset, items),
    f1_best: inSample(held, items),
    f1_best_onset: inSample(onset, items),
    auc_pr: figureOf(curveOf(held).area),
    auc_pr_onset: figureOf(curveOf(onset).area),
  };
}

export function curveOf(grid: EventGrid): ThresholdCurve {
  const points = gridCurve(grid);
  const hasIncidents = points.some(({ recall }) => recall !== null);
  return { basis: 'incidents', points, area: hasIncidents ? areaUnderEventCurve(points) : null };
}

/** The interval runs from the worst split to the best: how much it matters where the threshold is from. */
function heldOut(grid: EventGrid, items: number): Figure | null {
  const values = Array.from({ length: splits }, (_, split) => {
    const halves = randomHalves(items, randomFunction(split + 1, 'outage halves'));
    return heldOutF1(grid, halves)?.hold ?? null;
  }).filter((value) => value !== null);
  const value = mean(values);
  if (value === null) return null;
  return { value, interval: { low: Math.min(...values), high: Math.max(...values) } };
}

function inSample(grid: EventGrid, items: number): Figure | null {
  const all = Array.from({ length: items }, (_, i) => i);
  return figureOf(heldOutF1(grid, { fit: all, hold: all })?.fit ?? null);
}

function figureOf(value: number | null): Figure | null {
  return value === null ? null : { value, interval: null };
}
