/** The figures of one entry on labelled series. */
import { randomFunction } from '../../replay/random.ts';
import type { NabSeries } from '../nab-folder.ts';
import type { SeriesOutcome } from '../model.ts';
import { areasUnderCurves } from '../scores/average-precision.ts';
import { bestAffiliation, bestRangeScore } from '../scores/best-threshold.ts';
import { marksOfWindows } from '../scores/labels.ts';
import { nabProfileList, nabProfiles } from '../scores/nab-profiles.ts';
import { prepareNabRows, type NabRows, type RowWindow } from '../scores/nab-rows.ts';
import { scoreNab, scoreNabHeldOut, scoreNabOptimised, type NabInput } from '../scores/nab.ts';
import { vusBuffer } from '../scores/vus-buffer.ts';
import { volumesUnderSurfaces } from '../scores/vus.ts';
import { bootstrapInterval, mean } from '../statistics/bootstrap.ts';
import { randomHalves, type RandomFraction } from '../statistics/shuffle.ts';
import type { Column, Figure } from './model.ts';
import { splits } from './outage-thresholds.ts';

/** From here on a finding is a warning: what a user of the workbench sees who sets nothing. */
const fixedThreshold = 0.5;

export const seriesColumns: readonly Column[] = [
  column(
    'vus_pr',
    'VUS-PR',
    'share',
    'Volume under the precision-recall surface, mean over series with a window; needs no threshold.',
  ),
  column(
    'nab',
    'NAB held out',
    'score',
    `Standard profile, threshold from one half of the series and scored on the other: mean of ${splits} random splits.`,
  ),
  column(
    'nab_onset',
    'NAB held out, onset',
    'score',
    'The same of the scores behind the onset filter of the engine.',
  ),
  column(
    'nab_fixed',
    'NAB fixed',
    'score',
    `Standard profile at the threshold ${fixedThreshold} for all detectors, which nobody chose on any series.`,
  ),
  column('nab_fixed_onset', 'NAB fixed, onset', 'score', 'The same behind the onset filter.'),
  column(
    'nab_optimised',
    'NAB in sample',
    'score',
    'Standard profile, threshold chosen on the very series that it is scored on, as NAB publishes it: flattering.',
  ),
  column(
    'nab_optimised_onset',
    'NAB in sample, onset',
    'score',
    'The same behind the onset filter.',
  ),
  column(
    'nab_low_fp',
    'NAB low FP',
    'score',
    'In sample, the profile that punishes false alarms twice as hard; behind the onset filter.',
  ),
  column(
    'nab_low_fn',
    'NAB low FN',
    'score',
    'In sample, the profile that punishes misses twice as hard; behind the onset filter.',
  ),
  column(
    'vus_roc',
    'VUS-ROC',
    'share',
    'Volume under the ROC surface, mean over series with a window.',
  ),
  column('auc_pr', 'AUC-PR', 'share', 'Average precision by rows, mean over series with a window.'),
  column(
    'range_f1',
    'range F1',
    'share',
    'Range-based F1 at the best threshold of each series: flattering.',
  ),
  column(
    'affiliation_f1',
    'affiliation F1',
    'share',
    'At the best threshold of each series; chance gives 0.7 and more.',
  ),
];

function column(id: string, title: string, unit: Column['unit'], says: string): Column {
  return { id, title, unit, better: 'high', says };
}

/** What a results file keeps of a series, so that a board needs nothing else. */
export interface SeriesLabels {
  readonly rows: number;
  readonly windows: readonly RowWindow[];
  /** Width of the buffer of VUS, rows. */
  readonly buffer: number;
}

export interface LabelledSeries {
  readonly id: string;
  readonly windows: readonly RowWindow[];
  /** Scenario time of each row. */
  readonly timesUs: Readonly<Float64Array>;
  readonly rows: NabRows;
  readonly marks: Uint8Array;
  readonly buffer: number;
}

export function labelsOf({ rows, windows, values }: NabSeries): SeriesLabels {
  return { rows, windows, buffer: vusBuffer(values) };
}

export function labelled(
  id: string,
  { rows, windows, buffer }: SeriesLabels,
  timesUs: Readonly<Float64Array>,
): LabelledSeries {
  const prepared = prepareNabRows({ name: id, rows, windows });
  return { id, windows, timesUs, rows: prepared, marks: marksOfWindows(rows, windows), buffer };
}

export interface PlayedSeries {
  readonly seed: number;
  readonly series: LabelledSeries;
  readonly outcome: SeriesOutcome;
}

/** What one series is worth: VUS-PR; null without a window. */
export function seriesScore(one: PlayedSeries): number | null {
  return volumes(one)?.vusPr ?? null;
}

export function seriesFigures(
  played: readonly PlayedSeries[],
  random: (name: string) => RandomFraction,
): Record<string, Figure | null> {
  const held = inputOf(played, ({ scores }) => scores);
  const onset = inputOf(played, ({ alertScores }) => alertScores);
  const [, lowFp, lowFn] = scoreNabOptimised(onset, nabProfileList);
  return {
    ...rowFigures(played, random),
    nab: heldOut(held),
    nab_onset: heldOut(onset),
    nab_fixed: figureOf(fixed(held)),
    nab_fixed_onset: figureOf(fixed(onset)),
    nab_optimised: figureOf(optimised(held)),
    nab_optimised_onset: figureOf(optimised(onset)),
    nab_low_fp: figureOf(lowFp?.normalised ?? null),
    nab_low_fn: figureOf(lowFn?.normalised ?? null),
  };
}

/** Means of what is computed series by series. */
function rowFigures(
  played: readonly PlayedSeries[],
  random: (name: string) => RandomFraction,
): Record<string, Figure | null> {
  const figure = (name: string, of: (one: PlayedSeries) => number | null): Figure | null => {
    const values = played.map(of).filter((value) => value !== null);
    const value = mean(values);
    if (value === null) return null;
    return { value, interval: bootstrapInterval(values, mean, { random: random(name) }) };
  };
  return {
    vus_pr: figure('vus_pr', seriesScore),
    vus_roc: figure('vus_roc', (one) => volumes(one)?.vusRoc ?? null),
    auc_pr: figure('auc_pr', (one) => areas(one)?.aucPr ?? null),
    range_f1: figure(
      'range_f1',
      ({ series, outcome }) => bestRangeScore(series.marks, outcome.scores)?.score.f1 ?? null,
    ),
    affiliation_f1: figure(
      'affiliation_f1',
      ({ series, outcome }) => bestAffiliation(series.marks, outcome.scores)?.score.f1 ?? null,
    ),
  };
}

function volumes({ series, outcome }: PlayedSeries) {
  return volumesUnderSurfaces(series.marks, outcome.scores, series.buffer);
}

function areas({ series, outcome }: PlayedSeries) {
  return areasUnderCurves(series.marks, outcome.scores);
}

function inputOf(
  played: readonly PlayedSeries[],
  scoresOf: (outcome: SeriesOutcome) => Float64Array,
): NabInput {
  return {
    files: played.map(({ series }) => series.rows),
    scores: played.map(({ outcome }) => scoresOf(outcome)),
  };
}

function optimised(input: NabInput): number | null {
  return scoreNabOptimised(input, [nabProfiles.standard])[0]?.normalised ?? null;
}

function fixed(input: NabInput): number | null {
  return scoreNab(input, nabProfiles.standard, fixedThreshold).normalised;
}

/** The interval runs from the worst split to the best: how much it matters which series the threshold is from. */
function heldOut(input: NabInput): Figure | null {
  if (input.files.length < 2) return null;
  const values = Array.from({ length: splits }, (_, split) => {
    const halves = randomHalves(input.files.length, randomFunction(split + 1, 'nab halves'));
    return scoreNabHeldOut(input, [nabProfiles.standard], halves)[0]?.normalised ?? null;
  }).filter((value) => value !== null);
  const value = mean(values);
  if (value === null) return null;
  const sorted = values.sort((a, b) => a - b);
  const interval = { low: sorted[0] ?? value, high: sorted.at(-1) ?? value };
  return { value, interval };
}

function figureOf(value: number | null): Figure | null {
  return value === null ? null : { value, interval: null };
}
