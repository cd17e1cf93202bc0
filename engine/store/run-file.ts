/** Makes a run file: schema, and everything that is known before the first record. */
import { existsSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { WorkbenchError } from '../errors.ts';
import type { SourceHeader } from '../replay/source.ts';
import type { ActionInput, Scenario } from '../scenario/model.ts';
import type { Micros } from '../sdk/index.ts';
import type { WriterProcess } from '../writer-process.ts';
import { openForWriting, storageError, tuneForLoading, type Connection } from './database.ts';
import { migrate } from './migrations.ts';
import { applicationId, keysPerMicrosecond, loadedIndexes } from './schema.ts';
import { insertTruth } from './truth.ts';

/** A detector as the run file describes it, so that no reader loads plugin code. */
export interface DetectorDescription {
  readonly name: string;
  readonly summary: string;
  readonly per: string;
  readonly options: unknown;
  readonly config: unknown;
  readonly messages: unknown;
  /** `built-in`, or the file it came from. */
  readonly origin: string;
}

export interface RunDescription {
  readonly id: string;
  readonly scenario: Scenario;
  readonly header: SourceHeader;
  readonly seed: number;
  /** What people do to the simulated world, in the order of time. */
  readonly inputs: readonly ActionInput[];
  /** The run that this one branches from, where it is a fork. */
  readonly parent: { readonly runId: string; readonly at: Micros } | null;
  readonly engineVersion: string;
  readonly createdUnixMs: number;
  readonly askedSpeed: string;
  readonly workers: number;
  readonly writer: WriterProcess;
  readonly detectors: readonly DetectorDescription[];
  /** Index while loading, for people who watch; else after the load, which is faster. */
  readonly indexFirst: boolean;
}

/**
 * Creates the run file. An existing file is never touched.
 * @throws WorkbenchError RUN_FILE_EXISTS, RUN_FILE_FOREIGN, STORAGE_FAILED, STORAGE_FULL
 */
export function createRunFile(file: string, run: RunDescription): Connection {
  refuseExisting(file);
  const db = openForWriting(file);
  try {
    tuneForLoading(db);
    db.transaction(() => {
      db.pragma(`application_id = ${applicationId}`);
      migrate(db);
      if (run.indexFirst) db.exec(loadedIndexes);
      insertDescription(db, run);
    }).immediate();
    return db;
  } catch (error) {
    db.close();
    throw storageError(file, error);
  }
}

function refuseExisting(file: string): void {
  if (!existsSync(file) || statSync(file).size === 0) return;
  // Read only: closing a writer would tidy up the log of somebody else's database.
  const db = new Database(file, { readonly: true });
  try {
    const found = db.pragma('application_id', { simple: true });
    if (found === applicationId) throw new WorkbenchError('RUN_FILE_EXISTS', { file });
    throw new WorkbenchError('RUN_FILE_FOREIGN', {
      file,
      toWrite: true,
      reason: 'it is the database of another program',
    });
  } catch (error) {
    throw storageError(file, error);
  } finally {
    db.close();
  }
}

function insertDescription(db: Connection, run: RunDescription): void {
  const { scenario, header } = run;
  const counts = header.intake;
  db.prepare(
    `INSERT INTO run (id, scenario_name, title, scenario_kind, scenario_hash, seed, engine_version,
       start_unix_us, duration, created_unix_ms, state, asked_speed, workers, pid, machine,
       read_count, rejected_count, truncated_count, duplicate_count,
       parent_id, forked_at, tags, difficulty)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    run.id,
    scenario.name,
    scenario.title,
    scenario.kind,
    scenario.hash,
    run.seed,
    run.engineVersion,
    header.startUnixUs,
    header.durationUs,
    run.createdUnixMs,
    run.askedSpeed,
    run.workers,
    run.writer.pid,
    run.writer.machine,
    counts?.read ?? 0,
    counts?.rejected ?? 0,
    counts?.truncated ?? 0,
    counts?.duplicates ?? 0,
    run.parent?.runId ?? null,
    run.parent?.at ?? null,
    JSON.stringify(scenario.tags),
    scenario.difficulty,
  );
  insertInputs(db, run.inputs);
  insertTruth(db, scenario);
  insertTopology(db, header);
  const detector = db.prepare(
    `INSERT INTO detector (id, name, summary, per, options, config, messages, origin)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  run.detectors.forEach((d, i) => {
    const json = [d.options, d.config, d.messages].map((value) => JSON.stringify(value));
    detector.run(i, d.name, d.summary, d.per, ...json, d.origin);
  });
}

/** In the order of time; of one moment in the order that they were given. */
function insertInputs(db: Connection, inputs: readonly ActionInput[]): void {
  const input = db.prepare('INSERT INTO input (k, t, text, action) VALUES (?, ?, ?, ?)');
  let last = -1;
  for (const { at, text, action } of inputs) {
    last = Math.max(last + 1, at * keysPerMicrosecond);
    input.run(last, at, text, JSON.stringify(action));
  }
}

function insertTopology(db: Connection, header: SourceHeader): void {
  const service = db.prepare('INSERT INTO service (id, name, kind, entry) VALUES (?, ?, ?, ?)');
  header.services.forEach((s, i) => service.run(i, s.name, s.kind, s.entry ? 1 : 0));
  const dependency = db.prepare(
    'INSERT OR IGNORE INTO dependency (caller_id, callee_id) VALUES (?, ?)',
  );
  for (const d of header.dependencies) dependency.run(d.caller, d.callee);
  const series = db.prepare(
    'INSERT INTO series (id, service_id, name, unit, attributes, role, cadence) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  header.series.forEach((s, i) =>
    series.run(i, s.service, s.name, s.unit, JSON.stringify(s.attributes), s.role, s.cadenceUs),
  );
  const interval = db.prepare(
    'INSERT INTO recorded_interval (stream, service_id, t_from, t_to) VALUES (?, ?, ?, ?)',
  );
  for (const stream of header.intervals) {
    for (const { from, to } of stream.intervals)
      interval.run(stream.stream, stream.service, from, to);
  }
}
