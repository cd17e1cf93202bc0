/** From the results of a benchmark to its table. Every figure is computed here and now from what was said. */
import { randomFunction } from '../../replay/random.ts';
import type { ResultsFile, StoredCell, StoredEntry } from '../results/results-file.ts';
import { againstRandom } from '../statistics/against-random.ts';
import { compareDetectors } from '../statistics/compare.ts';
import { mean } from '../statistics/bootstrap.ts';
import type { Board, BoardRow, Column, Figure } from './model.ts';
import { outageColumns, outageFigures, outageScore, playedOutage } from './outage-figures.ts';
import { labelled, seriesColumns, seriesFigures, seriesScore } from './series-figures.ts';

/** Every interval and test of a board draws from streams of this seed, so a board can be made again. */
const boardSeed = 1;

/** What is known of one entry before entries are compared. */
interface Scored {
  readonly entry: StoredEntry;
  readonly figures: Readonly<Record<string, Figure | null>>;
  readonly scores: readonly (number | null)[];
  readonly failures: readonly string[];
}

export interface BoardOptions {
  /** What the board is of; a file may hold plays of other times beside it, of code that is gone. */
  readonly items: readonly string[];
  readonly seeds: readonly number[];
  readonly entries: readonly string[];
  /** Entries that roll dice, by name: what others have to be told apart from. */
  readonly isRandom: (entry: string) => boolean;
}

/** What a board of such items shows. */
export function boardColumns(kind: 'outage' | 'series'): readonly Column[] {
  return kind === 'series' ? seriesColumns : outageColumns;
}

export function makeBoard(results: ResultsFile, { isRandom, ...of }: BoardOptions): Board {
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
  return {
    suite,
    engineVersion,
    items: stored.map(({ id, hash, title }) => ({ id, hash, title })),
    seeds: of.seeds,
    columns: boardColumns(isSeries ? 'series' : 'outage'),
    rankedBy: isSeries ? 'vus_pr' : 'f1',
    rows: ranked(scored, isRandom),
    notes: isSeries ? seriesNotes : outageNotes,
  };
}

const outageNotes = [
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
) => Pick<Scored, 'figures' | 'scores'>;

function outageScorer(results: ResultsFile): ScoreEntry {
  const plays = new Map(results.plays().map((play) => [`${play.item}\0${play.seed}`, play]));
  return (cells, ids) => {
    const played = cells.flatMap(({ item, seed, outcome }) => {
      const play = plays.get(`${item}\0${seed}`);
      return play && outcome.kind === 'outage' ? [playedOutage(play, outcome)] : [];
    });
    const scores = ids.map((id) =>
      mean(played.filter(({ play }) => play.item === id).map(outageScore)),
    );
    return { scores, figures: outageFigures(played, stream) };
  };
}

function seriesScorer(results: ResultsFile): ScoreEntry {
  const known = new Map(
    results.items().flatMap(({ id, labels }) => (labels ? [[id, labelled(id, labels)]] : [])),
  );
  return (cells, ids) => {
    const played = cells.flatMap(({ item, outcome }) => {
      const series = known.get(item);
      return series && outcome.kind === 'series' ? [{ series, outcome }] : [];
    });
    const scores = ids.map((id) => {
      const own = played.find(({ series }) => series.id === id);
      return own ? seriesScore(own) : null;
    });
    return { scores, figures: seriesFigures(played, stream) };
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
