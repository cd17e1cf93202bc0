/** The server's view of run files on disk: real files, real questions, over HTTP. */
import { machineId } from '../../engine/writer-process.ts';
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ApiError, RunOverview, RunStateAt, RunSummary } from '../../engine/query/types.ts';
import { migrate } from '../../engine/store/migrations.ts';
import { applicationId } from '../../engine/store/schema.ts';
import { openLibrary, startServer, type RunningServer } from '../../web/server/index.ts';
import { makeSite } from '../support/server-harness.ts';

let folder: string;
let server: RunningServer;
let lines: string[];
const token = randomBytes(32).toString('base64url');

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'workbench-runs-'));
  const { site, remove } = makeSite();
  lines = [];
  const log = (line: string) => lines.push(line);
  server = await startServer({
    port: null,
    siteFolder: site,
    library: openLibrary({ folder, extra: [], log }),
    controls: [],
    token,
    now: () => 1_800_000_000_000,
    log,
  });
  remove();
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** A run of one minute with one service and one incident that opened after ten seconds. */
function writeRun(
  file: string,
  id: string,
  change: { state?: string; title?: string; createdUnixMs?: number } = {},
): void {
  const db = new Database(file);
  db.pragma(`application_id = ${applicationId}`);
  db.transaction(() => migrate(db))();
  db.prepare(
    `INSERT INTO run (id, scenario_name, title, scenario_kind, scenario_hash, seed, engine_version,
       start_unix_us, duration, created_unix_ms, state, asked_speed, workers, through, pid, machine)
     VALUES (?, 'a-scenario', ?, 'simulated', 'hash', 1, '0', 0, 60000000, ?, ?, '10', 1, 60000000, ?, ?)`,
  ).run(
    id,
    change.title ?? 'A run',
    change.createdUnixMs ?? 1,
    change.state ?? 'completed',
    process.pid,
    machineId(),
  );
  db.exec("INSERT INTO service VALUES (0, 'web', 'service', 1)");
  const event = db.prepare(
    'INSERT INTO incident_event (k, t, incident, kind, payload) VALUES (?, ?, 1, ?, ?)',
  );
  event.run(40_000_000, 10_000_000, 'opened', '{"title":"Web is slow","severity":"high"}');
  db.close();
}

async function get<A>(path: string): Promise<{ status: number; body: A }> {
  const headers = { Authorization: `Bearer ${token}` };
  const response = await fetch(new URL(path, server.url), { headers });
  return { status: response.status, body: (await response.json()) as A };
}

async function act(path: string, body: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(new URL(path, server.url), {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      Origin: server.url.slice(0, -1),
      'Content-Type': 'application/json',
      'x-workbench': '1',
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

test('runs are listed without paths, and what cannot be shown is said in the log', async () => {
  writeRun(join(folder, 'one.db'), 'one');
  writeRun(join(folder, 'spaced.db'), 'not plain/../id');
  copyFileSync(join(folder, 'one.db'), join(folder, 'two.db'));
  new Database(join(folder, 'other.db')).exec('CREATE TABLE x (y)').close();
  writeFileSync(join(folder, 'notes.txt'), 'not a run');
  mkdirSync(join(folder, 'sub'));
  const { body } = await get<RunSummary[]>('/api/runs');
  expect(body.map((run) => run.id)).toEqual(['one']);
  expect(body[0]).not.toHaveProperty('file');
  await get('/api/runs');
  expect(lines.filter((line) => line.startsWith('not listed: ')).sort()).toEqual([
    expect.stringMatching(/(one|two)\.db holds run one, and so does another file$/),
    expect.stringMatching(/other\.db is not a run file/),
    expect.stringMatching(/the run id of \S+spaced\.db cannot be part of an address$/),
  ]);
});

test('questions are answered from the file, and a person can act on it', async () => {
  writeRun(join(folder, 'one.db'), 'one');
  const overview = await get<RunOverview>('/api/runs/one/overview');
  expect(overview.body).toMatchObject({ id: 'one', title: 'A run', live: false });
  const early = await get<RunStateAt>('/api/runs/one/state?t=9999999');
  expect(early.body.incidents).toEqual([]);
  const later = await get<RunStateAt>('/api/runs/one/state?t=10000000');
  expect(later.body.incidents).toMatchObject([{ id: 1, title: 'Web is slow', status: 'open' }]);

  const action = { action: 'acknowledge', t: 12_000_000, actor: 'Ada' };
  const done = await act('/api/runs/one/incidents/1', action);
  expect(done).toMatchObject({ status: 200, body: { id: 1, status: 'acknowledged' } });
  const after = await get<RunStateAt>('/api/runs/one/state?t=13000000');
  expect(after.body.incidents).toMatchObject([{ status: 'acknowledged' }]);
  expect(await act('/api/runs/one/incidents/1', action)).toMatchObject({
    status: 409,
    body: { code: 'ILLEGAL_TRANSITION' },
  });
  expect(await act('/api/runs/one/incidents/9', action)).toMatchObject({
    status: 404,
    body: { code: 'NOT_IN_RUN' },
  });
});

test('a search is literal, whatever it looks like', async () => {
  const file = join(folder, 'one.db');
  writeRun(file, 'one');
  const db = new Database(file);
  const insert = db.prepare(
    'INSERT INTO log (k, t, service_id, severity, body) VALUES (?, 1, 0, 9, ?)',
  );
  const bodies = [`a'b";--`, '100% _sure_', 'x OR 1=1', 'NEAR("a" b*)', 'plain'];
  bodies.forEach((body, i) => insert.run(10 + i, body));
  db.close();
  for (const text of [`'b";--`, '% _', ' OR 1=1', 'NEAR("', '*)']) {
    const path = `/api/runs/one/logs?t=60000000&text=${encodeURIComponent(text)}`;
    const { body } = await get<{ rows: { body: string }[] }>(path);
    expect(body.rows.map((row) => row.body)).toEqual(bodies.filter((b) => b.includes(text)));
  }
});

test('a file that is replaced, moved or removed is noticed', async () => {
  const file = join(folder, 'one.db');
  writeRun(file, 'one', { title: 'First' });
  const title = async () => (await get<RunOverview>('/api/runs/one/overview')).body.title;
  expect(await title()).toBe('First');
  writeRun(join(folder, 'new'), 'one', { title: 'Second' });
  renameSync(join(folder, 'new'), file);
  expect(await title()).toBe('Second');
  renameSync(file, join(folder, 'moved.db'));
  expect(await title()).toBe('Second');
  rmSync(join(folder, 'moved.db'));
  const { status, body } = await get<ApiError>('/api/runs/one/overview');
  expect([status, body.code]).toEqual([404, 'RUN_NOT_FOUND']);
});

test('a run that is being written is never held open, so that it can be sealed', async () => {
  const file = join(folder, 'live.db');
  writeRun(file, 'live', { state: 'running' });
  const writer = new Database(file);
  writer.pragma('journal_mode = WAL');
  writer.exec('UPDATE run SET through = 5000000');
  const { body } = await get<RunOverview>('/api/runs/live/overview');
  expect(body).toMatchObject({ state: 'running', throughUs: 5_000_000 });
  writer.exec("UPDATE run SET state = 'completed', through = 60000000");
  expect(writer.pragma('journal_mode = DELETE', { simple: true })).toBe('delete');
  writer.close();
  expect((await get<RunOverview>('/api/runs/live/overview')).body.state).toBe('completed');
});

test('sums of a run that is being written grow with it, and belong to that run alone', async () => {
  const file = join(folder, 'live.db');
  const second = 1_000_000;
  const add = (from: number, to: number): void => {
    const db = new Database(file);
    const log = db.prepare(
      "INSERT INTO log (k, t, service_id, severity, body) VALUES (?, ?, 0, 9, '')",
    );
    const rollup = db.prepare('INSERT INTO rollup_second VALUES (?, 1, 1)');
    db.transaction(() => {
      for (let s = from; s < to; s++) {
        log.run(s * second * 4, s * second);
        rollup.run(s);
      }
      db.prepare('UPDATE run SET through = ?').run(to * second);
    })();
    db.close();
  };
  const total = async () =>
    (await get<{ total: number }>('/api/runs/live/logs?t=999999999&limit=1')).body.total;
  writeRun(file, 'live', { state: 'running' });
  add(0, 130);
  expect(await total()).toBe(130);
  add(130, 400);
  expect(await total()).toBe(400);
  rmSync(file);
  writeRun(file, 'live', { state: 'running', createdUnixMs: 2 });
  add(0, 300);
  expect(await total()).toBe(300);
});

test('more runs than stay open are answered all the same', async () => {
  const ids = Array.from({ length: 12 }, (_, i) => `run-${i}`);
  for (const id of ids) writeRun(join(folder, `${id}.db`), id);
  for (const id of [...ids, ...ids]) {
    expect((await get<RunOverview>(`/api/runs/${id}/overview`)).body.id).toBe(id);
  }
});
