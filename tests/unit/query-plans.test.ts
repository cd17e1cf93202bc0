/** How SQLite answers the hot questions: every plan searches, none walks a whole table. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRun, questions } from '../../engine/query/index.ts';
import { makeRunFile, withFolder } from '../support/run-file.ts';

/** Tables that grow with the run. */
const growing =
  /\bSCAN (log|sample|span|finding|rollup_\w+|score|health_event|incident_event|keyframe)\b/;

test('hot questions search by key or index', () => {
  withFolder((folder) => {
    const run = openRun(
      makeRunFile(join(folder, 'run.db'), {
        services: [{ name: 'web', entry: true }, { name: 'db' }],
        series: [{ service: 0, name: 'queue' }],
        durationUs: 60_000_000,
        logs: [{ t: 1, service: 0, severity: 17, body: 'oh' }],
        incidentEvents: [{ t: 1, incident: 1, kind: 'opened', title: 'Oh', severity: 'high' }],
        keyframesAt: [2],
      }),
    );
    // Explains each statement as it is prepared, so that no SQL is repeated here.
    const plans = new Map<string, string[]>();
    const prepare = run.db.prepare.bind(run.db);
    const explain = (sql: string): void => {
      if (!/^\s*SELECT/i.test(sql)) return;
      const values = new Array<number>(sql.split('?').length - 1).fill(1);
      const rows = prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(
        ...values,
      );
      plans.set(
        sql,
        rows.map((row) => row.detail),
      );
    };
    Object.defineProperty(run.db, 'prepare', {
      value: (sql: string) => {
        explain(sql);
        return prepare(sql);
      },
    });
    const t = 30_000_000;
    questions.state.answer(run, { t });
    questions.logs.answer(run, { t });
    questions.logs.answer(run, { t, service: 'web' });
    questions.logs.answer(run, { t, level: 'warn,error' });
    questions.logs.answer(run, { t, after: 1, text: 'a', level: 'info' });
    questions.logs.answer(run, { t, trace: 'aa' });
    questions.histogram.answer(run, { t });
    questions.histogram.answer(run, { t, service: 'web' });
    questions.samples.answer(run, { t, series: '0' });
    questions.services.answer(run, { t });
    questions.markers.answer(run, { t });
    questions.incident.answer(run, { t, id: 1 });
    questions.insights.answer(run, { t });
    questions.traffic.answer(run, { t });
    questions.templates.answer(run, { t });
    for (const kind of ['mark', 'incident', 'record'] as const) {
      questions.neighbour.answer(run, { t, kind, direction: 'next' });
      questions.neighbour.answer(run, { t, kind, direction: 'previous' });
    }
    run.close();

    expect(plans.size).toBeGreaterThan(30);
    const scans = [...plans].filter(([, plan]) => plan.some((step) => growing.test(step)));
    expect(scans).toEqual([]);
    const logPlans = [...plans]
      .filter(([sql]) => /FROM log\b|FROM \(\s*SELECT/.test(sql))
      .map(
        ([sql, plan]) =>
          `${sql.replace(/\s+/g, ' ').slice(0, 60)} → ${plan[0]?.replace(/^CO-ROUTINE .*/, plan[1] ?? '')}`,
      );
    expect(logPlans.sort()).toMatchInlineSnapshot(`
      [
        "SELECT count(*), count(*) FILTER (WHERE ((severity >= 9 AND  → SEARCH log USING INTEGER PRIMARY KEY (rowid<?)",
        "SELECT count(*), count(*) FILTER (WHERE trace_id = ?) FROM ( → SEARCH log USING INTEGER PRIMARY KEY (rowid<?)",
        "SELECT k FROM log INDEXED BY log_by_service WHERE service_id → SEARCH log USING COVERING INDEX log_by_service (service_id=? AND rowid>? AND rowid<?)",
        "SELECT k FROM log INDEXED BY log_problems WHERE service_id = → SEARCH log USING COVERING INDEX log_problems (service_id=? AND severity=? AND rowid>? AND rowid<?)",
        "SELECT k FROM log WHERE k >= ? AND k < ? ORDER BY k ASC LIMI → SEARCH log USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
        "SELECT k FROM log WHERE k >= ? AND k < ? ORDER BY k DESC LIM → SEARCH log USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
        "SELECT k, t, service_id, severity, CAST(substr(body, 1, 4097 → SEARCH log USING INTEGER PRIMARY KEY (rowid=?)",
        "SELECT k, t, service_id, severity, CAST(substr(body, 1, 4097 → SEARCH log USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
        "SELECT k, t, service_id, severity, CAST(substr(body, 1, 4097 → SEARCH log USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
        "SELECT k, t, service_id, severity, CAST(substr(body, 1, 4097 → SEARCH log USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
        "SELECT k, t, service_id, severity, CAST(substr(body, 1, 4097 → SEARCH log USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
        "SELECT service_id, severity, count(*) FROM log WHERE k >= ?  → SEARCH log USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
        "SELECT severity, count(*) FROM log WHERE k >= ? AND k < ? GR → SEARCH log USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
        "SELECT t FROM log WHERE k >= ? ORDER BY k LIMIT 1 → SEARCH log USING INTEGER PRIMARY KEY (rowid>?)",
        "SELECT t, service_id, severity FROM log WHERE k >= ? AND k < → SEARCH log USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
        "SELECT template_id, service_id, severity, count(*) FROM log  → SEARCH log USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
      ]
    `);
  });
});
