/**
 * The rows of a run, table by table, for other programs. Rows come one by one from a cursor, so an
 * export of any length holds one row. Ground truth has tables of its own, which nobody gets who
 * did not ask for them by name.
 */
import { readError } from './read-error.ts';
import type { RunReader } from './reader.ts';

export type ExportValue = string | number | null;
/** A row under its columns' names; times are µs since the start, `time` is RFC 3339. */
export type ExportRow = Readonly<Record<string, ExportValue>>;

interface ExportTable {
  readonly sql: string;
  /** Columns that hold JSON. */
  readonly json?: readonly string[];
  readonly isTruth?: true;
}

/** `@start` is the start, µs since the Unix epoch: integer arithmetic keeps the microseconds. */
const unixUs = 'CAST(@start AS INTEGER) + t';
const time = `strftime('%Y-%m-%dT%H:%M:%S', (${unixUs}) / 1000000, 'unixepoch')
  || printf('.%06dZ', (${unixUs}) % 1000000) AS time`;

/** CROSS JOIN keeps the big table outermost, so that its own order serves and nothing is sorted. */
const exportTables = {
  service: { sql: 'SELECT name, kind, entry FROM service ORDER BY id' },
  dependency: {
    sql: `SELECT a.name AS caller, b.name AS callee FROM dependency
          JOIN service a ON a.id = caller_id JOIN service b ON b.id = callee_id`,
  },
  series: {
    sql: `SELECT series.id, service.name AS service, series.name, unit, attributes, role, cadence
          FROM series JOIN service ON service.id = service_id ORDER BY series.id`,
    json: ['attributes'],
  },
  detector: {
    sql: `SELECT name, summary, per, config, origin, state, failure, records_fed, findings,
            findings_dropped FROM detector ORDER BY id`,
    json: ['config'],
  },
  log: {
    sql: `SELECT ${time}, t, service.name AS service, severity, body, trace_id, attributes, template_id
          FROM log CROSS JOIN service ON service.id = service_id ORDER BY k`,
    json: ['attributes'],
  },
  template: {
    sql: `SELECT ${time}, t, template_id, text, merged_into FROM template ORDER BY k`,
  },
  sample: {
    sql: `SELECT ${time}, t, service.name AS service, series.name AS metric, value, unit, attributes,
            series_id
          FROM sample CROSS JOIN series ON series.id = series_id
          CROSS JOIN service ON service.id = service_id
          ORDER BY series_id, t`,
    json: ['attributes'],
  },
  span: {
    sql: `SELECT ${time}, t, service.name AS service, span.name, duration, status, trace_id, span_id,
            parent_id, attributes
          FROM span CROSS JOIN service ON service.id = service_id ORDER BY k`,
    json: ['attributes'],
  },
  change: {
    sql: `SELECT ${time}, t, service.name AS service, change.kind, note
          FROM change CROSS JOIN service ON service.id = service_id ORDER BY k`,
  },
  finding: {
    sql: `SELECT ${time}, t, detector.name AS detector, service.name AS service, subject, severity,
            score, message, body, "values"
          FROM finding CROSS JOIN detector ON detector.id = detector_id
          LEFT JOIN service ON service.id = service_id ORDER BY k`,
    json: ['values'],
  },
  incident_event: {
    sql: `SELECT ${time}, t, incident, kind, payload FROM incident_event ORDER BY k`,
    json: ['payload'],
  },
  health_event: {
    sql: `SELECT ${time}, t, service.name AS service, health_event.state, reason, payload
          FROM health_event CROSS JOIN service ON service.id = service_id ORDER BY k`,
    json: ['payload'],
  },
  human_event: {
    sql: `SELECT ${time}, t, wall_unix_ms, actor, incident, kind, payload FROM human_event ORDER BY id`,
    json: ['payload'],
  },
  input: { sql: `SELECT ${time}, t, text, action FROM input ORDER BY k`, json: ['action'] },
  truth_fault: {
    sql: 'SELECT id, kind, service, t_from, t_to, parameters FROM truth_fault ORDER BY t_from, id',
    json: ['parameters'],
    isTruth: true,
  },
  truth_cause: {
    sql: `SELECT service, fault, category, also_accepted, also_accepted_services, "trigger",
            contributing, latent FROM truth_cause`,
    json: ['also_accepted', 'also_accepted_services', 'contributing'],
    isTruth: true,
  },
  truth_edge: { sql: 'SELECT n, caller, callee FROM truth_edge ORDER BY n', isTruth: true },
  truth_clue: {
    sql: 'SELECT n, says, checks FROM truth_clue ORDER BY n',
    json: ['checks'],
    isTruth: true,
  },
  truth_herring: {
    sql: 'SELECT n, says, falsified_says, checks FROM truth_herring ORDER BY n',
    json: ['checks'],
    isTruth: true,
  },
  truth_action: {
    sql: 'SELECT n, kind, t, actions, says FROM truth_action ORDER BY n',
    json: ['actions'],
    isTruth: true,
  },
  truth_impact: {
    sql: 'SELECT service, t_from, t_to FROM truth_impact ORDER BY rowid',
    isTruth: true,
  },
  truth_moment: { sql: 'SELECT name, t FROM truth_moment ORDER BY t, name', isTruth: true },
  truth_objective: {
    sql: `SELECT objective, name, service, endpoint, target, latency, period FROM truth_objective
          ORDER BY objective`,
    isTruth: true,
  },
  truth_sli: {
    sql: 'SELECT objective, bucket, total, bad FROM truth_sli ORDER BY objective, bucket',
    isTruth: true,
  },
  scenario: { sql: 'SELECT source FROM scenario', isTruth: true },
} as const satisfies Record<string, ExportTable>;

export type ExportTableName = keyof typeof exportTables;

/** In the order of an export of everything; those of the ground truth come last. */
export const exportTableNames = Object.keys(exportTables) as readonly ExportTableName[];

export function isTruthTable(name: ExportTableName): boolean {
  const table: ExportTable = exportTables[name];
  return table.isTruth === true;
}

/** Names of the columns, in order. */
export function exportColumns(run: RunReader, name: ExportTableName): string[] {
  return run.db
    .prepare(exportTables[name].sql)
    .columns()
    .map((column) => column.name);
}

/** Columns whose text is JSON. */
export function jsonColumns(name: ExportTableName): readonly string[] {
  const table: ExportTable = exportTables[name];
  return table.json ?? [];
}

/**
 * The rows of one table, from a cursor: take them all, or leave the loop, before asking anything else.
 * @throws WorkbenchError RUN_FILE_DAMAGED, FILE_UNREADABLE
 */
export function* exportRows(run: RunReader, name: ExportTableName): Generator<ExportRow> {
  const { sql }: ExportTable = exportTables[name];
  const parameters = sql.includes('@start') ? [{ start: run.run().start_unix_us }] : [];
  try {
    yield* run.statement<unknown[], ExportRow>(sql).iterate(...parameters);
  } catch (error) {
    throw readError(run.file, error);
  }
}

/** What `pieces` gives, from one view of the run, even while it is being written. */
export function* onOneView<A>(run: RunReader, pieces: Iterable<A>): Generator<A> {
  run.db.exec('BEGIN');
  try {
    yield* pieces;
  } finally {
    // Nothing was written; unlike a commit this cannot fail where the file is damaged.
    run.db.exec('ROLLBACK');
  }
}
