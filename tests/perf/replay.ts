/**
 * The whole pipeline on a generated recording, against bare better-sqlite3 inserting the same rows
 * in the same process. The recording is read and sorted once before the clock starts, as `workbench
 * run` does on its first run of a recording; what is timed is source → detectors → folds → run file,
 * with every index and rollup built before the clock stops.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { atLeast, atMost, median, type Emit, type Log } from './bar.ts';
import { insertRows, recordingOf, replay, type Recording } from './replay-work.ts';

const rounds = 3;
const million = 1_000_000;
const residentMbMax = 350;

export async function run(emit: Emit, log: Log): Promise<void> {
  const small = await recordingOf(million, log);
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const bare = insertRows(small);
    const whole = await replay(small);
    ratios.push(bare.seconds / whole.seconds);
    log(
      `round ${round + 1}: bare ${perSecond(bare)} rows/s, pipeline ${perSecond(whole)} rows/s, ratio ${(bare.seconds / whole.seconds).toFixed(2)}`,
    );
    for (const fed of whole.fed) log(`  ${fed.detector} was fed ${fed.recordsFed} records`);
  }
  emit(
    atLeast(
      'replay',
      median(ratios),
      0.6,
      'ratio',
      'rows/s of bare better-sqlite3, one prepared insert, no index',
    ),
  );

  const large = await recordingOf(3 * million, log);
  const times = { small: [] as number[], large: [] as number[] };
  const resident = { small: 0, large: 0 };
  for (let round = 0; round < rounds; round++) {
    for (const [size, recording] of [
      ['small', small],
      ['large', large],
    ] as const) {
      const child = inChild(recording);
      times[size].push(child.seconds);
      resident[size] = Math.max(resident[size], child.residentMb);
      log(`${size}: ${child.seconds.toFixed(2)} s, peak ${child.residentMb.toFixed(0)} MB`);
    }
  }
  const growth = median(times.large) / median(times.small);
  emit(atMost('replay-linear', growth, 3.3, 'ratio', 'time of one million records'));
  emit(
    atMost(
      'replay-memory-1m',
      resident.small,
      residentMbMax,
      'MB',
      'peak resident memory of the process tree',
    ),
  );
  emit(
    atMost(
      'replay-memory-3m',
      resident.large,
      residentMbMax,
      'MB',
      'peak resident memory of the process tree',
    ),
  );
}

function perSecond(measured: { readonly rows: number; readonly seconds: number }): string {
  return Math.round(measured.rows / measured.seconds).toLocaleString('en-US');
}

/** The pipeline alone in a process, which tells its own peak. All its parts are threads of that process. */
function inChild(recording: Recording): { readonly seconds: number; readonly residentMb: number } {
  const script = fileURLToPath(new URL('./replay-child.js', import.meta.url));
  const done = spawnSync(process.execPath, [script, recording.scenarioFile, recording.cacheFile], {
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`the pipeline failed: ${done.stderr}`);
  return JSON.parse(done.stdout) as { seconds: number; residentMb: number };
}

/** A run file of one million records, for the bars that read one. */
export async function runFileForReading(log: Log): Promise<string> {
  const file = fileURLToPath(new URL('../../../tests/.output/perf/million.db', import.meta.url));
  rmSync(file, { force: true });
  await replay(await recordingOf(million, log), file);
  return file;
}
