/**
 * What people did to the incidents of a run. Their events lie beside the engine's, which the digest
 * covers, and may be added while the run is still being written, or long after it was sealed: a
 * second connection waits for its turn and leaves the file in the journal mode it found.
 */
import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { WorkbenchError } from '../errors.ts';
import {
  applyHumanEvent,
  applyIncidentEvent,
  checkTransition,
  emptyState,
  viewIncidents,
} from '../incident/index.ts';
import {
  humanActions,
  type HumanAction,
  type HumanEvent,
  type IncidentEvent,
  type IncidentView,
} from '../incident/model.ts';
import { limits } from '../limits.ts';
import type { Micros } from '../sdk/index.ts';
import { storageError, type Connection } from './database.ts';
import { checkIdentity } from './identity.ts';

export interface HumanStep {
  readonly incident: number;
  readonly action: HumanAction;
  /** '' for none; the text of a `note`. */
  readonly note: string;
  readonly actor: string;
  /** Playhead at which the person acts, µs. */
  readonly t: Micros;
  readonly wallUnixMs: number;
}

/**
 * Appends what a person did, where it is a legal step of the incident as it stood at `t`.
 * @returns the incident after it
 * @throws WorkbenchError ILLEGAL_TRANSITION, NOT_IN_RUN, USAGE, STORAGE_FAILED, STORAGE_FULL,
 *   RUN_FILE_FOREIGN, RUN_FILE_NEWER
 */
export function appendHumanEvent(file: string, step: HumanStep): IncidentView {
  checkTexts(step);
  const writable = whetherWritable(file);
  if (!writable.ok) throw new WorkbenchError('STORAGE_FAILED', { file, reason: writable.reason });
  const db = openExisting(file);
  try {
    return db
      .transaction(() => {
        checkIdentity(db, file);
        checkTime(db, step.t);
        const before = incidentAt(db, step.incident, step.t);
        if (!before) {
          throw new WorkbenchError('NOT_IN_RUN', {
            what: 'incident',
            name: step.incident,
            t: step.t,
          });
        }
        checkTransition(before, step.action);
        db.prepare(
          `INSERT INTO human_event (t, wall_unix_ms, actor, incident, kind, payload)
           VALUES (?, ?, ?, ?, ?, ?)`,
        ).run(
          step.t,
          step.wallUnixMs,
          step.actor,
          step.incident,
          step.action,
          JSON.stringify({ note: step.note }),
        );
        return incidentAt(db, step.incident, step.t) ?? before;
      })
      .immediate();
  } catch (error) {
    throw storageError(file, error);
  } finally {
    db.close();
  }
}

/** Whether people's events can be appended; else why not. SQLite also writes beside the file. */
export function whetherWritable(
  file: string,
): { readonly ok: true } | { readonly ok: false; readonly reason: string } {
  for (const [path, what] of [
    [file, 'the run file'],
    [dirname(file), 'the folder of the run file'],
  ] as const) {
    try {
      accessSync(path, constants.W_OK);
    } catch {
      return { ok: false, reason: `${what} is read-only` };
    }
  }
  return { ok: true };
}

/** One incident as it stood at `t`, folded from its own events; null where it had not opened. */
function incidentAt(db: Connection, incident: number, t: Micros): IncidentView | null {
  const state = emptyState({ services: serviceNames(db) });
  const events = db
    .prepare<[number, Micros], IncidentEventRow>(
      'SELECT t, incident, kind, payload FROM incident_event WHERE incident = ? AND t <= ? ORDER BY k',
    )
    .all(incident, t);
  for (const row of events) applyIncidentEvent(state, incidentEventOf(row));
  for (const event of humanEvents(db, t)) applyHumanEvent(state, event);
  return viewIncidents(state, t)[0] ?? null;
}

/** People's events at or before `t`, in the order of scenario time, then of entry. */
export function humanEvents(db: Connection, t: Micros): HumanEvent[] {
  return db
    .prepare<[Micros], HumanEventRow>(
      `SELECT t, wall_unix_ms, actor, incident, kind, payload FROM human_event
       WHERE t <= ? AND incident IS NOT NULL ORDER BY t, id`,
    )
    .all(t)
    .flatMap((row) => {
      const action = humanActions.find((known) => known === row.kind);
      if (!action) return [];
      const { t: at, wall_unix_ms: wallUnixMs, actor, incident } = row;
      return [{ t: at, wallUnixMs, actor, incident, action, note: noteOf(row.payload) }];
    });
}

export interface IncidentEventRow {
  readonly t: Micros;
  readonly incident: number;
  readonly kind: string;
  readonly payload: string;
}

/** The event that the writer took apart into a row. */
export function incidentEventOf(row: IncidentEventRow): IncidentEvent {
  const { t, incident, kind, payload } = row;
  // Our own writer made the payload from such an event.
  return { ...(JSON.parse(payload) as object), t, incident, kind } as IncidentEvent;
}

interface HumanEventRow {
  readonly t: Micros;
  readonly wall_unix_ms: number;
  readonly actor: string;
  readonly incident: number;
  readonly kind: string;
  readonly payload: string;
}

function noteOf(payload: string): string {
  const { note } = JSON.parse(payload) as { readonly note?: unknown };
  return typeof note === 'string' ? note : '';
}

function serviceNames(db: Connection): string[] {
  const names: string[] = [];
  const rows = db.prepare<[], { id: number; name: string }>('SELECT id, name FROM service').all();
  for (const { id, name } of rows) names[id] = name;
  return names;
}

function openExisting(file: string): Connection {
  try {
    const db = new Database(file, { fileMustExist: true, timeout: 5_000 });
    db.pragma('trusted_schema = OFF');
    return db;
  } catch (error) {
    throw storageError(file, error);
  }
}

/** What is not stored yet cannot have been seen by anybody. */
function checkTime(db: Connection, t: Micros): void {
  const through = db.prepare('SELECT through FROM run').pluck().get();
  if (typeof through === 'number' && t <= through) return;
  throw new WorkbenchError('USAGE', { reason: `no time in the run so far: ${t}` });
}

function checkTexts({ note, actor, action, t }: HumanStep): void {
  const problem =
    note.length > limits.noteCharsMax
      ? `a note of ${note.length} characters; the limit is ${limits.noteCharsMax}`
      : actor.length > limits.actorCharsMax
        ? `a name of ${actor.length} characters; the limit is ${limits.actorCharsMax}`
        : action === 'note' && note.trim() === ''
          ? 'an empty note'
          : !Number.isSafeInteger(t) || t < 0
            ? `no time in the run: ${t}`
            : null;
  if (problem !== null) throw new WorkbenchError('USAGE', { reason: problem });
}
