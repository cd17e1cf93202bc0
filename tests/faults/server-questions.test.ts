/** Slow questions, processes that die, and more clients than answers: what the page notices of it. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { limits } from '../../engine/limits.ts';
import { openRun, questions } from '../../engine/query/index.ts';
import { openLibrary, startServer, type RunningServer } from '../../web/server/index.ts';
import { makeRunFile } from '../support/run-file.ts';
import { makeSite } from '../support/server-harness.ts';

let folder: string;
let file: string;
const token = randomBytes(32).toString('base64url');
const servers: RunningServer[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'workbench-questions-'));
  file = makeRunFile(join(folder, 'run.db'), {
    id: 'run',
    services: [{ name: 'web', entry: true }],
    durationUs: 60_000_000,
    logs: Array.from({ length: 500 }, (_, i) => ({
      t: i * 1_000,
      service: 0,
      severity: 9 + (i % 10),
      body: `line ${i}`,
    })),
    incidentEvents: [{ t: 1, incident: 1, kind: 'opened', title: 'Oh', severity: 'high' }],
  });
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  rmSync(folder, { recursive: true });
});

/** One line of 24 MB, and a search that compares each of its letters with 256 others. */
const slow = `logs?t=60000000&text=${'a'.repeat(255)}b`;
function makeSlow(): void {
  const db = new Database(file);
  db.exec(`INSERT INTO log (k, t, service_id, severity, body)
    VALUES (200000000, 50000000, 0, 9, replace(hex(zeroblob(12000000)), '0', 'a'))`);
  db.close();
}

async function serve(): Promise<RunningServer> {
  const { site, remove } = makeSite();
  const server = await startServer({
    port: null,
    siteFolder: site,
    library: openLibrary({ folder, extra: [], log: () => undefined }),
    controls: [],
    token,
    now: () => 0,
    log: () => undefined,
  });
  servers.push(server);
  remove();
  return server;
}

interface Asked {
  readonly status: number;
  readonly text: string;
  readonly ms: number;
}

async function ask(
  server: RunningServer,
  question: string,
  signal?: AbortSignal,
): Promise<Asked & { readonly code: string }> {
  const start = performance.now();
  const response = await fetch(new URL(`/api/runs/run/${question}`, server.url), {
    headers: { Authorization: `Bearer ${token}` },
    ...(signal ? { signal } : {}),
  });
  const text = await response.text();
  const { code = '' } = JSON.parse(text) as { code?: string };
  return { status: response.status, text, code, ms: performance.now() - start };
}

/** Processes of this test that answer questions. */
function answerers(): number[] {
  const tasks = `/proc/${process.pid}/task`;
  return readdirSync(tasks)
    .flatMap((task) => readFileSync(`${tasks}/${task}/children`, 'utf8').trim().split(' '))
    .filter((pid) => pid !== '' && isAnswerer(pid))
    .map(Number);
}
function isAnswerer(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('answer-process');
  } catch {
    return false; // it ended while we looked
  }
}
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('an answer is what the question says, word for word', async () => {
  const server = await serve();
  const run = openRun(file);
  const t = 400_000;
  for (const [question, answer] of [
    [`state?t=${t}`, questions.state.answer(run, { t })],
    [`logs?t=${t}&limit=50`, questions.logs.answer(run, { t, limit: 50 })],
    [`services?t=${t}`, questions.services.answer(run, { t })],
    [`incident?t=${t}&id=1`, questions.incident.answer(run, { t, id: 1 })],
    [
      `neighbour?t=${t}&kind=record&direction=next&level=warn,error`,
      questions.neighbour.answer(run, {
        t,
        kind: 'record',
        direction: 'next',
        level: 'warn,error',
      }),
    ],
    ['overview', questions.overview.answer(run, {})],
  ] as const) {
    expect((await ask(server, question)).text).toBe(JSON.stringify(answer));
  }
  run.close();
});

test('a question that takes too long is given up, and costs nobody else anything', async () => {
  makeSlow();
  const server = await serve();
  await ask(server, 'overview');
  const late = ask(server, slow);
  await sleep(100);
  const others = await Promise.all(Array.from({ length: 20 }, () => ask(server, 'state?t=5')));
  for (const other of others) expect(other.status).toBe(200);
  const given = await late;
  expect([given.status, given.code]).toEqual([504, 'QUESTION_TOO_SLOW']);
  expect(given.ms).toBeGreaterThan(limits.questionMsMax - 50);
  expect(given.ms).toBeLessThan(limits.questionMsMax + 1_500);
  expect(Math.max(...others.map((other) => other.ms))).toBeLessThan(given.ms);
  // The process is gone, not only the wait for it.
  await sleep(100);
  expect(answerers().length).toBeLessThan(limits.answerersMax);
  expect((await ask(server, 'state?t=5')).status).toBe(200);
});

test('with every process busy the next question waits for its turn', async () => {
  makeSlow();
  const server = await serve();
  const late = Array.from({ length: limits.answerersMax }, () => ask(server, slow));
  await sleep(200);
  const waited = await ask(server, 'overview');
  expect(waited.status).toBe(200);
  expect((await Promise.all(late)).map((each) => each.status)).toEqual([504, 504]);
});

test('a process that dies takes one question with it, and is replaced', async () => {
  makeSlow();
  const server = await serve();
  await ask(server, 'overview');
  for (const pid of answerers()) process.kill(pid, 'SIGKILL');
  await sleep(100);
  expect((await ask(server, 'overview')).status).toBe(200);
  const unlucky = ask(server, slow);
  await sleep(200);
  for (const pid of answerers()) process.kill(pid, 'SIGKILL');
  const said = await unlucky;
  expect([said.status, said.code]).toEqual([503, 'ANSWERER_ENDED']);
  expect(said.text).toContain('SIGKILL');
  expect((await ask(server, 'overview')).status).toBe(200);
});

test('two hundred clients at once are all answered, by no more processes than there may be', async () => {
  const server = await serve();
  const asked = Array.from({ length: 200 }, (_, i) => ask(server, `state?t=${i * 1_000}`));
  await sleep(20);
  expect(answerers().length).toBeLessThanOrEqual(limits.answerersMax);
  for (const { status } of await Promise.all(asked)) expect(status).toBe(200);
});

test('who has gone leaves the queue, and a full queue says so', async () => {
  makeSlow();
  const library = openLibrary({ folder, extra: [], log: () => undefined });
  const call = (question: string, parameters: Record<string, unknown>, signal?: AbortSignal) =>
    library.call({ type: 'ask', run: 'run', question, parameters, hosted: [] }, signal);
  const text = `${'a'.repeat(255)}b`;
  const late = Array.from({ length: limits.answerersMax }, () => call('logs', { t: 6e7, text }));
  const pages = Array.from({ length: limits.questionsWaitingMax }, () => new AbortController());
  const leaving = pages.map((page) => call('overview', {}, page.signal));
  await expect(call('overview', {})).rejects.toMatchObject({
    refusal: { status: 503, error: { code: 'TOO_MANY_QUESTIONS' } },
  });
  for (const page of pages) page.abort(new Error('closed the page'));
  const left = await Promise.allSettled(leaving);
  expect(new Set(left.map((each) => each.status))).toEqual(new Set(['rejected']));
  const staying = call('overview', {});
  for (const each of await Promise.allSettled(late)) {
    expect(each).toMatchObject({ reason: { code: 'QUESTION_TOO_SLOW' } });
  }
  expect(JSON.parse(Buffer.from(await staying).toString())).toMatchObject({ id: 'run' });
  await library.close();
});

test('a question that waits for its turn when the server closes, or comes later, is told so', async () => {
  makeSlow();
  const library = openLibrary({ folder, extra: [], log: () => undefined });
  const call = (question: string, parameters: Record<string, unknown>) =>
    library.call({ type: 'ask', run: 'run', question, parameters, hosted: [] });
  const text = `${'a'.repeat(255)}b`;
  const busy = Array.from({ length: limits.answerersMax }, () => call('logs', { t: 6e7, text }));
  const waiting = call('overview', {});
  const settled = Promise.allSettled([...busy, waiting]);
  await library.close();
  const closing = { refusal: { status: 503, error: { code: 'SERVER_CLOSING' } } };
  await expect(waiting).rejects.toMatchObject(closing);
  await expect(call('overview', {})).rejects.toMatchObject(closing);
  expect((await settled).every((each) => each.status === 'rejected')).toBe(true);
});

test('a question that gets no turn in time is told that it waited', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const library = openLibrary({ folder, extra: [], log: () => undefined });
    const call = () =>
      library.call({ type: 'ask', run: 'run', question: 'overview', parameters: {}, hosted: [] });
    // In one turn of the event loop nothing is answered yet, so that the last one is in the queue.
    const asked = Array.from({ length: limits.answerersMax + 1 }, call);
    const settled = Promise.allSettled(asked);
    vi.advanceTimersByTime(limits.questionWaitMsMax);
    const last = (await settled).at(-1);
    expect(last).toMatchObject({ reason: { refusal: { error: { code: 'WAITED_TOO_LONG' } } } });
    await library.close();
  } finally {
    vi.useRealTimers();
  }
});

test('an answer with more bytes than a page can hold is refused', async () => {
  const db = new Database(file);
  const body = 'x'.repeat(limits.shownBodyCharsMax);
  const insert = db.prepare(
    'INSERT INTO log (k, t, service_id, severity, body) VALUES (?, 50000000, 0, 9, ?)',
  );
  db.transaction(() => {
    // Three bytes a letter as JSON, and more rows than any page of the app asks for.
    for (let i = 0; i < 1_000; i++) insert.run(200_000_000 + i, body.replaceAll('x', '\u2028'));
  })();
  db.close();
  const server = await serve();
  const said = await ask(server, 'logs?t=60000000&limit=1000');
  expect([said.status, said.code]).toEqual([400, 'ANSWER_TOO_LARGE']);
  expect((await ask(server, 'logs?t=60000000&limit=200')).status).toBe(200);
});

test('the server closes at once with a slow question under way, and leaves nobody behind', async () => {
  makeSlow();
  const server = await serve();
  await ask(server, 'overview');
  const cut = ask(server, slow).catch(() => null);
  await sleep(200);
  const start = performance.now();
  await server.close();
  expect(performance.now() - start).toBeLessThan(1_500);
  expect(answerers()).toEqual([]);
  await cut;
});
