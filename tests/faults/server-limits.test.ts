/** Slow, huge and ambiguous requests; and who can reach the server at all. */
import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { limits } from '../../engine/limits.ts';
import { startServer } from '../../web/server/index.ts';
import {
  fakeLibrary,
  makeSite,
  parseAnswer,
  rawBytes,
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

const authorized = () => ({ Authorization: `Bearer ${fixture.token}` });
const actionHeaders = () => ({
  ...authorized(),
  Origin: `http://127.0.0.1:${fixture.port}`,
  'x-workbench': '1',
  'Content-Type': 'application/json',
});
const target = '/api/runs/run-1/incidents/1';

/** Sends `first`, then `more` for as long as the server listens; resolves with what came back. */
function drip(first: string, more: string, everyMs: number): Promise<{ text: string; ms: number }> {
  return new Promise((resolve) => {
    const start = performance.now();
    let text = '';
    const socket = connect(fixture.port, '127.0.0.1', () => socket.write(first));
    const timer = setInterval(() => socket.writable && socket.write(more), everyMs);
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(timer);
      resolve({ text, ms: performance.now() - start });
    });
  });
}

test('whoever dribbles headers or a body is hung up on within ten seconds', async () => {
  const body = requestText(fixture.port, {
    method: 'POST',
    target,
    headers: { ...actionHeaders(), 'Content-Length': '60000' },
  });
  const dribbles = await Promise.all([
    drip('GET / HTTP/1.1\r\n', 'X-Slow: 1\r\n', 200),
    drip('G', 'E', 500),
    drip('', '', 500),
    drip(body, '{', 200),
  ]);
  for (const { ms } of dribbles) expect(ms).toBeLessThan(limits.httpRequestMsMax + 1_500);
  expect(parseAnswer(dribbles[0]?.text ?? '').status).toBe(408);
  expect(fixture.library.acts).toHaveLength(0);
});

test('a body is taken up to its limit and not a byte more', async () => {
  const send = (bytes: number, change: (text: string) => string = (text) => text) => {
    const empty = JSON.stringify({ action: 'acknowledge', t: 1, note: '' });
    const body = empty + ' '.repeat(bytes - empty.length);
    const text = requestText(fixture.port, {
      method: 'POST',
      target,
      headers: actionHeaders(),
      body,
    });
    return rawExchange(fixture.port, change(text));
  };
  expect((await send(limits.httpBodyBytesMax)).status).toBe(200);
  expect((await send(limits.httpBodyBytesMax + 1)).status).toBe(413);
  const chunked = (text: string) => {
    const [head = '', body = ''] = text.split('\r\n\r\n');
    const size = body.length.toString(16);
    const headers = head.replace(/Content-Length: \d+/, 'Transfer-Encoding: chunked');
    return `${headers}\r\n\r\n${size}\r\n${body}\r\n0\r\n\r\n`;
  };
  expect((await send(limits.httpBodyBytesMax, chunked)).status).toBe(200);
  expect((await send(limits.httpBodyBytesMax + 1, chunked)).status).toBe(413);
});

test('a gigabyte is refused by its announcement', async () => {
  const headers = { ...actionHeaders(), 'Content-Length': String(1024 ** 3) };
  const { text, ms } = await drip(
    requestText(fixture.port, { method: 'POST', target, headers }),
    'x'.repeat(65_536),
    // Slow enough for the answer to come first: bytes after it reset the connection, and the answer is lost.
    100,
  );
  expect(parseAnswer(text).status).toBe(413);
  expect(ms).toBeLessThan(5_000);
});

test('ten thousand headers are too many', async () => {
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`X-${i}`, '1']));
  const text = requestText(fixture.port, { target: '/', headers: { ...authorized(), ...many } });
  expect((await rawExchange(fixture.port, text)).status).toBe(431);
});

test('no request can hide in another one', async () => {
  const { port } = fixture;
  const smuggled = requestText(port, { target: '/api/runs', headers: authorized() });
  const post = (headers: Record<string, string>) =>
    requestText(port, { method: 'POST', target, headers: { ...actionHeaders(), ...headers } });
  const ambiguous = [
    post({ 'Content-Length': '4', 'Transfer-Encoding': 'chunked' }) + `0\r\n\r\n${smuggled}`,
    post({ 'Transfer-Encoding': 'chunked, identity' }) + `0\r\n\r\n${smuggled}`,
    post({ 'Transfer-Encoding': 'xchunked' }) + `0\r\n\r\n${smuggled}`,
    post({ 'Content-Length': '-1' }) + smuggled,
    post({ 'Content-Length': '+5' }) + smuggled,
    requestText(port, { target: '/', headers: authorized(), body: smuggled }),
    `GET / HTTP/1.1\nHost: 127.0.0.1:${port}\n\n${smuggled}`,
    requestText(port, { target: '/', headers: { ...authorized(), 'X-A': `1\n${smuggled}` } }),
  ];
  for (const text of ambiguous) {
    const bytes = await rawBytes(port, text, 300);
    expect([text.slice(0, 200), bytes.slice(0, 12)]).toEqual([
      text.slice(0, 200),
      expect.stringMatching(/^HTTP\/1.1 4/),
    ]);
    expect(bytes).not.toContain('"scenario":"a-scenario"');
  }
});

test('CONNECT and other protocols get nothing', async () => {
  const { port } = fixture;
  for (const text of [
    `CONNECT evil.test:443 HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`,
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\u0016\u0003\u0001\u0002\u0000\u0001',
  ]) {
    expect(await rawBytes(port, text, 300)).not.toMatch(/^HTTP\/1.1 [123]/);
  }
});

test('only loopback listens', async () => {
  const others = Object.values(networkInterfaces())
    .flat()
    .flatMap((address) => (address && !address.internal ? [address.address] : []))
    .filter((address) => !address.startsWith('fe80'));
  for (const address of [...others, '127.0.0.2']) {
    const code = await new Promise<string>((resolve) => {
      const socket = connect({ port: fixture.port, host: address, timeout: 1_000 });
      socket.on('connect', () => (socket.destroy(), resolve('connected')));
      socket.on('timeout', () => (socket.destroy(), resolve('timeout')));
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    });
    expect([address, code]).not.toEqual([address, 'connected']);
  }
});

test('a port in use is an error with its number', async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  const address = holder.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await expect(startFixture({ port })).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    exitCode: 6,
    details: { port },
  });
  await new Promise((resolve) => holder.close(resolve));
  const started = await startFixture({ port });
  expect(started.port).toBe(port);
  await started.stop();
});

test('a missing page is an error that says how to build it', async () => {
  const { site, remove } = makeSite();
  remove();
  const options = {
    port: null,
    siteFolder: site,
    library: fakeLibrary(),
    controls: [],
    token: 'x',
    now: () => 0,
    log: () => undefined,
  };
  await expect(startServer(options)).rejects.toMatchObject({ code: 'SITE_MISSING' });
});
