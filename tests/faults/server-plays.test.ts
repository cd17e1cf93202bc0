/** `POST /api/bench/:board/plays`: what starts a run, one at a time, and never what a request names. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  rawExchange,
  recipe,
  requestText,
  startFixture,
  type Started,
} from '../support/server-harness.ts';

let fixture: Started;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.stop());

function play(body: unknown) {
  const { port, token } = fixture;
  const headers = {
    Authorization: `Bearer ${token}`,
    Origin: `http://127.0.0.1:${port}`,
    'x-workbench': '1',
    'Content-Type': 'application/json',
  };
  const spoken = { method: 'POST', target: '/api/bench/quick/plays', headers };
  return rawExchange(port, requestText(port, { ...spoken, body: JSON.stringify(body) }));
}

const right = { item: 'a', entry: 'zscore', seed: 1 };

test('starts what the results file names, and tells the run', async () => {
  const answer = await play(right);
  expect([answer.status, JSON.parse(answer.body)]).toEqual([200, { run: 'a-scenario-1' }]);
  expect(fixture.plays.started).toEqual([recipe]);
});

test.each([
  ['a path', { ...right, source: '/etc/passwd' }],
  ['a detector', { ...right, detectors: ['./mine.ts'] }],
  ['no seed', { item: 'a', entry: 'zscore' }],
  ['a seed that is none', { ...right, seed: 1.5 }],
  ['an endless name', { ...right, item: 'x'.repeat(20_000) }],
  ['a list', [right]],
])('refuses a body with %s', async (_name, body) => {
  const before = fixture.plays.started.length;
  expect((await play(body)).status).toBe(400);
  expect(fixture.plays.started.length).toBe(before);
});

test('plays one thing at a time', async () => {
  fixture.plays.busy = true;
  const answer = await play(right);
  fixture.plays.busy = false;
  expect([answer.status, JSON.parse(answer.body)]).toEqual([
    409,
    expect.objectContaining({ code: 'PLAY_BUSY' }),
  ]);
});
