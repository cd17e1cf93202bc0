/** From the results of a benchmark to its table. Every figure is computed here and now from what was said. */
import { randomFunction } from '../../replay/random.ts';
import { limits } from '../../limits.ts';
import type { ResultsFile } from '../results/results-file.ts';
import type { MadeBoard, Plan, StoredCell, StoredEntry } from '../results/schema.ts';
import { againstRandom } from '../statistics/against-random.ts';
import { compareDetectors } from '../statistics/compare.ts';
import { mean } from '../statistics/bootstrap.ts';
import type { EntryDetails } from './details.ts';
import type { BoardItem, BoardRow, Column, Figure } from './model.ts';
import { costColumns, costFigures } from './cost-figures.ts';
import { outageDetails } from './outage-details.ts';
import { outageColumns, outageFigures, outageScore, playedOutage } from './outage-figures.ts';
import { outageGrids, thresholdColumns, thresholdFigures } from './outage-thresholds.ts';
import { seriesDetails } from './series-details.ts';
import { labelled, seriesColumns, seriesFigures, seriesScore } from './series-figures.ts';

/** Every interval and test of a board draws from streams of this seed, so a board can be made again. */
const boardSeed = 1;

/** What is known of one entry before entries are compared. */
interface Scored {
  readonly entry: StoredEntry;
  readonly figures: Readonly<Record<string, Figure | null>>;
  readonly scores: readonly (number | null)[];
  readonly failures: readonly string[];
  readonly details: Omit<EntryDetails, 'entry' | 'mistakeCount'>;
}

export interface BoardOptions extends Plan {
  /** Entries that roll dice, by name: what others have to be told apart from. */
  readonly isRandom: (entry: string) => boolean;
}

/** What a board of such items shows. */
export function boardColumns(kind: 'outage' | 'series'): readonly Column[] {
  const own = kind === 'series' ? seriesColumns : [...outageColumns, ...thresholdColumns];
  return [...own, ...costColumns];
}

/** Of what is there, should some be missing. */
export function makeBoard(results: ResultsFile, { isRandom, ...of }: BoardOptions): MadeBoard {
  const stored = results.items().filter(({ id }) => of.items.includes(id));
  const ids = stored.map(({ id }) => id);
  const isSeries = stored[0]?.kind === 'series';
  const scoreEntry = isSeries ? seriesScorer(results) : outageScorer(results);
  const entries = results.entries().filter(({ name }) => of.entries.includes(name));
  const scored = entries.map((entry): Scored => {
    const cells = results
      .cells(entry.name)
      .filter(({ item, seed }) => ids.includes(item) && of.seeds.includes(seed));
    const failures = [...new Set(cells.flatMap(({ outcome }) => outcome.cost.failures))];
    return { entry, failures, ...scoreEntry(cells, ids) };
  });
  const { suite, engineVersion } = results.heading;
  const rows = ranked(scored, isRandom);
  const board = {
    suite,
    engineVersion,
    items: boardItems(results, ids),
    seeds: of.seeds,
    columns: boardColumns(isSeries ? 'series' : 'outage'),
    rankedBy: isSeries ? 'vus_pr' : 'f1',
    rows,
    notes: [...(isSeries ? seriesNotes : outageNotes), ...of.notes],
  };
  return { board, details: { entries: rows.flatMap((row) => detailsOf(row, scored)) } };
}

function boardItems(results: ResultsFile, ids: readonly string[]): BoardItem[] {
  const plays = results.plays();
  return results.items().flatMap(({ labels: _labels, ...item }) => {
    if (!ids.includes(item.id)) return [];
    const lengths = plays.flatMap(({ item: of, truth }) =>
      of === item.id && truth ? [truth.durationUs] : [],
    );
    const known = results.series(item.id)?.timesUs.at(-1) ?? lengths[0] ?? null;
    return [{ ...item, durationUs: known }];
  });
}

function detailsOf({ entry }: BoardRow, scored: readonly Scored[]): EntryDetails[] {
  const own = scored.find((one) => one.entry.name === entry);
  if (!own) return [];
  const { mistakes } = own.details;
  return [
    {
      entry,
      ...own.details,
      mistakes: mistakes.slice(0, limits.benchmarkMistakesMax),
      mistakeCount: mistakes.length,
    },
  ];
}

const outageNotes = [
  'Columns with a threshold take findings, ten seconds each, as alarms from that score on: "held" as they come, "onset" where nothing as sure came in the ten minutes before.',
  'An incident of the workbench is one alarm: it opens from what the entry finds, as in a run.',
  'Ranks compare scenario by scenario: F1, or whether it kept silent where nothing was wrong.',
];
const seriesNotes = [
  'Scores in sample choose the threshold on what they are judged by; only those held out tell what a user will see.',
  'Ranks compare series by series, by VUS-PR.',
];

type ScoreEntry = (
  cells: readonly StoredCell[],
  ids: readonly string[],
) => Pick<Scored, 'figures' | 'scores' | 'details'>;

function outageScorer(results: ResultsFile): ScoreEntry {
  const plays = new Map(results.plays().map((play) => [`${play.item}\0${play.seed}`, play]));
  return (cells, ids) => {
    const played = cells.flatMap(({ item, seed, outcome }) => {
      const play = plays.get(`${item}\0${seed}`);
      return play && outcome.kind === 'outage' ? [playedOutage(play, outcome)] : [];
    });
    const byItem = ids.map((id) => played.filter(({ play }) => play.item === id));
    const known = byItem.filter((plays) => plays.length > 0);
    const grids = outageGrids(known);
    const details = outageDetails(played, grids);
    const costs = played.map(({ play, outcome }) => ({ cost: outcome.cost, ...play }));
    const figures = {
      ...outageFigures(known, stream),
      ...thresholdFigures(grids, known.length),
      ...costFigures(costs, details.calibration),
    };
    return { scores: byItem.map((plays) => mean(plays.map(outageScore))), figures, details };
  };
}

function seriesScorer(results: ResultsFile): ScoreEntry {
  const known = new Map(
    results.items().flatMap(({ id, labels }) => {
      const rows = results.series(id);
      return labels && rows ? [[id, labelled(id, labels, rows.timesUs)] as const] : [];
    }),
  );
  return (cells, ids) => {
    const played = cells.flatMap(({ item, seed, outcome }) => {
      const series = known.get(item);
      return series && outcome.kind === 'series' ? [{ series, seed, outcome }] : [];
    });
    const scores = ids.map((id) => {
      const own = played.find(({ series }) => series.id === id);
      return own ? seriesScore(own) : null;
    });
    const details = seriesDetails(played);
    const costs = played.map(({ series, outcome }) => ({
      cost: outcome.cost,
      records: series.rows.rows,
    }));
    const figures = {
      ...seriesFigures(played, stream),
      ...costFigures(costs, details.calibration),
    };
    return { scores, figures, details };
  };
}

function ranked(scored: readonly Scored[], isRandom: (entry: string) => boolean): BoardRow[] {
  const { detectors } = compareDetectors(
    scored.map(({ entry, scores }) => ({ detector: entry.name, scores })),
    stream,
  );
  const dice = scored.filter(({ entry }) => isRandom(entry.name)).map(({ scores }) => scores);
  return detectors.flatMap(({ detector, rank, tiesWith }) => {
    const own = scored.find(({ entry }) => entry.name === detector);
    if (!own) return [];
    const { entry, figures, scores, failures } = own;
    const verdict =
      isRandom(detector) || dice.length === 0
        ? null
        : againstRandom({ own: scores, seeds: dice }, stream(`dice ${detector}`));
    const { name, role } = entry;
    return [
      {
        entry: name,
        role,
        detectors: entry.detectors,
        figures,
        rank,
        tiesWith,
        againstRandom: verdict,
        failures,
        scores,
      },
    ];
  });
}

function stream(name: string): () => number {
  return randomFunction(boardSeed, name);
}
