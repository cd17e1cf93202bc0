/**
 * What a trainee or a detector's author sees comes from the questions, and no question opens a table
 * that knows how it ends: looked up in SQLite's own program of each statement, view or not.
 */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRun, questions, type RunReader } from '../../engine/query/index.ts';
import { makeRunFile, withFolder, type RunFileInput } from '../support/run-file.ts';

const input: RunFileInput = {
  services: [{ name: 'web', entry: true }, { name: 'db' }],
  dependencies: [[0, 1]],
  durationUs: 60_000_000,
  detectors: ['zscore'],
  series: [{ service: 0, name: 'queue' }],
  samples: [[0, 1_000_000, 2]],
  logs: [{ t: 5, service: 0, severity: 17, body: 'broken' }],
  changes: [{ t: 2_000_000, service: 0, kind: 'deploy', note: 'x' }],
  findings: [{ t: 3_000_000, detector: 0, subject: 'web', service: 0 }],
  incidentEvents: [
    { t: 3_000_000, incident: 1, kind: 'opened', title: 'Oh', severity: 'high' },
    { t: 4_000_000, incident: 1, kind: 'service-affected', service: 0 },
  ],
  keyframesAt: [3_500_000],
};

const isHidden = (table: string): boolean =>
  table.startsWith('truth_') || table === 'scenario' || table === 'checkpoint';

/** Tables and indexes by the page that they begin at. */
function objectsOf(run: RunReader): ReadonlyMap<number, string> {
  const rows = run.tuples<[page: number, table: string]>(
    'SELECT rootpage, tbl_name FROM sqlite_schema WHERE rootpage > 0',
  );
  return new Map(rows);
}

/** Names of the tables that the statements open while `ask` runs. */
function tablesOpened(run: RunReader, ask: () => void): ReadonlySet<string> {
  const objects = objectsOf(run);
  const prepare = run.db.prepare.bind(run.db);
  const asked = new Set<string>();
  run.db.prepare = ((sql: string) => {
    asked.add(sql);
    return prepare(sql);
  }) as typeof run.db.prepare;
  ask();
  run.db.prepare = prepare;
  const opened = new Set<string>();
  for (const sql of asked) {
    const program = prepare<unknown[], { opcode: string; p2: number }>(`EXPLAIN ${sql}`);
    for (const { opcode, p2 } of program.all(...blanks(sql))) {
      const table = opcode === 'OpenRead' ? objects.get(p2) : undefined;
      if (table !== undefined) opened.add(table);
    }
  }
  return opened;
}

/** A value for each parameter: EXPLAIN runs nothing. */
function blanks(sql: string): unknown[] {
  const named = [...new Set([...sql.matchAll(/@(\w+)/g)].map(([, name = '']) => name))];
  const places = (sql.match(/\?/g) ?? []).map(() => 0);
  return named.length > 0 ? [Object.fromEntries(named.map((name) => [name, 0]))] : places;
}

test('no question reads ground truth, the text of the scenario or the simulated world', () => {
  withFolder((folder) => {
    const run = openRun(makeRunFile(join(folder, 'run.db'), input));
    const t = 50_000_000;
    const ask: Record<keyof typeof questions, () => unknown> = {
      overview: () => questions.overview.answer(run, {}),
      state: () => questions.state.answer(run, { t }),
      logs: () => questions.logs.answer(run, { t, text: 'broken', level: 'error' }),
      log: () => questions.log.answer(run, { t, k: 20 }),
      histogram: () => questions.histogram.answer(run, { t }),
      markers: () => questions.markers.answer(run, { t }),
      neighbour: () => [
        questions.neighbour.answer(run, { t: 0, kind: 'mark', direction: 'next' }),
        questions.neighbour.answer(run, { t: 0, kind: 'incident', direction: 'next' }),
        questions.neighbour.answer(run, { t: 0, kind: 'record', direction: 'next' }),
      ],
      samples: () => questions.samples.answer(run, { t, series: '0' }),
      services: () => questions.services.answer(run, { t }),
      incident: () => questions.incident.answer(run, { t, id: 1 }),
      insights: () => questions.insights.answer(run, { t }),
      templates: () => questions.templates.answer(run, { t }),
      traffic: () => questions.traffic.answer(run, { t }),
    };
    for (const [name, answer] of Object.entries(ask)) {
      const opened = [...tablesOpened(run, answer)];
      expect(opened, name).not.toEqual([]);
      expect(opened.filter(isHidden), name).toEqual([]);
    }
    // The look-up would have seen it.
    const seen = tablesOpened(run, () => run.db.prepare('SELECT * FROM truth_sli').all());
    expect([...seen].filter(isHidden)).toEqual(['truth_sli']);
    run.close();
  });
});
