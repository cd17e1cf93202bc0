/**
 * What each parameter of the template miner is worth: all of Loghub with one of them changed at a time.
 * UPDATE=1 writes the table into the page of the miner.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { withGenerated } from '../../cli/output/generated.ts';
import {
  averageOf,
  defaultTuning,
  evaluateLoghub,
  type AverageScore,
  type SystemScore,
  type Tuning,
} from '../../engine/templates/index.ts';
import { atLeast, type Emit, type Log } from './bar.ts';

const neighbours: Readonly<Record<keyof Tuning, readonly number[]>> = {
  alternatives: [3, 5, 6],
  namingFactor: [1, 2, 4],
  similarity: [0.3, 0.4, 0.6, 0.7],
  placesMax: [1, 2, 4],
  mixedAlternatives: [3, 4],
  hexCharsMin: [6, 7, 10, 12],
  wordCharsMax: [32, 48, 128],
};

interface Trial {
  readonly name: string;
  readonly value: number | null;
  readonly scores: readonly SystemScore[];
  readonly average: AverageScore;
  readonly lowest: SystemScore;
}

export async function measureTuning(
  { root, loghub }: { readonly root: string; readonly loghub: string },
  { emit, log }: { readonly emit: Emit; readonly log: Log },
): Promise<void> {
  const trials = [await tryTuning(loghub, 'as it is', null, {})];
  for (const [name, values] of Object.entries(neighbours)) {
    for (const value of values)
      trials.push(await tryTuning(loghub, name, value, { [name]: value }));
  }
  for (const trial of trials) log(rowOf(trial));
  const page = `${root}engine/templates/README.md`;
  const leftOut = leftOutAccuracy(trials);
  const table = `${tableOf(trials)}\n\nEach system scored with the row that is best for all others: GA ${leftOut.toFixed(3)}.`;
  if (process.env['UPDATE'] === '1') {
    const command = 'UPDATE=1 npm run perf -- templates';
    writeFileSync(page, withGenerated(readFileSync(page, 'utf8'), 'tuning', table, command));
  }
  const accuracies = trials.map(({ average }) => average.groupingAccuracy);
  const asItIs = accuracies[0] ?? 0;
  const unit = 'grouping accuracy';
  emit(atLeast('templates-accuracy', asItIs, 0.87, unit, 'the EventIds of Loghub'));
  emit(
    atLeast('templates-left-out', leftOut, 0.87, unit, 'parameters chosen on the other systems'),
  );
  const worst = Math.min(...accuracies);
  emit(atLeast('templates-any-neighbour', worst, 0.87, unit, 'the worst value of one parameter'));
}

/** Parameters chosen without the system that they are scored on; of equals, the first, which is the default. */
function leftOutAccuracy(trials: readonly Trial[]): number {
  const systems = trials[0]?.scores.map(({ system }) => system) ?? [];
  const accuracies = systems.map((system) => {
    const others = (trial: Trial) =>
      averageOf(trial.scores.filter((score) => score.system !== system)).groupingAccuracy;
    const best = trials.reduce((one, other) => (others(other) > others(one) ? other : one));
    return best.scores.find((score) => score.system === system)?.groupingAccuracy ?? 0;
  });
  return accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / systems.length;
}

async function tryTuning(
  loghub: string,
  name: string,
  value: number | null,
  tuning: Partial<Tuning>,
): Promise<Trial> {
  const scores: SystemScore[] = [];
  for await (const score of evaluateLoghub(loghub, tuning)) scores.push(score);
  const [first, ...others] = scores;
  if (!first) throw new Error(`no systems in ${loghub}`);
  const lowest = others.reduce(
    (low, score) => (score.groupingAccuracy < low.groupingAccuracy ? score : low),
    first,
  );
  return { name, value, scores, average: averageOf(scores), lowest };
}

function tableOf(trials: readonly Trial[]): string {
  return [
    '| parameter | value | default | GA | F1 | GA as emitted | GA corrected | lowest system |',
    '|---|---|---|---|---|---|---|---|',
    ...trials.map(rowOf),
  ].join('\n');
}

function rowOf({ name, value, average, lowest }: Trial): string {
  const standard = Object.entries(defaultTuning).find(([key]) => key === name)?.[1];
  const numbers = [
    average.groupingAccuracy,
    average.groupingF1,
    average.emittedAccuracy,
    average.corrected?.groupingAccuracy,
  ].map((number) => number?.toFixed(3) ?? '–');
  const low = `${lowest.system} ${lowest.groupingAccuracy.toFixed(3)}`;
  return `| ${[name, value ?? '', standard ?? '', ...numbers, low].join(' | ')} |`;
}
