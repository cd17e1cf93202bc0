/** The way in: single-use codes, the cookie, and the page for whoever has neither. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  inlineScript,
  rawExchange,
  requestText,
  startFixture,
  type Started,
} from '../support/server-harness.ts';

let fixture: Started;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.stop());

const get = (target: string, headers: Record<string, string> = {}, method = 'GET') =>
  rawExchange(fixture.port, requestText(fixture.port, { method, target, headers }));
const targetOf = (url: string) => url.slice(url.indexOf('/', 'http://'.length));
const cookieOf = (headers: Readonly<Record<string, string>>) =>
  (headers['set-cookie'] ?? '').split(';')[0] ?? '';

test('a code opens the page once, and leaves the address', async () => {
  const target = targetOf(fixture.server.openUrl());
  const first = await get(target);
  expect([first.status, first.headers['location']]).toEqual([303, '/']);
  expect(first.headers['set-cookie']).toBe(
    `workbench-${fixture.port}=${fixture.token}; Path=/; HttpOnly; SameSite=Strict`,
  );
  const page = await get('/', { Cookie: `other=1; ${cookieOf(first.headers)}` });
  expect([page.status, page.body.includes(inlineScript)]).toEqual([200, true]);
  expect(page.body).not.toContain(fixture.token);
  const again = await get(target);
  expect([again.status, again.headers['set-cookie']]).toEqual([401, undefined]);
  const inAlready = await get(target, { Cookie: cookieOf(first.headers) });
  expect([inAlready.status, inAlready.headers['location']]).toEqual([303, '/']);
});

test('a code leads to the path that it was made for, whatever the address says', async () => {
  const target = targetOf(fixture.server.openUrl('/runs/run-1'));
  const answer = await get(`${target}&path=http://evil.test/&next=//evil.test`);
  expect(answer.headers['location']).toBe('/runs/run-1');
});

test('a code ends after thirty seconds', async () => {
  const target = targetOf(fixture.server.openUrl());
  const late = targetOf(fixture.server.openUrl());
  fixture.clock.now += 29_999;
  expect((await get(target)).status).toBe(303);
  fixture.clock.now += 1;
  expect((await get(late)).status).toBe(401);
});

test('looking at the address does not spend the code, and only so many codes wait', async () => {
  const first = targetOf(fixture.server.openUrl());
  expect((await get(first, {}, 'HEAD')).status).toBe(401);
  for (let i = 0; i < 15; i++) fixture.server.openUrl();
  const last = targetOf(fixture.server.openUrl());
  expect((await get(first)).status).toBe(401);
  expect((await get(last)).status).toBe(303);
});

test('a code works on the front page only, and for our own visitors only', async () => {
  const target = targetOf(fixture.server.openUrl());
  const code = target.slice(2);
  expect((await get(`/api/runs?${code}`)).status).toBe(401);
  expect((await get(target, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
  expect((await get(target, { Origin: 'http://evil.test' })).status).toBe(403);
  expect((await get(target)).status).toBe(303);
});

test('a person without a token reads what to do, and the terminal hears of it', async () => {
  const before = fixture.lockedOut.times;
  const page = await get('/runs/run-1', { Accept: 'text/html,*/*' });
  expect(page.status).toBe(401);
  expect(page.headers['content-type']).toContain('text/html');
  expect(page.body).toContain('Open that address within 30 seconds');
  expect(page.body).not.toContain(inlineScript);
  expect(fixture.lockedOut.times).toBe(before + 1);
  const program = await get('/api/runs');
  expect(JSON.parse(program.body)).toMatchObject({ code: 'TOKEN_MISSING' });
  expect(fixture.lockedOut.times).toBe(before + 1);
});
