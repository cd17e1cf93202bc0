/** Makes run files from plain rows, for tests of what reads them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { HealthEvent, HealthWindow } from '../../engine/health/model.ts';
import {
  applyHealthEvent,
  applyIncidentEvent,
  emptyState,
  type HumanEvent,
  type IncidentEvent,
} from '../../engine/incident/index.ts';
import { migrate, migrations } from '../../engine/store/migrations.ts';
import { applicationId, bucketUs, levelOf, loadedIndexes } from '../../engine/store/schema.ts';
import { machineId } from '../../engine/writer-process.ts';

export interface LogInput {
  readonly t: number;
  readonly service: number;
  readonly severity: number;
  readonly body: string;
  readonly trace?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

export interface RunFileInput {
  readonly id?: string;
  /** Of the tables; default: the newest. */
  readonly version?: number;
  readonly services: readonly { readonly name: string; readonly entry?: boolean }[];
  readonly dependencies?: readonly (readonly [caller: number, callee: number])[];
  readonly durationUs: number;
  /** Default: `durationUs`. */
  readonly throughUs?: number;
  readonly state?: string;
  readonly pid?: number | null;
  /** Default: this one. */
  readonly machine?: string;
  /** In the order of time, like everything below. */
  readonly logs?: readonly LogInput[];
  readonly series?: readonly { readonly service: number; readonly name: string }[];
  readonly samples?: readonly (readonly [series: number, t: number, value: number])[];
  readonly changes?: readonly {
    readonly t: number;
    readonly service: number;
    readonly kind: string;
    readonly note: string;
  }[];
  readonly detectors?: readonly string[];
  readonly findings?: readonly {
    readonly t: number;
    readonly detector: number;
    readonly subject: string;
    readonly service: number | null;
    readonly severity?: string;
  }[];
  readonly incidentEvents?: readonly IncidentEvent[];
  readonly healthEvents?: readonly HealthEvent[];
  readonly windows?: readonly HealthWindow[];
  readonly humanEvents?: readonly HumanEvent[];
  /** Default: `test`. */
  readonly scenario?: string;
  readonly objectives?: readonly {
    readonly name: string;
    readonly service: string;
    readonly target: number;
    readonly period: number;
  }[];
  readonly sli?: readonly (readonly [
    objective: number,
    bucket: number,
    total: number,
    bad: number,
  ])[];
  readonly worlds?: readonly (readonly [t: number, hash: string])[];
  /** Keyframes with a digest of their own. */
  readonly keyframes?: readonly (readonly [t: number, digest: string])[];
  /** Exclusive watermarks at which the folded state is kept. */
  readonly keyframesAt?: readonly number[];
  readonly indexed?: boolean;
  /** Default: sealed (`delete`). */
  readonly journalMode?: 'wal' | 'delete';
}

/** A folder that goes away after `use`. */
export function withFolder<A>(use: (folder: string) => A): A {
  const folder = mkdtempSync(join(tmpdir(), 'workbench-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes a run file the way the run's writer does. Returns the path. */
export function makeRunFile(file: string, input: RunFileInput): string {
  const db = new Database(file);
  try {
    db.pragma('page_size = 4096');
    db.pragma(`journal_mode = ${input.journalMode ?? 'delete'}`);
    db.pragma('synchronous = OFF');
    db.transaction(() => {
      db.pragma(`application_id = ${applicationId}`);
      migrate(db, migrations.slice(0, input.version ?? migrations.length));
      insertRun(db, input);
      insertLogs(db, input.logs ?? []);
      insertOthers(db, input);
      insertKeyframes(db, input);
      insertObjectives(db, input);
      if (input.indexed !== false) db.exec(loadedIndexes);
    })();
    return file;
  } finally {
    db.close();
  }
}

function insertRun(db: Database.Database, input: RunFileInput): void {
  db.prepare(
    `INSERT INTO run (id, scenario_name, title, scenario_kind, scenario_hash, seed, engine_version,
       start_unix_us, duration, created_unix_ms, state, asked_speed, workers, through, digest, pid, machine, stored_count)
     VALUES (?, ?, 'A test', 'simulated', 'hash', 1, '0', 0, ?, 1000, ?, 'max', 2, ?, 'abc', ?, ?, ?)`,
  ).run(
    input.id ?? 'test-1',
    input.scenario ?? 'test',
    input.durationUs,
    input.state ?? 'completed',
    input.throughUs ?? input.durationUs,
    input.pid ?? null,
    input.machine ?? machineId(),
    input.logs?.length ?? 0,
  );
  const service = db.prepare('INSERT INTO service (id, name, kind, entry) VALUES (?, ?, ?, ?)');
  input.services.forEach((s, i) => service.run(i, s.name, 'service', s.entry ? 1 : 0));
  const dependency = db.prepare('INSERT INTO dependency (caller_id, callee_id) VALUES (?, ?)');
  for (const [caller, callee] of input.dependencies ?? []) dependency.run(caller, callee);
  const detector = db.prepare(
    `INSERT INTO detector (id, name, summary, per, options, config, messages, origin, state)
     VALUES (?, ?, 'a detector', 'service', '{}', '{}', '{}', 'built-in', 'completed')`,
  );
  input.detectors?.forEach((name, i) => detector.run(i, name));
  const series = db.prepare(
    `INSERT INTO series (id, service_id, name, unit, attributes, role, cadence)
     VALUES (?, ?, ?, '1', '{"le":"5"}', NULL, 1000000)`,
  );
  input.series?.forEach((s, i) => series.run(i, s.service, s.name));
}

function insertLogs(db: Database.Database, logs: readonly LogInput[]): void {
  const log = db.prepare(
    `INSERT INTO log (k, t, service_id, severity, body, trace_id, attributes) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const second = db.prepare(
    `INSERT INTO rollup_second (second, level, count) VALUES (?, ?, 1)
     ON CONFLICT DO UPDATE SET count = count + 1`,
  );
  const service = db.prepare(
    `INSERT INTO rollup_service (service_id, bucket, level, count) VALUES (?, ?, ?, 1)
     ON CONFLICT DO UPDATE SET count = count + 1`,
  );
  const key = keys();
  for (const { t, service: id, severity, body, trace, attributes } of logs) {
    const json = attributes ? JSON.stringify(attributes) : null;
    log.run(key(t), t, id, severity, body, trace ?? null, json);
    second.run(Math.floor(t / 1e6), levelOf(severity));
    service.run(id, Math.floor(t / bucketUs), levelOf(severity));
  }
}

function insertOthers(db: Database.Database, input: RunFileInput): void {
  const sample = db.prepare('INSERT INTO sample (series_id, t, value) VALUES (?, ?, ?)');
  for (const point of input.samples ?? []) sample.run(...point);
  const change = db.prepare(
    'INSERT INTO change (k, t, service_id, kind, note) VALUES (?, ?, ?, ?, ?)',
  );
  const changeKey = keys();
  for (const c of input.changes ?? []) change.run(changeKey(c.t), c.t, c.service, c.kind, c.note);
  const finding = db.prepare(
    `INSERT INTO finding (k, t, detector_id, subject, service_id, severity, score, message, body, "values")
     VALUES (?, ?, ?, ?, ?, ?, 0.9, 'deviates', 'it deviates', '{}')`,
  );
  const findingKey = keys();
  for (const f of input.findings ?? []) {
    const severity = f.severity ?? 'warning';
    finding.run(findingKey(f.t), f.t, f.detector, f.subject, f.service, severity);
  }
  const incident = db.prepare(
    'INSERT INTO incident_event (k, t, incident, kind, payload) VALUES (?, ?, ?, ?, ?)',
  );
  const incidentKey = keys();
  for (const { t, incident: id, kind, ...rest } of input.incidentEvents ?? []) {
    incident.run(incidentKey(t), t, id, kind, JSON.stringify(rest));
  }
  const health = db.prepare(
    'INSERT INTO health_event (k, t, service_id, state, reason, payload) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const healthKey = keys();
  for (const { t, service, state, reason, figures } of input.healthEvents ?? []) {
    health.run(healthKey(t), t, service, state, reason, JSON.stringify(figures));
  }
  const window = db.prepare(
    `INSERT INTO rollup_health (service_id, bucket, request_rate, error_ratio, latency_p95, state)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  for (const { service, bucket, figures, state } of input.windows ?? []) {
    const { requestRate, errorRatio, latencyP95 } = figures;
    window.run(service, bucket, requestRate, errorRatio, latencyP95, state);
  }
  const human = db.prepare(
    `INSERT INTO human_event (t, wall_unix_ms, actor, incident, kind, payload) VALUES (?, ?, ?, ?, ?, ?)`,
  );
  for (const e of input.humanEvents ?? []) {
    human.run(e.t, e.wallUnixMs, e.actor, e.incident, e.action, JSON.stringify({ note: e.note }));
  }
}

/** The engine's state before a watermark, folded from zero. */
function stateBefore(input: RunFileInput, at: number): string {
  const state = emptyState({ services: input.services.map((s) => s.name) });
  for (const event of input.incidentEvents ?? []) {
    if (event.t < at) applyIncidentEvent(state, event);
  }
  for (const event of input.healthEvents ?? []) {
    if (event.t < at) applyHealthEvent(state, event);
  }
  return JSON.stringify(state);
}

function insertKeyframes(db: Database.Database, input: RunFileInput): void {
  const keyframe = db.prepare('INSERT INTO keyframe (k, t, state, digest) VALUES (?, ?, ?, ?)');
  const plain = (input.keyframesAt ?? []).map((at) => [at, 'abc'] as const);
  for (const [at, digest] of [...plain, ...(input.keyframes ?? [])]) {
    keyframe.run(at * 4, at, stateBefore(input, at), digest);
  }
  for (const world of input.worlds ?? []) {
    db.prepare('INSERT INTO checkpoint (t, hash) VALUES (?, ?)').run(...world);
  }
}

function insertObjectives(db: Database.Database, input: RunFileInput): void {
  input.objectives?.forEach(({ name, service, target, period }, i) => {
    db.prepare(
      `INSERT INTO truth_objective (objective, name, service, target, period) VALUES (?, ?, ?, ?, ?)`,
    ).run(i, name, service, target, period);
  });
  for (const row of input.sli ?? []) {
    db.prepare('INSERT INTO truth_sli VALUES (?, ?, ?, ?)').run(...row);
  }
}

/** `max(previous + 1, t * 4)`, as the writer numbers the rows of one table. */
function keys(): (t: number) => number {
  let last = -1;
  return (t) => (last = Math.max(last + 1, t * 4));
}
