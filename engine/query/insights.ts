/**
 * Insight cards at a playhead, computed from the rows of the run file. `RowFacts` is the only way
 * from the analyst to the file, and clamps every span to the playhead.
 */
import {
  analyse,
  type ChangeFact,
  type FindingFact,
  type HealthFact,
  type IncidentFact,
  type InsightCard,
  type LogFact,
  type RunFacts,
  type SampleFact,
  type SeriesFact,
  type ServiceFact,
  type Span,
} from '../insight/index.ts';
import type { Micros } from '../sdk/index.ts';
import type { Connection } from '../store/database.ts';
import { keysPerMicrosecond } from '../store/schema.ts';

/** Rows that one look at the run may read: enough for 40 minutes of seconds. */
const samplesMax = 2_400;
/** Lines per severity number: the first ones of an outage say most. */
const problemsMax = 300;
const eventsMax = 200;
const findingsMax = 1_000;
/** Findings of all services that the search for one service's first may pass. */
const findingsPassedMax = 20_000;

/** Cards of the run at `t`, or of one incident, strongest first; from rows at or before `t` only. */
export function insightsAt(
  db: Connection,
  about: { readonly t: Micros; readonly incident?: number },
): InsightCard[] {
  return analyse(new RowFacts(db, about.t), about.incident);
}

type Table = 'log' | 'change' | 'finding' | 'health_event' | 'incident_event';

class RowFacts implements RunFacts {
  readonly playhead: Micros;
  readonly services: readonly ServiceFact[];
  readonly #db: Connection;
  readonly #series = new Map<number, SeriesFact[]>();
  readonly #callees = new Map<number, number[]>();
  readonly #callers = new Map<number, number[]>();
  readonly #read = new Map<string, readonly unknown[]>();

  constructor(db: Connection, playhead: Micros) {
    this.#db = db;
    this.playhead = playhead;
    const services: ServiceFact[] = [];
    for (const row of this.#rows<{ id: number; name: string; entry: number }>(
      'SELECT id, name, entry FROM service ORDER BY id',
    )) {
      services[row.id] = { id: row.id, name: row.name, entry: row.entry === 1 };
    }
    this.services = services;
    for (const { caller, callee } of this.#rows<{ caller: number; callee: number }>(
      'SELECT caller_id AS caller, callee_id AS callee FROM dependency',
    )) {
      addTo(this.#callees, caller, callee);
      addTo(this.#callers, callee, caller);
    }
    const series = this.#rows<Omit<SeriesFact, 'attributes'> & { readonly attributes: string }>(
      `SELECT id, service_id AS service, name, unit, attributes, role, cadence AS cadenceUs
       FROM series ORDER BY id`,
    );
    for (const row of series) {
      // Our own writer's JSON.
      const attributes = JSON.parse(row.attributes) as SeriesFact['attributes'];
      addTo(this.#series, row.service, { ...row, attributes });
    }
  }

  callees(service: number): readonly number[] {
    return this.#callees.get(service) ?? [];
  }

  callers(service: number): readonly number[] {
    return this.#callers.get(service) ?? [];
  }

  series(service: number): readonly SeriesFact[] {
    return this.#series.get(service) ?? [];
  }

  samples(series: number, span: Span): readonly SampleFact[] {
    return this.#rows<SampleFact>(
      `SELECT t, value FROM (
         SELECT t, value FROM sample WHERE series_id = ? AND t >= ? AND t <= ?
         ORDER BY t DESC LIMIT ${samplesMax}
       ) ORDER BY t`,
      series,
      span.from,
      this.#until(span),
    );
  }

  problems(service: number, span: Span): readonly LogFact[] {
    const [low, high] = this.#keys('log', span);
    const lines: LogFact[] = [];
    // One severity number at a time gives a range of the index without sorting; keys first, because
    // for whole rows SQLite prefers the table and would read every line of the span.
    for (let severity = 13; severity <= 24; severity++) {
      const found = this.#rows<LogFact>(
        `SELECT k, t, severity, body FROM log WHERE k IN (
           SELECT k FROM log
           WHERE service_id = ? AND severity = ? AND severity >= 13 AND k >= ? AND k < ?
           ORDER BY k LIMIT ${problemsMax}
         ) ORDER BY k`,
        service,
        severity,
        low,
        high,
      );
      lines.push(...found);
    }
    return lines.sort((a, b) => a.k - b.k);
  }

  changes(service: number, span: Span): readonly ChangeFact[] {
    const [low, high] = this.#keys('change', span);
    return this.#rows<ChangeFact>(
      `SELECT k, t, kind, note FROM change WHERE service_id = ? AND k >= ? AND k < ?
       ORDER BY k DESC LIMIT ${eventsMax}`,
      service,
      low,
      high,
    ).toReversed();
  }

  healthEvents(service: number, span: Span): readonly HealthFact[] {
    const [low, high] = this.#keys('health_event', span);
    return this.#rows<HealthFact>(
      `SELECT k, t, state, reason FROM health_event WHERE service_id = ? AND k >= ? AND k < ?
       ORDER BY k DESC LIMIT ${eventsMax}`,
      service,
      low,
      high,
    ).toReversed();
  }

  findings(span: Span): readonly FindingFact[] {
    const [low, high] = this.#keys('finding', span);
    return this.#rows<FindingFact>(
      `SELECT finding.k, finding.t, service_id AS service, detector.name AS detector, body
       FROM finding JOIN detector ON detector.id = detector_id
       WHERE finding.k >= ? AND finding.k < ? ORDER BY finding.k LIMIT ${findingsMax}`,
      low,
      high,
    );
  }

  firstFinding(service: number, span: Span): FindingFact | null {
    const [low, high] = this.#keys('finding', span);
    const [first] = this.#rows<FindingFact>(
      `SELECT passed.k, passed.t, service_id AS service, detector.name AS detector, body
       FROM (SELECT * FROM finding WHERE k >= ? AND k < ? ORDER BY k LIMIT ${findingsPassedMax}) passed
       JOIN detector ON detector.id = detector_id
       WHERE service_id = ? ORDER BY passed.k LIMIT 1`,
      low,
      high,
      service,
    );
    return first ?? null;
  }

  incidentOf(service: number): IncidentFact | null {
    const [low, high] = this.#keys('incident_event', { from: 0, to: this.playhead });
    const [latest] = this.#rows<{ incident: number }>(
      `SELECT incident FROM incident_event
       WHERE k >= ? AND k < ? AND kind = 'service-affected' AND payload ->> 'service' = ?
       ORDER BY k DESC LIMIT 1`,
      low,
      high,
      service,
    );
    return latest ? this.incident(latest.incident) : null;
  }

  incident(id: number): IncidentFact | null {
    const events = this.#rows<{ t: Micros; kind: string; service: number; since: Micros }>(
      `SELECT t, kind, payload ->> 'service' AS service, payload ->> 'since' AS since
       FROM incident_event WHERE incident = ? AND t <= ? ORDER BY k`,
      id,
      this.playhead,
    );
    const opened = events.find((event) => event.kind === 'opened');
    if (!opened) return null;
    const services = events.filter((e) => e.kind === 'service-affected').map((e) => e.service);
    const firing = events.filter((e) => e.kind === 'alert-firing').map((e) => e.since);
    const turn = events.findLast((e) => e.kind === 'auto-resolved' || e.kind === 'reopened');
    return {
      services,
      firstSignalAt: Math.min(opened.t, ...firing),
      resolvedAt: turn?.kind === 'auto-resolved' ? turn.t : null,
    };
  }

  /** Keys `[low, high)` of the rows of a span: a key is at least `t * 4`, more where rows crowd. */
  #keys(table: Table, span: Span): readonly [number, number] {
    const until = this.#until(span);
    const [past] = this.#rows<{ k: number }>(
      `SELECT k FROM ${table} WHERE k >= ? AND t > ? ORDER BY k LIMIT 1`,
      until * keysPerMicrosecond,
      until,
    );
    const [first] = this.#rows<{ k: number }>(
      `SELECT k FROM ${table} WHERE k >= ? AND t >= ? ORDER BY k LIMIT 1`,
      span.from * keysPerMicrosecond,
      span.from,
    );
    return [first?.k ?? Number.MAX_SAFE_INTEGER, past?.k ?? Number.MAX_SAFE_INTEGER];
  }

  #until(span: Span): Micros {
    return Math.min(span.to, this.playhead);
  }

  /** Cards ask for the same rows again and again; a playhead's rows do not change. */
  #rows<R>(sql: string, ...parameters: readonly number[]): readonly R[] {
    const key = `${sql}\n${parameters.join()}`;
    const known = this.#read.get(key);
    // Equal text and parameters were read as the same type.
    if (known) return known as readonly R[];
    const rows = this.#db.prepare<number[], R>(sql).all(...parameters);
    this.#read.set(key, rows);
    return rows;
  }
}

function addTo<V>(lists: Map<number, V[]>, key: number, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
