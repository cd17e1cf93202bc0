import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HealthEvent } from '../../engine/health/model.ts';
import { makeSlot, type Slot } from '../../engine/replay/batch.ts';
import { MiningWriter } from '../../engine/replay/mining-writer.ts';
import { migrate } from '../../engine/store/migrations.ts';
import { bucketUs, levelOf } from '../../engine/store/schema.ts';
import type { Commit, EngineEvents, RangeToWrite } from '../../engine/store/model.ts';
import { RunWriter } from '../../engine/store/writer.ts';
import { createLearner, stepsWithin } from '../../engine/templates/index.ts';
import { withFolder } from '../support/run-file.ts';
import { tries } from '../support/effort.ts';

interface Row {
  readonly t: number;
  readonly service: number;
  readonly severity: number;
  readonly body: string;
}

/** Lines that have templates in common, which widen and merge. */
const lineOfWords = fc
  .array(fc.constantFrom('user', 'root', 'mail', 'disk', 'full', '17', '='), { maxLength: 5 })
  .map((words) => words.join(' '));

const rows = fc
  .array(
    fc.record({
      t: fc.integer({ min: 0, max: 40_000_000 }),
      service: fc.integer({ min: 0, max: 2 }),
      severity: fc.integer({ min: 1, max: 24 }),
      body: fc.oneof(fc.string({ maxLength: 20 }), lineOfWords),
    }),
    { minLength: 1, maxLength: 120 },
  )
  .map((all) => all.toSorted((a, b) => a.t - b.t));

/** How often each batch is cut, and where: fractions of its records. */
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 });

const quiet = { findings: [], scores: [], incidentEvents: [], windows: [] };

function healthAt(t: number): HealthEvent {
  const figures = { requestRate: 1, errorRatio: 0, latencyP95: null };
  return { t, service: 0, state: 'healthy', reason: 'as ever', figures };
}

/** Writes the rows in batches of 50, each cut at the given places, events with the range that passes them. */
function write(
  given: readonly Row[],
  slot: Slot,
  at: readonly number[],
  rowsPerCommit = 0,
  { file = ':memory:', onCommit = (_: Commit): void => undefined } = {},
) {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.transaction(() => migrate(db))();
  db.exec(
    "INSERT INTO service VALUES (0, 'a', 'service', 1), (1, 'b', 'service', 0), (2, 'c', 'service', 0)",
  );
  db.exec(
    `INSERT INTO run (id, scenario_name, title, scenario_kind, scenario_hash, seed, engine_version, start_unix_us,
       duration, created_unix_ms, state, asked_speed, workers, machine)
     VALUES ('r', 'r', 'r', 'simulated', '', 1, '', 0, 40000000, 0, 'running', 'max', 1, '')`,
  );
  const writer = new RunWriter(db, {
    slots: [slot],
    detectors: [],
    header: {},
    inputs: [],
    indexed: false,
    rowsPerCommit,
    onCommit,
  });
  const events = given.filter((_, i) => i % 7 === 0).map((row) => healthAt(row.t));
  let told = 0;
  const until = (through: number): EngineEvents => {
    const from = told;
    while (told < events.length && (events[told]?.t ?? Infinity) < through) told++;
    return { ...quiet, healthEvents: events.slice(from, told) };
  };
  const learner = createLearner();
  for (let start = 0, sequence = 0; start < given.length; start += 50, sequence++) {
    const part = given.slice(start, start + 50);
    const batch = new MiningWriter(slot, learner);
    for (const r of part) {
      batch.log(r.t, r.service, r.severity, {
        body: r.body,
        trace: '',
        span: '',
        parent: '',
        attributes: '',
      });
    }
    const through = given[start + 50]?.t ?? 40_000_001;
    const ends = [
      ...at.map((share) => Math.floor(share * part.length)).toSorted((a, b) => a - b),
      part.length,
    ];
    let from = 0;
    ends.forEach((to, i) => {
      const last = i === ends.length - 1;
      const watermark = last ? through : (part[to]?.t ?? through);
      const { count, textBytes } = batch;
      const templates = stepsWithin(batch.templates, from, to);
      const range: RangeToWrite = {
        ...{ slot: 0, sequence, count, textBytes, templates, from, to, last, keyframe: null },
        ...{ through: watermark, ...until(watermark) },
      };
      writer.write(range);
      from = to;
    });
  }
  const digest = writer.finish({
    ...{
      state: 'completed',
      reason: '',
      comparable: true,
      through: 40_000_000,
      finishedUnixMs: 0,
      detectors: [],
    },
    ...{ events: until(Infinity), keyframe: '{}', measured: null },
  });
  return { db, digest, writer };
}

const dump = (db: Database.Database) =>
  [
    'log',
    'template',
    'health_event',
    'rollup_second',
    'rollup_service',
    'rollup_template',
    'run',
  ].map((table) => db.prepare(`SELECT * FROM ${table}`).all());

/** Counts of templates in buckets that are over, which are not as many as there are rows. */
const missingCounts = (db: Database.Database, through: number): readonly unknown[] => {
  const counted = `SELECT t / ${bucketUs} AS bucket, template_id, service_id,
      CASE WHEN severity < 9 THEN 0 WHEN severity < 13 THEN 1 WHEN severity < 17 THEN 2 ELSE 3 END AS level,
      count(*) AS count
    FROM log WHERE template_id IS NOT NULL GROUP BY 1, 2, 3, 4`;
  const over = `(bucket + 1) * ${bucketUs} <= ${through}`;
  return db
    .prepare(
      `SELECT * FROM (${counted}) WHERE ${over} EXCEPT SELECT * FROM rollup_template WHERE ${over}`,
    )
    .all();
};

describe('the writer', () => {
  test('stores every row in order, with rollups that equal a count by hand', () => {
    const slot = makeSlot();
    fc.assert(
      fc.property(rows, (given) => {
        const { db } = write(given, slot, []);
        const stored = db
          .prepare('SELECT k, t, service_id, severity, body FROM log ORDER BY k')
          .all() as {
          k: number;
          t: number;
          body: string;
        }[];
        expect(stored.map((r) => [r.t, r.body])).toEqual(
          given.map((r) => [r.t, r.body.toWellFormed()]),
        );
        stored.forEach((r, i) => {
          expect(r.k).toBe(Math.max((stored[i - 1]?.k ?? -1) + 1, r.t * 4));
        });
        const seconds = new Map<string, number>();
        const buckets = new Map<string, number>();
        for (const r of given) {
          const level = levelOf(r.severity);
          const second = `${Math.floor(r.t / 1e6)}/${level}`;
          const bucket = `${r.service}/${Math.floor(r.t / bucketUs)}/${level}`;
          seconds.set(second, (seconds.get(second) ?? 0) + 1);
          buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
        }
        const counted = (sql: string) =>
          new Map(
            db
              .prepare<[], { key: string; count: number }>(sql)
              .all()
              .map((r) => [r.key, r.count]),
          );
        expect(counted("SELECT second || '/' || level AS key, count FROM rollup_second")).toEqual(
          seconds,
        );
        expect(
          counted(
            "SELECT service_id || '/' || bucket || '/' || level AS key, count FROM rollup_service",
          ),
        ).toEqual(buckets);
        db.close();
      }),
      { numRuns: tries(60) },
    );
  });

  test('stores the same rows and digest wherever batches are cut', () => {
    const slot = makeSlot();
    fc.assert(
      fc.property(rows, cuts, fc.constantFrom(0, 30, 1e6), (given, at, rowsPerCommit) => {
        const whole = write(given, slot, []);
        const cut = write(given, slot, at, rowsPerCommit);
        expect(cut.digest).toBe(whole.digest);
        expect(dump(cut.db)).toEqual(dump(whole.db));
        whole.db.close();
        cut.db.close();
      }),
      { numRuns: tries(60) },
    );
  });

  test('says that ranges are committed when others can read them, each once and in order', () => {
    const slot = makeSlot();
    withFolder((folder) => {
      let files = 0;
      fc.assert(
        fc.property(rows, cuts, fc.constantFrom(0, 30, 1e6), (given, at, rowsPerCommit) => {
          const file = join(folder, `${files++}.db`);
          const told: Commit[] = [];
          const onCommit = (commit: Commit): void => {
            told.push(commit);
            const reader = new Database(file, { readonly: true });
            const seen = reader.prepare('SELECT count(*) FROM log').pluck().get();
            expect(missingCounts(reader, commit.through)).toEqual([]);
            reader.close();
            expect(seen).toBe(told.reduce((sum, { rows: more }) => sum + more, 0));
          };
          write(given, slot, at, rowsPerCommit, { file, onCommit }).db.close();
          const batches = Math.ceil(given.length / 50);
          const ranges = told.reduce((sum, commit) => sum + commit.ranges, 0);
          expect(ranges).toBe(batches * (at.length + 1));
          expect(told.map(({ through }) => through)).toEqual(
            told.map(({ through }) => through).toSorted((a, b) => a - b),
          );
        }),
        { numRuns: tries(20) },
      );
    });
  });

  test('keeps the state in which the run ended, whoever pauses after it', () => {
    const slot = makeSlot();
    const { db, writer } = write([{ t: 5, service: 0, severity: 9, body: 'hello' }], slot, []);
    writer.setState('paused');
    expect(db.prepare('SELECT state FROM run').pluck().get()).toBe('completed');
    db.close();
  });

  test('a digest tells one changed byte', () => {
    const given: Row[] = [{ t: 5, service: 0, severity: 9, body: 'hello' }];
    const slot = makeSlot();
    const a = write(given, slot, []).digest;
    expect(write(given, slot, []).digest).toBe(a);
    expect(write([{ ...given[0]!, body: 'hellp' }], slot, []).digest).not.toBe(a);
    expect(write([{ ...given[0]!, severity: 10 }], slot, []).digest).not.toBe(a);
    expect(write([{ ...given[0]!, t: 6 }], slot, []).digest).not.toBe(a);
  });
});
