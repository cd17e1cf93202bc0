/** Questions about log templates, on a run from real threads, against counts by hand. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRun, questions, type RunReader } from '../../engine/query/index.ts';
import { messageOfTemplate } from '../../engine/query/template-message.ts';
import { createMiner, mine, resolve, templateOf } from '../../engine/templates/index.ts';
import { makeRunFile } from '../support/run-file.ts';
import { runScenario, smallOutage } from '../support/simulated-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'workbench-templates-'));
let file = '';
let run: RunReader;
beforeAll(async () => {
  ({ file } = await runScenario(smallOutage(), { folder, runId: 'small' }));
  run = openRun(file);
}, 120_000);
afterAll(() => {
  run.close();
  rmSync(folder, { recursive: true, force: true });
});

const moments = [0, 9_999_999, 10_000_000, 61_234_567, 150_000_000, 320_000_001, 720_000_000];

/** Counts at `t` by mining every line up to it, as if there were nothing else. */
function countsByHand(from: number, t: number): Map<string, number> {
  const miner = createMiner();
  const ids = run
    .tuples<[at: number, body: string]>('SELECT t, body FROM log WHERE t <= ? ORDER BY k', t)
    .map(([at, body]) => ({ at, id: mine(miner, body) }));
  const counts = new Map<string, number>();
  for (const { at, id } of ids) {
    if (at < from) continue;
    const text = templateOf(miner, resolve(miner, id)) ?? '';
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

test.each(moments)('counts at %i µs are those of the lines until then', (t) => {
  for (const asked of [0, 65_000_000]) {
    const from = Math.floor(Math.min(asked, t) / 10_000_000) * 10_000_000;
    const list = questions.templates.answer(run, { t, from: asked, limit: 1000 });
    expect(list.from).toBe(from);
    expect(new Map(list.rows.map(({ text, count }) => [text, count]))).toEqual(
      countsByHand(from, t),
    );
  }
});

test('nothing that was learned after the playhead is told', () => {
  const cut = join(folder, 'cut.db');
  copyFileSync(file, cut);
  const t = 75_000_000;
  const db = new Database(cut);
  for (const table of ['template', 'log']) db.prepare(`DELETE FROM ${table} WHERE t > ?`).run(t);
  db.prepare('DELETE FROM rollup_template WHERE (bucket + 1) * 10000000 > ?').run(t + 1);
  db.close();
  const past = openRun(cut);
  expect(questions.templates.answer(past, { t })).toEqual(questions.templates.answer(run, { t }));
  past.close();
});

test('an outage brings new templates, and they stop being new', () => {
  const fresh = (t: number) => questions.templates.answer(run, { t }).fresh;
  expect(fresh(100_000_000)).toBe(0);
  const rows = questions.templates.answer(run, { t: 200_000_000 }).rows.filter((row) => row.fresh);
  for (const row of rows) expect(row.firstAt).toBeGreaterThanOrEqual(120_000_000);
  expect(rows).toEqual(
    questions.templates.answer(run, { t: 200_000_000 }).rows.slice(0, rows.length),
  );
});

test('logs of a template are its lines, as many as are counted, in any service and level', () => {
  const t = 300_000_000;
  const { rows } = questions.templates.answer(run, { t, from: 0 });
  for (const { id, count } of rows) {
    const page = questions.logs.answer(run, { t, template: String(id), limit: 1000 });
    expect(page.matched).toBe(count);
    expect(page.rows).toHaveLength(Math.min(1000, count));
    const [row] = page.rows;
    const detail = questions.log.answer(run, { k: row?.k ?? -1, t });
    expect(detail.template?.id).toBe(id);
    expect(detail.template?.parameters).not.toBeNull();
  }
  const [first, second] = rows;
  const both = `${first?.id},${second?.id}`;
  const page = questions.logs.answer(run, { t, template: both, level: 'info', service: 'web' });
  const counted = questions.templates
    .answer(run, { t, from: 0, level: 'info', service: 'web' })
    .rows.filter(({ id }) => id === first?.id || id === second?.id);
  expect(page.matched).toBe(counted.reduce((sum, { count }) => sum + count, 0));
});

test('no line is of a template that is not known at the playhead', () => {
  const { rows } = questions.templates.answer(run, { t: 720_000_000, from: 0, limit: 1000 });
  const late = rows.toSorted((a, b) => b.firstAt - a.firstAt)[0];
  const t = (late?.firstAt ?? 0) - 1;
  const page = questions.logs.answer(run, { t, template: String(late?.id) });
  expect(page).toMatchObject({ rows: [], matched: 0, more: false });
});

test('a run of an older version says that it has none', () => {
  const old = openRun(
    makeRunFile(join(folder, 'old.db'), {
      version: 2,
      services: [{ name: 'web' }],
      durationUs: 60_000_000,
      logs: [{ t: 5, service: 0, severity: 9, body: 'hello' }],
    }),
  );
  const list = questions.templates.answer(old, { t: 60_000_000 });
  expect(list).toMatchObject({ mined: false, count: 0, fresh: 0, rows: [] });
  expect(questions.log.answer(old, { k: 20 }).template).toBeNull();
  old.close();
});

test('templates that merge in a circle, as a stranger may write them, are answered', () => {
  const odd = join(folder, 'odd.db');
  copyFileSync(file, odd);
  const db = new Database(odd);
  db.exec(`INSERT INTO template VALUES (9000000000, 719000000, 1, NULL, 2),
    (9000000001, 719000000, 2, NULL, 1)`);
  db.close();
  const reader = openRun(odd);
  expect(questions.templates.answer(reader, { t: 720_000_000 }).count).toBeGreaterThan(0);
  reader.close();
});

test.each([
  ['<*> ERROR [<*>] c.s.checkout : GET <*> failed', 'GET <*> failed'],
  ['<*> app@orders-db LOG: checkpoint starting: time', 'checkpoint starting: time'],
  ['ts=<*> level=info msg="gc cycle done, heap <*>"', 'gc cycle done, heap <*>'],
  ['{"level":<*>,"time":<*>,"pid":<*>,"hostname":"<*>","msg":"rate <*>"}', 'rate <*>'],
  ['<*>', '<*>'],
  ['session opened for user <*>', 'session opened for user <*>'],
])('what %j says', (text, message) => {
  expect(messageOfTemplate(text)).toBe(message);
});
