/** The gate: who is turned away from every address of the server, and how. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiRoutes } from '../../web/server/api.ts';
import {
  canary,
  fakeLibrary,
  inlineScript,
  rawExchange,
  requestText,
  startFixture,
  upgradeHeaders,
  type Spoken,
  type Started,
} from '../support/server-harness.ts';
import { createHash } from 'node:crypto';

/** Every route of the server, with a request that is right in all but what a test changes. */
const action = { 'x-workbench': '1', 'Content-Type': 'application/json' };
const actionBody = JSON.stringify({ action: 'acknowledge', t: 5 });
const routeTable: Readonly<Record<string, Spoken>> = {
  'GET /': { target: '/' },
  'GET /_app/immutable/entry/start.abc123.js': { target: '/_app/immutable/entry/start.abc123.js' },
  'GET /runs/run-1': { target: '/runs/run-1' },
  'GET /api/runs': { target: '/api/runs' },
  'GET /api/runs/:run/overview': { target: '/api/runs/run-1/overview' },
  'GET /api/runs/:run/state': { target: '/api/runs/run-1/state?t=5' },
  'GET /api/runs/:run/broken': { target: '/api/runs/run-1/broken' },
  'POST /api/runs/:run/incidents/:incident': {
    method: 'POST',
    target: '/api/runs/run-1/incidents/1',
    headers: action,
    body: actionBody,
  },
  'GET /api/bench': { target: '/api/bench' },
  'GET /api/bench/:board': { target: '/api/bench/quick' },
  'GET /api/bench/:board/cell': { target: '/api/bench/quick/cell?item=a&entry=zscore' },
  'GET /api/bench/:board/difference': {
    target: '/api/bench/quick/difference?with=old&anyway=true',
  },
  'POST /api/bench/:board/plays': {
    method: 'POST',
    target: '/api/bench/quick/plays',
    headers: action,
    body: JSON.stringify({ item: 'a', entry: 'zscore', seed: 1 }),
  },
  'GET /live': { target: '/live' },
};

let fixture: Started;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.stop());

/** The route's request with more headers; WebSocket's handshake for `/live`, Origin for a POST. */
function speak(route: string, change: Partial<Spoken> & { without?: string } = {}): string {
  const right = routeTable[route];
  if (!right) throw new Error(`no example of ${route}`);
  const { port, token } = fixture;
  const headers: Record<string, string> = {
    Authorization: `Bearer ${token}`,
    ...(route === 'GET /live' ? upgradeHeaders(port) : {}),
    ...(right.method === 'POST' ? { Origin: `http://127.0.0.1:${port}` } : {}),
    ...right.headers,
    ...change.headers,
  };
  const kept = Object.entries(headers).filter(([name]) => name !== change.without);
  return requestText(port, { ...right, ...change, headers: Object.fromEntries(kept) });
}

const statusWithToken = (route: string) =>
  route === 'GET /live' ? 101 : route.endsWith('/broken') ? 500 : 200;

test('the table names every route of the api', () => {
  const routes = apiRoutes({ library: fakeLibrary(), hosted: () => [], now: () => 0, plays: null });
  const known = Object.keys(routeTable).filter((route) => route.includes('/api/'));
  expect(routes.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(known.sort());
});

describe.each(Object.keys(routeTable))('%s', (route) => {
  test('answers whoever has the token', async () => {
    const answer = await rawExchange(fixture.port, speak(route));
    expect(answer.status).toBe(statusWithToken(route));
  });

  test('wants the token', async () => {
    const acts = fixture.library.acts.length;
    for (const headers of [
      { Authorization: 'Bearer wrong' },
      { Authorization: '' },
      { Authorization: `Bearer ${fixture.token}x` },
      { Authorization: `Basic ${fixture.token}` },
      { Authorization: '', Cookie: `workbench-1=${fixture.token}` },
      { Authorization: '', Cookie: `workbench-${fixture.port}=` },
    ]) {
      const answer = await rawExchange(fixture.port, speak(route, { headers }));
      expect(answer.status).toBe(401);
      expect(answer.body).not.toContain('run-1');
    }
    expect(fixture.library.acts.length).toBe(acts);
  });

  test('answers no other name than its own', async () => {
    const { port } = fixture;
    for (const host of [
      `evil.test:${port}`,
      '127.0.0.1',
      `127.0.0.1:${port + 1}`,
      `127.0.0.1:${port}.evil.test`,
      `localhost.evil.test:${port}`,
      `0.0.0.0:${port}`,
      `127.0.0.2:${port}`,
      `[::]:${port}`,
      `user@127.0.0.1:${port}`,
      '',
      null,
    ]) {
      const answer = await rawExchange(port, speak(route, { host }));
      expect([host, answer.status]).toEqual([host, 403]);
    }
    const two = speak(route).replace('\r\n', `\r\nHost: evil.test:${port}\r\n`);
    expect((await rawExchange(port, two)).status).toBe(403);
  });

  test('answers no foreign page', async () => {
    const { port } = fixture;
    for (const origin of [
      'null',
      `http://evil.test:${port}`,
      `https://127.0.0.1:${port}`,
      `http://127.0.0.1:${port + 1}`,
      `http://127.0.0.1:${port}.evil.test`,
      `http://127.0.0.1:${port}/`,
      `http://localhost:${port}`,
      'file://',
    ]) {
      const answer = await rawExchange(port, speak(route, { headers: { Origin: origin } }));
      expect([origin, answer.status]).toEqual([origin, 403]);
    }
    for (const site of ['cross-site', 'same-site', 'none, none', '']) {
      const answer = await rawExchange(port, speak(route, { headers: { 'Sec-Fetch-Site': site } }));
      expect([site, answer.status]).toEqual([site, 403]);
    }
    const own = { Origin: `http://127.0.0.1:${port}`, 'Sec-Fetch-Site': 'same-origin' };
    const answer = await rawExchange(port, speak(route, { headers: own }));
    expect(answer.status).toBe(statusWithToken(route));
  });

  test('answers under each of its own names', async () => {
    for (const name of ['localhost', '[::1]']) {
      const host = `${name}:${fixture.port}`;
      const headers = { Origin: `http://${host}` };
      const answer = await rawExchange(fixture.port, speak(route, { host, headers }));
      expect(answer.status).toBe(statusWithToken(route));
    }
  });
});

test('a WebSocket and a change need an Origin', async () => {
  for (const route of ['GET /live', 'POST /api/runs/:run/incidents/:incident']) {
    const answer = await rawExchange(fixture.port, speak(route, { without: 'Origin' }));
    expect([route, answer.status]).toEqual([route, 403]);
  }
});

test('a change is JSON and says so', async () => {
  const route = 'POST /api/runs/:run/incidents/:incident';
  const acts = fixture.library.acts.length;
  const status = async (change: Parameters<typeof speak>[1]) =>
    (await rawExchange(fixture.port, speak(route, change))).status;
  expect(await status({ without: 'x-workbench' })).toBe(403);
  expect(await status({ without: 'Content-Type' })).toBe(415);
  for (const type of [
    'text/plain',
    'TEXT/PLAIN',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json; charset=utf-16',
    'text/plain; application/json',
  ]) {
    expect([type, await status({ headers: { 'Content-Type': type } })]).toEqual([type, 415]);
  }
  expect(await status({ headers: { 'Content-Encoding': 'gzip' } })).toBe(415);
  for (const body of [
    '{',
    '[]',
    'null',
    '{"action":"explode","t":1}',
    '{"action":"note","t":-1}',
    '{"action":"note","t":1.5}',
    '{"action":"note","t":"1"}',
    '{"action":"note","t":1,"__proto__":{"x":1}}',
    '{"action":"note","t":1,"more":1}',
  ]) {
    expect([body, await status({ body })]).toEqual([body, 400]);
  }
  expect(fixture.library.acts.length).toBe(acts);
  expect(await status({ body: '{"action":"reopen","t":1}' })).toBe(409);
  expect(await status({ headers: { 'Content-Type': 'APPLICATION/JSON; charset=UTF-8' } })).toBe(
    200,
  );
});

test('parameters are checked against the schema of the question', async () => {
  const ask = async (target: string) =>
    rawExchange(fixture.port, speak('GET /api/runs/:run/state', { target }));
  const good = await ask('/api/runs/run-1/state?t=7&text=a%20b%00'.replace('%00', ''));
  expect(JSON.parse(good.body)).toEqual({
    question: 'state',
    parameters: { t: 7, text: 'a b' },
  });
  for (const query of [
    '',
    '?t=',
    '?t=-1',
    '?t=1e999',
    '?t=x',
    '?t=1.5',
    '?t=1&t=2',
    '?t=1&unknown=1',
    '?t=1&__proto__=1',
    `?t=1&text=${'x'.repeat(21)}`,
  ]) {
    const answer = await ask(`/api/runs/run-1/state${query}`);
    expect([query, answer.status]).toEqual([query, 400]);
    expect(JSON.parse(answer.body).code).toBe('BAD_PARAMETER');
  }
  const absent = await ask('/api/runs/run-9/state?t=1');
  expect([absent.status, JSON.parse(absent.body).code]).toEqual([404, 'RUN_NOT_FOUND']);
});

test('methods other than GET, HEAD and POST are refused', async () => {
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND']) {
    const answer = await rawExchange(fixture.port, speak('GET /api/runs', { method }));
    expect([method, answer.status, answer.headers['allow']]).toEqual([
      method,
      405,
      'GET, HEAD, POST',
    ]);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  }
  const head = await rawExchange(fixture.port, speak('GET /', { method: 'HEAD' }));
  expect([head.status, head.body]).toEqual([200, '']);
  const posted = speak('POST /api/runs/:run/incidents/:incident', { target: '/api/runs' });
  expect((await rawExchange(fixture.port, posted)).status).toBe(405);
});

test('two hundred ways to leave the site folder lead nowhere', async () => {
  const targets = traversals();
  expect(targets.length).toBeGreaterThanOrEqual(200);
  for (const target of targets) {
    const answer = await rawExchange(fixture.port, speak('GET /', { target }));
    expect([target, answer.status >= 400 && answer.status < 500]).toEqual([target, true]);
    expect(answer.body).not.toContain(canary);
  }
});

function traversals(): string[] {
  const ups = ['..', '%2e%2e', '.%2e', '%2E.', '%252e%252e', '..;', '..%00', '...', '%c0%ae%c0%ae'];
  const slashes = ['/', '%2f', '%252f', '\\', '%5c', '//', '/./', '%c0%af'];
  const files = ['canary.txt', 'canary.txt?raw', 'canary.txt#x'];
  const crossed = ups.flatMap((up) =>
    slashes.flatMap((slash) => files.map((file) => `/${up}${slash}${file}`)),
  );
  const odd = [
    '//canary.txt',
    '/link.txt',
    '/./canary.txt',
    '/canary.txt/.',
    '/canary.txt%00.html',
    '/_app/../../canary.txt',
    '/_app/immutable/..%2f..%2f..%2fcanary.txt',
    '/@fs/etc/passwd',
    '/etc/passwd.txt',
    '/file:///etc/passwd',
    'file:///etc/passwd',
    'http://127.0.0.1/canary.txt',
    'canary.txt',
    '*',
    '/index.html/../../canary.txt',
    '/~root/.profile',
    '/?t=1#/../canary.txt',
    '/?t=1\\canary.txt',
    '/?t=%00',
    '/\u00e9',
  ];
  return [...crossed, ...odd];
}

describe('headers', () => {
  const policyOf = async (text: string) =>
    (await rawExchange(fixture.port, text)).headers['content-security-policy'];

  test('the page has a strict policy with the hash of its own script', async () => {
    const hash = createHash('sha256').update(inlineScript).digest('base64');
    const policy = await policyOf(speak('GET /'));
    expect(policy).toContain(`script-src 'self' 'sha256-${hash}';`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("'unsafe-inline'");
  });

  test('every answer carries them, refusals too', async () => {
    const { port } = fixture;
    const texts = [
      ...Object.keys(routeTable)
        .filter((route) => route !== 'GET /live')
        .map((route) => speak(route)),
      speak('GET /', { host: 'evil.test' }),
      speak('GET /', { without: 'Authorization' }),
      speak('GET /', { without: 'Authorization', headers: { Accept: 'text/html' } }),
      speak('GET /', { target: '/nothing.txt' }),
      speak('GET /', { target: '/../x' }),
      speak('GET /', { method: 'PUT' }),
      speak('GET /live', { without: 'Upgrade' }),
      speak('GET /live', { without: 'Origin' }),
      speak('GET /live', { headers: { 'Sec-WebSocket-Key': 'short' } }),
      speak('GET /live', { target: '/elsewhere' }),
      speak('GET /', { headers: { Expect: 'a-miracle' } }),
      speak('GET /', { headers: { 'X-Long': 'x'.repeat(20_000) } }),
      'NOT HTTP AT ALL\r\n\r\n',
      speak('GET /').replace('HTTP/1.1', 'HTTP/9.9'),
    ];
    for (const text of texts) {
      const { status, headers } = await rawExchange(port, text);
      const line = text.slice(0, 60);
      expect([line, status]).not.toEqual([line, 0]);
      expect([line, headers['content-security-policy']]).toEqual([
        line,
        expect.stringContaining("frame-ancestors 'none'"),
      ]);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers['cross-origin-opener-policy']).toBe('same-origin');
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  test('hashed assets may be kept, the page is asked for again, answers of the api are not stored', async () => {
    const cache = async (route: string) =>
      (await rawExchange(fixture.port, speak(route))).headers['cache-control'];
    expect(await cache('GET /_app/immutable/entry/start.abc123.js')).toContain('immutable');
    expect(await cache('GET /')).toBe('no-cache');
    expect(await cache('GET /api/runs')).toBe('no-store');
    const { headers } = await rawExchange(fixture.port, speak('GET /'));
    const again = speak('GET /', { headers: { 'If-None-Match': headers['etag'] ?? '' } });
    expect((await rawExchange(fixture.port, again)).status).toBe(304);
  });
});

test('an unknown error tells the page nothing and forges no line of the log', async () => {
  const before = fixture.lines.length;
  const answer = await rawExchange(fixture.port, speak('GET /api/runs/:run/broken'));
  expect(JSON.parse(answer.body).code).toBe('INTERNAL');
  expect(answer.body).not.toContain('secret-internals');
  const lines = fixture.lines.slice(before);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('secret-internals?forged line');
});

test('the log holds one printable line a refusal, and neither token nor code', async () => {
  const { port, token, server } = fixture;
  const code = new URL(server.openUrl()).searchParams.get('code') ?? '';
  const before = fixture.lines.length;
  await rawExchange(port, speak('GET /', { target: `/nothing.txt?code=${code}` }));
  await rawExchange(port, speak('GET /', { target: '/a\tb\u001b[2J\u0085' }));
  await rawExchange(port, speak('GET /', { host: `evil.test:${port}`, target: `/?code=${code}` }));
  expect(fixture.lines.length).toBeGreaterThan(before);
  for (const line of fixture.lines) {
    expect(line).toMatch(/^[ -~]*$/);
    expect(line).not.toContain(token);
    expect(line).not.toContain(code);
  }
});
