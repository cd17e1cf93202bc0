/** The two contestants of the replay bar: the whole pipeline, and bare inserts of the same rows. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { loadDetectors } from '../../engine/detect/index.ts';
import { createCacheSource, prepareRecording } from '../../engine/recording/index.ts';
import { BatchReader, BatchWriter, Kind, makeSlot } from '../../engine/replay/batch.ts';
import { startRun, systemClock } from '../../engine/replay/index.ts';
import { loadScenario } from '../../engine/scenario/index.ts';
import { tuneForLoading } from '../../engine/store/database.ts';
import { tables } from '../../engine/store/schema.ts';
import { builtIns, defaultDetectors } from '../../plugins/index.ts';
import type { Log } from './bar.ts';
import { generateRecording } from './generate-recording.ts';

/** Outside of the build, inside of what git ignores. */
const folder = fileURLToPath(new URL('../../../tests/.output/perf', import.meta.url));
const rowsPerTransaction = 10_000;

export interface Recording {
  readonly scenarioFile: string;
  readonly cacheFile: string;
  readonly rows: number;
}

export interface Measured {
  readonly rows: number;
  readonly seconds: number;
}

export interface Replayed extends Measured {
  readonly fed: readonly { readonly detector: string; readonly recordsFed: number }[];
}

/** A generated recording of so many log records and a tenth as many metric points, read and sorted. */
export async function recordingOf(logs: number, log: Log): Promise<Recording> {
  const home = join(folder, `recording-${logs}`);
  mkdirSync(home, { recursive: true });
  const { logFile, metricFile } = generateRecording({
    folder: home,
    logs,
    points: logs / 10,
    seed: 1,
  });
  const scenarioFile = join(home, 'scenario.yaml');
  const sources = [
    { format: 'jsonl-logs', path: logFile },
    { format: 'csv-metrics-long', path: metricFile },
  ];
  const scenario = {
    apiVersion: 'workbench/v1',
    kind: 'recorded',
    name: `generated-${logs}`,
    title: 'Generated',
  };
  writeFileSync(scenarioFile, JSON.stringify({ ...scenario, sources, detectors: 'default' }));
  const started = performance.now();
  const { cacheFile, header, built } = await prepareRecording(await recorded(scenarioFile), {
    cacheFolder: join(folder, 'cache'),
  });
  const seconds = (performance.now() - started) / 1000;
  const rows = header.intake?.stored ?? 0;
  if (built) log(`read and sorted ${rows} records in ${seconds.toFixed(1)} s`);
  return { scenarioFile, cacheFile, rows };
}

async function recorded(file: string) {
  const scenario = await loadScenario(file);
  if (scenario.kind !== 'recorded') throw new Error('a generated recording is recorded');
  return scenario;
}

/** Source → detectors → folds → run file; the clock stops when the file is indexed and sealed. */
export async function replay(
  recording: Recording,
  file: string = join(folder, `replay-${process.pid}.db`),
): Promise<Replayed> {
  const scenario = await recorded(recording.scenarioFile);
  const choices = defaultDetectors.map((id) => ({ id, config: {} }));
  const detectors = await loadDetectors(choices, { builtIns, cwd: folder });
  rmSync(file, { force: true });
  const started = performance.now();
  const run = await startRun({
    runId: 'perf',
    file,
    scenario,
    plan: { kind: 'recorded', cacheFile: recording.cacheFile, objectives: [] },
    seed: 1,
    detectors,
    workers: 1,
    speed: 'max',
    watched: false,
    engineVersion: 'perf',
    process: { pid: process.pid, machine: 'here' },
    clock: systemClock,
    wallClock: () => 0,
  });
  const outcome = await run.done;
  const seconds = (performance.now() - started) / 1000;
  if (outcome.state !== 'completed') throw new Error(`the run ${outcome.state}: ${outcome.reason}`);
  if (file.includes(`replay-${process.pid}`)) rmSync(file, { force: true });
  return { rows: recording.rows, seconds, fed: outcome.detectors };
}

/** One prepared insert a table, one transaction per 10,000 rows, no index; rows are made off the clock. */
export function insertRows(recording: Recording): Measured {
  const file = join(folder, `bare-${process.pid}.db`);
  rmSync(file, { force: true });
  const db = new Database(file);
  tuneForLoading(db);
  db.exec(tables);
  const log = db.prepare(
    'INSERT INTO log (k, t, service_id, severity, body, trace_id, attributes) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const sample = db.prepare('INSERT INTO sample (series_id, t, value) VALUES (?, ?, ?)');
  let milliseconds = 0;
  let rows = 0;
  const insert = (chunk: readonly (readonly unknown[])[]): void => {
    const started = performance.now();
    db.exec('BEGIN IMMEDIATE');
    for (const row of chunk) (row.length === 7 ? log : sample).run(...row);
    db.exec('COMMIT');
    milliseconds += performance.now() - started;
    rows += chunk.length;
  };
  for (const chunk of rowsOf(recording.cacheFile)) insert(chunk);
  db.close();
  rmSync(file, { force: true });
  return { rows, seconds: milliseconds / 1000 };
}

/** The rows that the pipeline stores, as plain values, in chunks of one transaction. */
function* rowsOf(cacheFile: string): Generator<readonly (readonly unknown[])[]> {
  const source = createCacheSource(cacheFile);
  const slot = makeSlot();
  const batch = new BatchWriter(slot);
  const reader = new BatchReader(slot);
  let chunk: (readonly unknown[])[] = [];
  let key = -1;
  for (batch.reset(); source.next(batch) !== null; batch.reset()) {
    reader.open(batch);
    const { t, kind, subject, severity, value } = reader.columns;
    for (let i = 0; i < batch.count; i++) {
      const time = t[i] ?? 0;
      if (kind[i] === Kind.metric) chunk.push([subject[i], time, value[i]]);
      else {
        key = Math.max(key + 1, time * 4);
        chunk.push([
          key,
          time,
          subject[i],
          severity[i],
          reader.body(i),
          reader.trace(i),
          reader.attributes(i),
        ]);
      }
      if (chunk.length < rowsPerTransaction) continue;
      yield chunk;
      chunk = [];
    }
  }
  yield chunk;
  source.close();
}
