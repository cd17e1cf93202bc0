/**
 * The run file: one SQLite database a run. Rows are the truth, so any SQLite tool can read it. These
 * are the first tables; files with them exist, so a change is a further step (migrations.ts): columns
 * and tables of the later ones are in schema-truth.ts and schema-templates.ts. Times are
 * integer microseconds since the scenario's start, unless a column says otherwise.
 */

/** 'wbrf' in ASCII: tells a run file from any other program's database. */
export const applicationId = 0x77627266;

/** Rank of a record: keeps the order of the run in the rowid. `t = k / 4` only approximately; `t` is exact. */
export const keysPerMicrosecond = 4;

export const tables = `
CREATE TABLE run (
  id TEXT PRIMARY KEY,
  scenario_name TEXT NOT NULL,
  title TEXT NOT NULL,
  scenario_kind TEXT NOT NULL CHECK (scenario_kind IN ('simulated', 'recorded')),
  scenario_hash TEXT NOT NULL,
  seed INTEGER NOT NULL,
  engine_version TEXT NOT NULL,
  start_unix_us INTEGER NOT NULL,
  duration INTEGER NOT NULL,
  created_unix_ms INTEGER NOT NULL,
  finished_unix_ms INTEGER,
  state TEXT NOT NULL CHECK (state IN ('running','paused','completed','degraded','interrupted','failed')),
  state_reason TEXT NOT NULL DEFAULT '',
  asked_speed TEXT NOT NULL,
  workers INTEGER NOT NULL,
  -- exclusive watermark: everything before it is stored
  through INTEGER NOT NULL DEFAULT 0,
  digest TEXT,
  -- process that writes, while state is running or paused, and the machine that it runs on
  pid INTEGER,
  machine TEXT NOT NULL,
  read_count INTEGER NOT NULL DEFAULT 0,
  stored_count INTEGER NOT NULL DEFAULT 0,
  rejected_count INTEGER NOT NULL DEFAULT 0,
  truncated_count INTEGER NOT NULL DEFAULT 0,
  duplicate_count INTEGER NOT NULL DEFAULT 0
) STRICT;
-- only the scorer's and the instructor's questions read scenario and truth_*
CREATE TABLE scenario (path TEXT NOT NULL, source TEXT NOT NULL) STRICT;
CREATE TABLE truth_fault (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, service TEXT NOT NULL, t_from INTEGER NOT NULL,
  t_to INTEGER, parameters TEXT NOT NULL
) STRICT;
CREATE TABLE truth_cause (
  service TEXT NOT NULL, fault TEXT, category TEXT NOT NULL, also_accepted TEXT NOT NULL
) STRICT;
CREATE TABLE service (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, entry INTEGER NOT NULL
) STRICT;
CREATE TABLE dependency (
  caller_id INTEGER NOT NULL REFERENCES service (id), callee_id INTEGER NOT NULL REFERENCES service (id),
  PRIMARY KEY (caller_id, callee_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE series (
  id INTEGER PRIMARY KEY, service_id INTEGER NOT NULL REFERENCES service (id), name TEXT NOT NULL,
  unit TEXT NOT NULL, attributes TEXT NOT NULL, role TEXT, cadence INTEGER NOT NULL
) STRICT;
CREATE TABLE recorded_interval (
  stream TEXT NOT NULL, service_id INTEGER REFERENCES service (id), t_from INTEGER NOT NULL, t_to INTEGER NOT NULL
) STRICT;
CREATE TABLE detector (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, summary TEXT NOT NULL, per TEXT NOT NULL,
  options TEXT NOT NULL, config TEXT NOT NULL, messages TEXT NOT NULL, origin TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'completed', 'failed')),
  failure TEXT NOT NULL DEFAULT '',
  records_fed INTEGER NOT NULL DEFAULT 0,
  findings INTEGER NOT NULL DEFAULT 0,
  findings_dropped INTEGER NOT NULL DEFAULT 0
) STRICT;
-- k = max(previous + 1, t * 4): the rowid is the order of the run
CREATE TABLE log (
  k INTEGER PRIMARY KEY, t INTEGER NOT NULL, service_id INTEGER NOT NULL, severity INTEGER NOT NULL,
  template_id INTEGER, body TEXT NOT NULL, trace_id TEXT, attributes TEXT
) STRICT;
CREATE TABLE sample (
  series_id INTEGER NOT NULL, t INTEGER NOT NULL, value REAL NOT NULL, PRIMARY KEY (series_id, t)
) STRICT, WITHOUT ROWID;
CREATE TABLE span (
  k INTEGER PRIMARY KEY, t INTEGER NOT NULL, service_id INTEGER NOT NULL, name TEXT NOT NULL,
  duration INTEGER NOT NULL, status INTEGER NOT NULL, trace_id TEXT NOT NULL, span_id TEXT NOT NULL,
  parent_id TEXT NOT NULL, attributes TEXT
) STRICT;
CREATE TABLE change (
  k INTEGER PRIMARY KEY, t INTEGER NOT NULL, service_id INTEGER NOT NULL, kind TEXT NOT NULL,
  note TEXT NOT NULL, attributes TEXT
) STRICT;
CREATE TABLE finding (
  k INTEGER PRIMARY KEY, t INTEGER NOT NULL, detector_id INTEGER NOT NULL REFERENCES detector (id),
  subject TEXT NOT NULL, service_id INTEGER REFERENCES service (id), series_id INTEGER REFERENCES series (id),
  severity TEXT NOT NULL, score REAL NOT NULL, message TEXT NOT NULL, body TEXT NOT NULL, "values" TEXT NOT NULL
) STRICT;
-- a step function: a row where a detector's score moved by at least 0.05; alert_score is the score
-- where it begins something and 0 while that goes on
CREATE TABLE score (
  detector_id INTEGER NOT NULL, subject TEXT NOT NULL, t INTEGER NOT NULL, score REAL NOT NULL,
  alert_score REAL NOT NULL, PRIMARY KEY (detector_id, subject, t)
) STRICT, WITHOUT ROWID;
CREATE TABLE incident_event (
  k INTEGER PRIMARY KEY, t INTEGER NOT NULL, incident INTEGER NOT NULL, kind TEXT NOT NULL, payload TEXT NOT NULL
) STRICT;
CREATE INDEX incident_event_by_incident ON incident_event (incident);
CREATE TABLE health_event (
  k INTEGER PRIMARY KEY, t INTEGER NOT NULL, service_id INTEGER NOT NULL REFERENCES service (id),
  state TEXT NOT NULL, reason TEXT NOT NULL, payload TEXT NOT NULL
) STRICT;
CREATE INDEX health_event_by_service ON health_event (service_id);
-- people's events: not covered by the digest
CREATE TABLE human_event (
  id INTEGER PRIMARY KEY, t INTEGER NOT NULL, wall_unix_ms INTEGER NOT NULL, actor TEXT NOT NULL,
  incident INTEGER, kind TEXT NOT NULL, payload TEXT NOT NULL
) STRICT;
-- incidents as they stand at the end of the file, what people did included
CREATE VIEW incident AS
WITH decision AS (
  SELECT incident, t, 0 AS source, k AS place,
    CASE kind WHEN 'auto-resolved' THEN 'resolved' ELSE 'open' END AS status
  FROM incident_event WHERE kind IN ('opened', 'reopened', 'auto-resolved')
  UNION ALL
  SELECT incident, t, 1, id,
    CASE kind WHEN 'acknowledge' THEN 'acknowledged' WHEN 'investigate' THEN 'investigating'
      WHEN 'mitigate' THEN 'mitigated' WHEN 'resolve' THEN 'resolved' ELSE 'open' END
  FROM human_event WHERE kind <> 'note'
),
latest AS (
  SELECT incident, t, status FROM (
    SELECT *, row_number() OVER (PARTITION BY incident ORDER BY t DESC, source DESC, place DESC) AS rank
    FROM decision
  ) WHERE rank = 1
)
SELECT e.incident AS id,
  (SELECT payload ->> 'title' FROM incident_event WHERE incident = e.incident
    AND kind IN ('opened', 'title-changed') ORDER BY k DESC LIMIT 1) AS title,
  (SELECT payload ->> 'severity' FROM incident_event WHERE incident = e.incident
    AND kind IN ('opened', 'severity-changed') ORDER BY k DESC LIMIT 1) AS severity,
  -- an alert after somebody resolved it is a new episode
  CASE WHEN l.status = 'resolved' AND EXISTS (SELECT 1 FROM incident_event WHERE incident = e.incident
    AND kind = 'alert-firing' AND t > l.t) THEN 'open' ELSE l.status END AS status,
  e.t AS opened,
  (SELECT min(payload ->> 'since') FROM incident_event WHERE incident = e.incident
    AND kind = 'alert-firing') AS first_signal,
  (SELECT group_concat(name, ', ') FROM (SELECT s.name FROM incident_event a
    JOIN service s ON s.id = a.payload ->> 'service'
    WHERE a.incident = e.incident AND a.kind = 'service-affected' ORDER BY a.k)) AS services
FROM incident_event e JOIN latest l ON l.incident = e.incident
WHERE e.kind = 'opened';
CREATE TABLE rollup_second (
  second INTEGER NOT NULL, level INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (second, level)
) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_service (
  service_id INTEGER NOT NULL, bucket INTEGER NOT NULL, level INTEGER NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (service_id, bucket, level)
) STRICT, WITHOUT ROWID;
-- health figures of one service in one window of ten seconds; null where nothing was measured
CREATE TABLE rollup_health (
  service_id INTEGER NOT NULL, bucket INTEGER NOT NULL, request_rate REAL, error_ratio REAL,
  latency_p95 REAL, state TEXT NOT NULL, PRIMARY KEY (service_id, bucket)
) STRICT, WITHOUT ROWID;
-- folded state after the engine event with this k: a seek starts at the last keyframe before it
CREATE TABLE keyframe (
  k INTEGER PRIMARY KEY, t INTEGER NOT NULL, state TEXT NOT NULL, digest TEXT NOT NULL
) STRICT;
CREATE INDEX keyframe_by_time ON keyframe (t);
`;

/** Kept from the first row on: problems are few, and building it later costs a scan of all logs. */
export const keptIndexes = `
CREATE INDEX log_problems ON log (service_id, severity) WHERE severity >= 13;
`;

/** Built after the load at full speed, from the first row on when people watch. */
export const loadedIndexes = `
CREATE INDEX log_by_service ON log (service_id);
CREATE INDEX span_by_trace ON span (trace_id);
`;

/** Rollup levels, from severity numbers: 0 debug and below, 1 info, 2 warn, 3 error and above. */
export function levelOf(severity: number): number {
  return severity < 9 ? 0 : severity < 13 ? 1 : severity < 17 ? 2 : 3;
}
export const levels = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof levels)[number];

/** Lowest severity number of each level, and the first one past it. */
export const levelBounds: readonly (readonly [number, number])[] = [
  [0, 9],
  [9, 13],
  [13, 17],
  [17, 25],
];

/** Width of a bucket of `rollup_service` and `rollup_health`, µs. */
export const bucketUs = 10_000_000;
