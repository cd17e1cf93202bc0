/**
 * How good the general detector is on labelled series that others published (WORKBENCH_DATA/nab): in
 * sample, and with its options and threshold chosen on one half of the series and scored on the other.
 * It plays through the engine, behind its onset filter, and is given a row at a time.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  benchSeries,
  bootstrapInterval,
  mean,
  nabProfiles,
  nabResultNames,
  normaliseNab,
  prepareNabRows,
  marksOfWindows,
  randomHalves,
  readNabFolder,
  readNabResults,
  scoreNab,
  scoreNabOptimised,
  volumesUnderSurfaces,
  vusBuffer,
  type Interval,
  type NabInput,
  type NabRows,
  type NabSeries,
} from '../../engine/benchmark/index.ts';
import { playJob } from '../../engine/benchmark/job/job.ts';
import type { BenchEntry, JobResult } from '../../engine/benchmark/model.ts';
import { loadDetectors, type LoadedDetector } from '../../engine/detect/index.ts';
import { systemClock } from '../../engine/replay/clock.ts';
import { randomFunction } from '../../engine/replay/random.ts';
import { builtIns } from '../../plugins/index.ts';
import { atLeast, type Emit, type Log } from './bar.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = `${resolve(process.env['WORKBENCH_DATA'] ?? `${root}../shared/data`)}/nab`;
const profile = nabProfiles.standard;
const splits = 20;
/** ARTime's and HTM's on the same files, by NAB's own scorer. */
const bestPublished = 75.379;
const secondPublished = 67.104;
/** What may be chosen on one half; the first are the defaults. */
const choices = [10_000, 5_000, 20_000].flatMap((memory) =>
  [200, 100, 400].map((youth) => ({ memory, youth })),
);

export async function run(emit: Emit, log: Log): Promise<void> {
  if (!existsSync(folder)) {
    log(`skipped: no ${folder}; set WORKBENCH_DATA to measure on it`);
    return;
  }
  const series = await readNabFolder(folder);
  const rows = series.map((one) => prepareNabRows(one));
  const played = await playAll(series);
  const inputs = played.map(({ alertScores }): NabInput => ({ files: rows, scores: alertScores }));
  const [defaults] = inputs;
  const [first] = played;
  if (defaults === undefined || first === undefined) throw new Error('nothing was played');
  const yardstick = (what: string) => `${series.length} series of NAB, standard profile; ${what}`;
  const inSample = scoredInSample(defaults);
  log(`in sample ${told(inSample.score, inSample.interval)}`);
  emit(atLeast('nab-in-sample', inSample.score, bestPublished, 'score', yardstick('ARTime there')));
  for (const [name, among] of [
    ['threshold', [defaults]],
    ['options and threshold', inputs],
  ] as const) {
    const held = heldOut(rows, among);
    log(
      `${name} from the other half ${told(held.score, held.interval)}, splits from ${held.worst} to ${held.best}`,
    );
    const bar = `nab-held-out-${among.length === 1 ? 'threshold' : 'all'}`;
    emit(atLeast(bar, held.score, secondPublished, 'score', yardstick('HTM in sample')));
  }
  const best = await bestPublishedVolume(series);
  const volume = volumeOf(series, first.scores);
  log(
    `VUS-PR ${volume.toFixed(3)}, of the published at most ${best.value.toFixed(3)} (${best.name})`,
  );
  emit(
    atLeast('nab-vus-pr', volume, best.value, 'share', `the best of the published: ${best.name}`),
  );
  const share = first.nullNs / first.busyNs;
  emit(
    atLeast('nab-speed', share, 0.1, 'of null', 'records per second of `null` in the same process'),
  );
}

interface Played {
  readonly scores: readonly Float64Array[];
  readonly alertScores: readonly Float64Array[];
  readonly busyNs: number;
  readonly nullNs: number;
}

/** The outcome of each choice, all with the same `null` beside them. */
async function playAll(series: readonly NabSeries[]): Promise<readonly Played[]> {
  const [silent, ...loaded] = [
    ...(await loadDetectors([{ id: 'null', config: {} }], { builtIns, cwd: root })),
    ...(
      await Promise.all(
        choices.map((config) =>
          loadDetectors([{ id: 'general', config }], { builtIns, cwd: root }),
        ),
      )
    ).flat(),
  ];
  if (silent === undefined) throw new Error('null is bundled');
  const entries = [silent, ...loaded].map(entryOf);
  const outcomes: JobResult['outcomes'][] = [];
  for (const one of series) {
    const job = { item: benchSeries(one, one.name), seed: 1, entries };
    outcomes.push((await playJob(job, systemClock)).outcomes);
  }
  const busyNs = (entry: number) =>
    outcomes.reduce((sum, all) => sum + (all[entry]?.cost.busyNs ?? 0), 0);
  return loaded.map((_, i) => {
    const own = outcomes.map((all) => {
      const outcome = all[i + 1];
      if (outcome?.kind !== 'series') throw new Error('a series has scores');
      return outcome;
    });
    return {
      scores: own.map(({ scores }) => scores),
      alertScores: own.map(({ alertScores }) => alertScores),
      busyNs: busyNs(i + 1),
      nullNs: busyNs(0),
    };
  });
}

function entryOf(loaded: LoadedDetector, i: number): BenchEntry {
  return { name: String(i), role: 'asked', detectors: [loaded], seedOffset: 0, hash: '' };
}

/** What each series adds: a benchmark of other series is a sample of these. */
interface Part {
  readonly rows: NabRows;
  readonly raw: number;
}

function scoredInSample(input: NabInput): { score: number; interval: Interval | null } {
  const [best] = scoreNabOptimised(input, [profile]);
  const parts = input.files.map((rows, f): Part => ({ rows, raw: best?.files[f]?.score ?? 0 }));
  return { score: best?.normalised ?? 0, interval: intervalOf(parts) };
}

/** Of each split, the choice and the threshold that are best on `fit` are scored on `hold`. */
function heldOut(rows: readonly NabRows[], inputs: readonly NabInput[]) {
  const scores: number[] = [];
  const sums = rows.map((one) => ({ rows: one, raw: 0, times: 0 }));
  for (let seed = 1; seed <= splits; seed++) {
    const { fit, hold } = randomHalves(rows.length, randomFunction(seed, 'nab halves'));
    const fitted = inputs.map((input) => {
      const [best] = scoreNabOptimised(partOf(input, fit), [profile]);
      return { input, threshold: best?.threshold ?? 1.1, score: best?.normalised ?? 0 };
    });
    const chosen = fitted.reduce((best, one) => (one.score > best.score ? one : best));
    const result = scoreNab(partOf(chosen.input, hold), profile, chosen.threshold);
    scores.push(result.normalised ?? 0);
    hold.forEach((file, i) => {
      const sum = sums[file];
      if (sum === undefined) return;
      sum.raw += result.files[i]?.score ?? 0;
      sum.times += 1;
    });
  }
  const parts = sums
    .filter(({ times }) => times > 0)
    .map(({ rows: one, raw, times }): Part => ({ rows: one, raw: raw / times }));
  return {
    score: mean(scores) ?? 0,
    worst: Math.min(...scores).toFixed(1),
    best: Math.max(...scores).toFixed(1),
    interval: intervalOf(parts),
  };
}

function partOf({ files, scores }: NabInput, indexes: readonly number[]): NabInput {
  const pick = <T>(all: readonly T[]): T[] => all.filter((_, i) => indexes.includes(i));
  return { files: pick(files), scores: pick(scores) };
}

function intervalOf(parts: readonly Part[]): Interval | null {
  return bootstrapInterval(
    parts,
    (sample) =>
      normaliseNab(
        sample.reduce((sum, { raw }) => sum + raw, 0),
        sample.map(({ rows }) => rows),
        profile,
      ),
    { random: randomFunction(1, 'nab interval') },
  );
}

async function bestPublishedVolume(series: readonly NabSeries[]) {
  let best = { name: 'null', value: 0 };
  for (const name of nabResultNames(folder)) {
    const value = volumeOf(series, await readNabResults(folder, name, series));
    if (value > best.value) best = { name, value };
  }
  return best;
}

/** Mean over the series with a window. */
function volumeOf(series: readonly NabSeries[], scores: readonly Float64Array[]): number {
  const volumes = series.flatMap(({ rows, windows, values }, i) => {
    const own = scores[i];
    if (windows.length === 0 || own === undefined) return [];
    return volumesUnderSurfaces(marksOfWindows(rows, windows), own, vusBuffer(values)).vusPr ?? [];
  });
  return mean(volumes) ?? 0;
}

function told(score: number, interval: Interval | null): string {
  const brackets =
    interval === null ? '' : ` [${interval.low.toFixed(1)}, ${interval.high.toFixed(1)}]`;
  return `${score.toFixed(1)}${brackets}`;
}
