/** Run files of strangers: whatever they hold, they are answered from or refused, and never obeyed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WorkbenchError } from '../../engine/errors.ts';
import { limits } from '../../engine/limits.ts';
import {
  appendHumanEvent,
  diffRuns,
  listRuns,
  openRun,
  questions,
  recipeOf,
} from '../../engine/query/index.ts';
import { makeRunFile, withFolder, type RunFileInput } from '../support/run-file.ts';
import { tries } from '../support/effort.ts';

const input: RunFileInput = {
  services: [{ name: 'web', entry: true }, { name: 'db' }],
  dependencies: [[0, 1]],
  durationUs: 60_000_000,
  detectors: ['zscore'],
  series: [{ service: 0, name: 'queue' }],
  samples: [[0, 1_000_000, 2]],
  logs: Array.from({ length: 300 }, (_, i) => ({
    t: i * 100_000,
    service: i % 2,
    severity: 9 + (i % 12),
    body: `line ${i}`,
  })),
  changes: [{ t: 2_000_000, service: 0, kind: 'deploy', note: 'x' }],
  findings: [{ t: 3_000_000, detector: 0, subject: 'web', service: 0 }],
  incidentEvents: [
    { t: 3_000_000, incident: 1, kind: 'opened', title: 'Oh', severity: 'high' },
    { t: 4_000_000, incident: 1, kind: 'service-affected', service: 0 },
  ],
  healthEvents: [
    {
      t: 3_000_000,
      service: 0,
      state: 'down',
      reason: 'r',
      figures: { requestRate: 1, errorRatio: 1, latencyP95: 1 },
    },
  ],
  humanEvents: [
    { t: 5_000_000, wallUnixMs: 1, actor: 'ada', incident: 1, action: 'note', note: 'n' },
  ],
  keyframesAt: [3_500_000],
};

function hostile(folder: string, sql: string): string {
  const file = makeRunFile(join(folder, 'hostile.db'), input);
  const db = new Database(file);
  db.exec("INSERT INTO scenario VALUES ('/scenario.yaml', '')");
  db.unsafeMode(true);
  db.exec(sql);
  db.close();
  return file;
}

/** Replaces the text of a table's schema; what is stored stays. */
const rewriteSchema = (table: string, from: string, to: string): string =>
  `PRAGMA writable_schema = ON;
   UPDATE sqlite_schema SET sql = replace(sql, '${from}', '${to}') WHERE name = '${table}';
   PRAGMA writable_schema = RESET;`;

/** What each question says of the file: `ok`, or the code of an operating error. */
function outcomes(file: string): string[] {
  const t = 50_000_000;
  let run: ReturnType<typeof openRun>;
  try {
    run = openRun(file);
  } catch (error) {
    return [codeOf(error)];
  }
  const ask = (answer: () => unknown): string => {
    try {
      JSON.stringify(answer());
      return 'ok';
    } catch (error) {
      return codeOf(error);
    }
  };
  try {
    return [
      ask(() => questions.overview.answer(run, {})),
      ask(() => questions.state.answer(run, { t })),
      ask(() => questions.logs.answer(run, { t })),
      ask(() => questions.logs.answer(run, { t, level: 'warn,error' })),
      ask(() => questions.logs.answer(run, { t, text: 'line' })),
      ask(() => questions.histogram.answer(run, { t })),
      ask(() => questions.markers.answer(run, { t })),
      ask(() => questions.samples.answer(run, { t, series: '0' })),
      ask(() => questions.services.answer(run, { t })),
      ask(() => questions.insights.answer(run, { t })),
      ask(() => questions.incident.answer(run, { t, id: 1 })),
      ask(() => questions.neighbour.answer(run, { t: 0, kind: 'mark', direction: 'next' })),
      ask(() => diffRuns(run, run)),
      ask(() => recipeOf(run)),
    ];
  } finally {
    run.close();
  }
}

/** Anything but an operating error is a bug and fails the test. */
function codeOf(error: unknown): string {
  if (error instanceof WorkbenchError) return error.code;
  throw error;
}

describe('a schema that is not ours', () => {
  const endless = `WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)
    SELECT n AS second, 0 AS level, 1 AS count FROM c`;
  test.each([
    [
      'a view without end instead of a table',
      `DROP TABLE rollup_second; CREATE VIEW rollup_second AS ${endless}`,
    ],
    ['a view beside the tables', `CREATE VIEW more AS ${endless}`],
    ['a trigger', 'CREATE TRIGGER t AFTER INSERT ON human_event BEGIN DELETE FROM log; END'],
    [
      'a column that is computed',
      rewriteSchema(
        'log',
        'template_id INTEGER',
        'template_id INTEGER AS (length(hex(zeroblob(400000000))))',
      ),
    ],
    [
      'a default that is computed',
      rewriteSchema(
        'human_event',
        'payload TEXT NOT NULL',
        'payload TEXT NOT NULL DEFAULT (hex(1))',
      ),
    ],
    ['a table that is not strict', rewriteSchema('log', ') STRICT', ')')],
    ['a table that is missing', 'DROP TABLE keyframe'],
    [
      'a table of another module',
      'DROP TABLE score; CREATE VIRTUAL TABLE score USING fts5(subject)',
    ],
  ])('is refused: %s', (_what, sql) => {
    withFolder((folder) => {
      const file = hostile(folder, sql);
      const before = readFileSync(file);
      const start = performance.now();
      expect(outcomes(file)).toEqual(['RUN_FILE_FOREIGN']);
      const step = {
        incident: 1,
        action: 'note',
        note: 'x',
        actor: 'a',
        t: 9e6,
        wallUnixMs: 1,
      } as const;
      expect(() => appendHumanEvent(file, step)).toThrow(
        expect.objectContaining({ code: 'RUN_FILE_FOREIGN' }),
      );
      expect(performance.now() - start).toBeLessThan(2_000);
      expect(readFileSync(file).equals(before)).toBe(true);
      expect(listRuns(folder)).toMatchObject({ runs: [], skipped: [{ file }] });
    });
  });

  test('what a person added beside it is left alone', () => {
    withFolder((folder) => {
      const sql = `CREATE TABLE my_notes (text); CREATE INDEX my_index ON log (severity);
        INSERT INTO my_notes VALUES ('keep')`;
      expect(new Set(outcomes(hostile(folder, sql)))).toEqual(new Set(['ok']));
    });
  });
});

describe('cells that no writer writes', () => {
  test.each([
    ['no JSON', `UPDATE incident_event SET payload = '{'; UPDATE keyframe SET state = '{'`],
    ['null as JSON', `UPDATE keyframe SET state = 'null'`],
    ['a keyframe of another shape', `UPDATE keyframe SET state = '{"incidents":{"1":null}}'`],
    [
      'lists for objects',
      `UPDATE keyframe SET state = '[]'; UPDATE incident_event SET payload = '[]'`,
    ],
    ['numbers for texts', `UPDATE keyframe SET state = '{"services":1,"health":2,"incidents":3}'`],
    ['attributes that are a text', `UPDATE series SET attributes = '"x"'`],
    ['no run', 'DELETE FROM run'],
    ['tags that are no list', `UPDATE run SET tags = '{}', parent_id = ''`],
    ['tags that are no JSON', `UPDATE run SET tags = '['`],
    [
      'shares of nothing, and out of this world',
      `INSERT INTO truth_objective VALUES (0, 'x', 'y', NULL, 2.5, -1, -9223372036854775807);
       INSERT INTO truth_sli VALUES (0, 9223372036854775807, 1e-300, 1e300), (0, -5, 0, 0)`,
    ],
    [
      'a service with a number out of this world',
      "INSERT INTO service VALUES (4000000000, 'x', 'y', 0)",
    ],
    ['a service below zero', "INSERT INTO service VALUES (-1, 'x', 'y', 0)"],
    ['figures out of this world', 'UPDATE rollup_second SET count = 9223372036854775807'],
    [
      'blobs for bodies',
      rewriteSchema('log', ') STRICT', ')') +
        `UPDATE log SET body = x'00ff';` +
        rewriteSchema('log', 'attributes TEXT\n)', 'attributes TEXT\n) STRICT'),
    ],
  ])('are damage or are answered from: %s', (_what, sql) => {
    withFolder((folder) => {
      const said = outcomes(hostile(folder, sql));
      const allowed = ['ok', 'RUN_FILE_DAMAGED', 'RUN_FILE_FOREIGN', 'NOT_IN_RUN'];
      expect(said.filter((code) => !allowed.includes(code))).toEqual([]);
    });
  });

  test('a million services are not read', () => {
    withFolder((folder) => {
      const sql = `WITH RECURSIVE c(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM c WHERE n < 1000000)
        INSERT INTO service SELECT n, 'service ' || n, 'service', 0 FROM c`;
      const file = hostile(folder, sql);
      const start = performance.now();
      expect(outcomes(file)).toEqual(['RUN_FILE_DAMAGED']);
      expect(performance.now() - start).toBeLessThan(500);
    });
  });

  test('a line of 64 MB is shown by its beginning', () => {
    withFolder((folder) => {
      const sql = `UPDATE log SET body = 'x' || hex(zeroblob(32000000)) WHERE k = 0`;
      const run = openRun(hostile(folder, sql));
      const [row] = questions.logs.answer(run, { t: 0 }).rows;
      expect(row).toMatchObject({ truncated: true });
      expect(row?.body).toHaveLength(limits.shownBodyCharsMax);
      run.close();
    });
  });
});

test('any bytes anywhere in the file: an answer or an operating error, never a crash', () => {
  withFolder((folder) => {
    const file = makeRunFile(join(folder, 'run.db'), input);
    const good = readFileSync(file);
    const place = fc.integer({ min: 0, max: good.length - 1 });
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 });
    const damage = fc.oneof(
      fc.array(fc.tuple(place, bytes), { minLength: 1, maxLength: 4 }).map((writes) => {
        const bad = Buffer.from(good);
        for (const [at, data] of writes) bad.set(data.subarray(0, bad.length - at), at);
        return bad;
      }),
      place.map((length) => good.subarray(0, length)),
    );
    fc.assert(
      fc.property(damage, (bad) => {
        writeFileSync(file, bad);
        outcomes(file);
        listRuns(folder);
        expect(readFileSync(file).equals(bad)).toBe(true);
      }),
      { numRuns: tries(300) },
    );
  });
});
