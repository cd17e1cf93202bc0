/**
 * What a benchmark costs: detectors against `null` in the same process, a detector's memory on a series
 * without end, scoring against playing, and the quick suite on two threads against one.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  benchSeries,
  nabProfileList,
  prepareNabRows,
  readNabFolder,
  scoreNabOptimised,
  type NabSeries,
} from '../../engine/benchmark/index.ts';
import { playJob } from '../../engine/benchmark/job/job.ts';
import type { BenchEntry, EntryOutcome } from '../../engine/benchmark/model.ts';
import { loadDetectors } from '../../engine/detect/index.ts';
import { systemClock } from '../../engine/replay/clock.ts';
import { randomFunction } from '../../engine/replay/random.ts';
import { builtIns } from '../../plugins/index.ts';
import { atLeast, atMost, median, type Emit, type Log } from './bar.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = `${resolve(process.env['WORKBENCH_DATA'] ?? `${root}../shared/data`)}/nab`;
const rounds = 3;

export async function run(emit: Emit, log: Log): Promise<void> {
  if (!existsSync(folder))
    log(`no ${folder}; set WORKBENCH_DATA to measure on it, now on made series`);
  const series = existsSync(folder) ? await readNabFolder(folder) : madeFolder();
  await measureSpeed(series, emit, log);
  await measureMemory(emit, log);
  measureWorkers(emit, log);
}

const detectors = ['null', 'zscore', 'general'] as const;

async function measureSpeed(series: readonly NabSeries[], emit: Emit, log: Log): Promise<void> {
  const entries = await entriesOf(detectors);
  const rows = series.reduce((sum, one) => sum + one.rows, 0);
  const files = series.map(prepareNabRows);
  const ratios: Record<'zscore' | 'general' | 'scoring', number[]> = {
    zscore: [],
    general: [],
    scoring: [],
  };
  // The first round compiles.
  for (let round = 0; round <= rounds; round++) {
    const outcomes = await playAll(series, entries);
    const [silent = NaN, zscore = NaN, general = NaN] = entries.map((_, entry) =>
      outcomes.reduce((sum, all) => sum + (all[entry]?.cost.busyNs ?? 0), 0),
    );
    const pass = await cpuSeconds(() => playAll(series, entries.slice(0, 1)));
    const scores = outcomes.map((all) => scoresOf(all[2]));
    const scoring = await cpuSeconds(() => scoreNabOptimised({ files, scores }, nabProfileList));
    if (round === 0) continue;
    ratios.zscore.push(silent / zscore);
    ratios.general.push(silent / general);
    ratios.scoring.push(scoring / pass);
    const speed = (busyNs: number): string =>
      `${Math.round((rows / busyNs) * 1e9).toLocaleString('en-US')} records/CPU-s`;
    log(
      `null ${speed(silent)}, zscore ${speed(zscore)}, general ${speed(general)}; a pass of null ${pass.toFixed(2)} s, scoring ${scoring.toFixed(2)} s`,
    );
  }
  const yardstick = '`null` in the same process';
  emit(atLeast('bench-zscore', median(ratios.zscore), 0.5, '× its speed', yardstick));
  emit(atLeast('bench-general', median(ratios.general), 0.1, '× its speed', yardstick));
  emit(
    atMost(
      'bench-scoring',
      median(ratios.scoring),
      1,
      'passes',
      'one pass of `null`, records made and all',
    ),
  );
}

/** States that do not grow with the series. */
async function measureMemory(emit: Emit, log: Log): Promise<void> {
  const entries = await entriesOf(['general']);
  const bytes: number[] = [];
  for (const rows of [100_000, 1_000_000]) {
    const [outcomes = []] = await playAll([madeSeries('endless', rows)], entries);
    bytes.push(outcomes[0]?.cost.stateBytes ?? NaN);
    log(`${rows} rows: states of ${((bytes.at(-1) ?? NaN) / 1e6).toFixed(2)} MB`);
  }
  const [short = NaN, long = NaN] = bytes;
  emit(
    atMost(
      'bench-general-memory',
      long / short,
      1.1,
      'ratio',
      'its states after a tenth of the rows',
    ),
  );
}

function measureWorkers(emit: Emit, log: Log): void {
  const output = `${root}tests/.output/perf`;
  mkdirSync(output, { recursive: true });
  const seconds = (workers: number): number => {
    const db = `${output}/bench-${workers}.db`;
    rmSync(db, { force: true });
    const started = performance.now();
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        'cli/bin.js',
        'bench',
        '--suite',
        'quick',
        '--workers',
        String(workers),
        '--db',
        db,
        '--quiet',
      ],
      { cwd: root, encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`the quick suite ended with ${status}: ${stderr}`);
    return (performance.now() - started) / 1000;
  };
  const one = seconds(1);
  const two = seconds(2);
  log(`quick suite: ${one.toFixed(1)} s on one thread, ${two.toFixed(1)} s on two`);
  emit(atMost('bench-workers', two / one, 0.65, '× its time', 'the quick suite on one thread'));
}

async function entriesOf(ids: readonly string[]): Promise<BenchEntry[]> {
  const choices = ids.map((id) => ({ id, config: {} }));
  const loaded = await loadDetectors(choices, { builtIns, cwd: root });
  return loaded.map((own) => ({
    name: own.id,
    role: 'asked',
    detectors: [own],
    seedOffset: 0,
    hash: '',
  }));
}

async function playAll(
  series: readonly NabSeries[],
  entries: readonly BenchEntry[],
): Promise<(readonly EntryOutcome[])[]> {
  const outcomes: (readonly EntryOutcome[])[] = [];
  for (const one of series) {
    const job = { item: benchSeries(one, one.name), seed: 1, entries };
    outcomes.push((await playJob(job, systemClock)).outcomes);
  }
  return outcomes;
}

function scoresOf(outcome: EntryOutcome | undefined): Float64Array {
  if (outcome?.kind !== 'series') throw new Error('a series has scores');
  return outcome.alertScores;
}

function madeFolder(): NabSeries[] {
  return Array.from({ length: 25 }, (_, i) => madeSeries(`made-${i}`, 5_000));
}

/** A day's wave with noise, five minutes apart, and one window in the middle. */
function madeSeries(name: string, rows: number): NabSeries {
  const random = randomFunction(1, name);
  const values = Float64Array.from({ length: rows }, (_, row) => {
    return 10 + Math.sin((row * 2 * Math.PI) / 288) + random();
  });
  const timesUs = Float64Array.from({ length: rows }, (_, row) => row * 300_000_000);
  const first = rows >> 1;
  return { name, rows, windows: [{ first, last: first + 100 }], timesUs, values };
}

async function cpuSeconds(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
