/** `/live`: what pages hear, what they may say, and what one of them can do to the others. */
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { limits } from '../../engine/limits.ts';
import type { LiveMessage } from '../../engine/query/types.ts';
import { LiveClient } from '../../web/server/live-client.ts';
import {
  fakeControl,
  rawExchange,
  requestText,
  startFixture,
  upgradeHeaders,
  type FakeControl,
  type Started,
} from '../support/server-harness.ts';

let fixture: Started;
let control: FakeControl;
const open: WebSocket[] = [];
beforeEach(async () => {
  control = fakeControl('hosted');
  fixture = await startFixture({ controls: [control] });
});
afterEach(async () => {
  for (const socket of open.splice(0)) socket.terminate();
  await fixture.stop();
});

interface Page {
  readonly socket: WebSocket;
  readonly heard: LiveMessage[];
  say(message: unknown): void;
}

async function openPage(): Promise<Page> {
  const { port, token } = fixture;
  const heard: LiveMessage[] = [];
  const socket = new WebSocket(`ws://127.0.0.1:${port}/live`, {
    headers: { Origin: `http://127.0.0.1:${port}`, Authorization: `Bearer ${token}` },
  });
  open.push(socket);
  socket.on('message', (data) => heard.push(JSON.parse(String(data))));
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => undefined);
  const say = (message: unknown) =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  return { socket, heard, say };
}

async function until(condition: () => boolean, ms = 5_000): Promise<void> {
  const end = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > end) throw new Error('it did not happen in time');
    await sleep(5);
  }
}
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const closeCode = (socket: WebSocket) =>
  new Promise<number>((resolve) => socket.once('close', resolve));

describe('a hosted run', () => {
  test('is told at once, then on change, at most twenty times a second, the last one always', async () => {
    const { heard, say } = await openPage();
    say({ type: 'subscribe', run: 'hosted' });
    await until(() => heard.length === 1);
    expect(heard[0]).toEqual({
      type: 'run',
      run: 'hosted',
      state: 'running',
      throughUs: 0,
      durationUs: 60_000_000,
      askedSpeed: 10,
      realSpeed: 9.5,
    });
    const start = performance.now();
    for (let i = 1; i <= 100; i++) {
      control.emit(i);
      await sleep(4);
    }
    await until(() => heard.at(-1)?.type === 'run' && throughOf(heard.at(-1)) === 100);
    const seconds = (performance.now() - start) / 1_000;
    expect(heard.length - 1).toBeLessThanOrEqual(Math.ceil(seconds * 20) + 2);
    expect(heard.length - 1).toBeGreaterThanOrEqual(3);
    const through = heard.map(throughOf);
    expect(through).toEqual([...through].sort((a, b) => a - b));
  });

  test('is steered, and by valid commands only', async () => {
    const { heard, say } = await openPage();
    const run = 'hosted';
    for (const command of [
      { type: 'pause', run },
      { type: 'step', run },
      { type: 'step', run, us: 1_000_000 },
      { type: 'speed', run, speed: 0.25 },
      { type: 'speed', run, speed: 'max' },
      { type: 'resume', run },
    ]) {
      say(command);
    }
    await until(() => control.calls.length === 6);
    expect(control.calls).toEqual([
      'pause',
      'step record',
      'step 1000000',
      'speed 0.25',
      'speed max',
      'resume',
    ]);
    const bad = [
      '',
      'null',
      '[]',
      '{"type":"pause"}',
      '{"type":"explode","run":"hosted"}',
      '{"type":"pause","run":"hosted","more":1}',
      '{"type":"speed","run":"hosted","speed":0}',
      '{"type":"speed","run":"hosted","speed":1001}',
      '{"type":"speed","run":"hosted","speed":"fast"}',
      '{"type":"speed","run":"hosted"}',
      '{"type":"step","run":"hosted","us":-1}',
      '{"type":"step","run":"hosted","us":0.5}',
      `{"type":"pause","run":"${'x'.repeat(201)}"}`,
    ];
    for (const text of bad) say(text);
    await until(() => heard.length === bad.length);
    for (const message of heard) expect(message).toMatchObject({ code: 'BAD_MESSAGE' });
    expect(control.calls).toHaveLength(6);
  });

  test('is no longer watched when nobody looks', async () => {
    const one = await openPage();
    const two = await openPage();
    one.say({ type: 'subscribe', run: 'hosted' });
    two.say({ type: 'subscribe', run: 'hosted' });
    await until(() => one.heard.length === 1 && two.heard.length === 1);
    expect(control.watchers.size).toBe(1);
    one.socket.close();
    await closeCode(one.socket);
    expect(control.watchers.size).toBe(1);
    two.say({ type: 'subscribe', run: 'run-1' });
    await until(() => control.watchers.size === 0);
  });
});

describe('a run of another process', () => {
  test('is followed by its file, with the speed that was seen, until it is over', async () => {
    const { heard, say } = await openPage();
    say({ type: 'subscribe', run: 'run-1' });
    await until(() => heard.length === 1);
    expect(heard[0]).toMatchObject({ run: 'run-1', throughUs: 0, realSpeed: 0 });
    fixture.clock.now += 500;
    fixture.library.progressNow = { ...fixture.library.progressNow, throughUs: 5_000_000 };
    await until(() => heard.length === 2);
    expect(heard[1]).toMatchObject({ throughUs: 5_000_000, realSpeed: 10 });
    fixture.library.progressNow = { ...fixture.library.progressNow, state: 'completed' };
    await until(() => heard.length === 3);
    expect(heard[2]).toMatchObject({ state: 'completed' });
  });

  test('cannot be steered', async () => {
    const { heard, say } = await openPage();
    say({ type: 'pause', run: 'run-1' });
    await until(() => heard.length === 1);
    expect(heard[0]).toMatchObject({ type: 'error', code: 'RUN_NOT_HOSTED' });
  });

  test('that is not there, or goes away, is an error and not the end of the server', async () => {
    const { heard, say } = await openPage();
    say({ type: 'subscribe', run: 'nowhere' });
    await until(() => heard.length === 1);
    expect(heard[0]).toMatchObject({ type: 'error', code: 'RUN_NOT_FOUND' });
    say({ type: 'subscribe', run: 'run-1' });
    await until(() => heard.length === 2);
    fixture.library.gone = true;
    await until(() => heard.length === 3);
    expect(heard[2]).toMatchObject({ type: 'error', code: 'RUN_NOT_FOUND' });
    say({ type: 'subscribe', run: 'hosted' });
    await until(() => heard.length === 4);
  });
});

describe('a hostile client', () => {
  test.each([
    ['a message that is too large', 'x'.repeat(limits.socketMessageBytesMax + 1), 1009],
    ['binary', Buffer.from('{}'), 1003],
  ])('is closed for %s', async (_what, payload, code) => {
    const { socket } = await openPage();
    const closed = closeCode(socket);
    socket.send(payload);
    expect(await closed).toBe(code);
  });

  test('is heard up to the limit of a message', async () => {
    const { socket, heard } = await openPage();
    socket.send('x'.repeat(limits.socketMessageBytesMax));
    await until(() => heard.length === 1);
    expect(heard[0]).toMatchObject({ code: 'BAD_MESSAGE' });
  });

  test('is closed for text that is not UTF-8', async () => {
    const { socket } = await openPage();
    const closed = closeCode(socket);
    socket.send(Buffer.from([0xff, 0xfe]), { binary: false });
    expect(await closed).toBe(1007);
  });

  test('is closed for talking too much, and nobody else notices', async () => {
    const good = await openPage();
    good.say({ type: 'subscribe', run: 'hosted' });
    const { socket } = await openPage();
    const closed = closeCode(socket);
    for (let i = 0; i < 10_000; i++) socket.send('{"type":"pause","run":"hosted"}');
    expect(await closed).toBe(1008);
    expect(control.calls.length).toBeLessThanOrEqual(limits.socketMessagesPerSecondMax);
    control.emit(7);
    await until(() => throughOf(good.heard.at(-1)) === 7);
  });

  test('gets no compression to bomb us with', async () => {
    const { port, token } = fixture;
    const headers = {
      ...upgradeHeaders(port),
      Authorization: `Bearer ${token}`,
      'Sec-WebSocket-Extensions': 'permessage-deflate',
    };
    const answer = await rawExchange(port, requestText(port, { target: '/live', headers }));
    expect([answer.status, answer.headers['sec-websocket-extensions']]).toEqual([101, undefined]);
  });

  test('finds the house full as the 65th', async () => {
    for (let i = 0; i < limits.socketClientsMax; i++) await openPage();
    const { port, token } = fixture;
    const headers = { ...upgradeHeaders(port), Authorization: `Bearer ${token}` };
    const text = requestText(port, { target: '/live', headers });
    const refused = await rawExchange(port, text);
    expect([refused.status, JSON.parse(refused.body).code]).toEqual([503, 'TOO_MANY_CLIENTS']);
    open[0]?.terminate();
    await sleep(50);
    expect((await rawExchange(port, text)).status).toBe(101);
  });
});

describe('a client that does not read', () => {
  test('is closed before more than the limit is queued for it', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const accepted = new Promise<WebSocket>((resolve) => server.once('connection', resolve));
    const stalled: Socket = connect(port, '127.0.0.1');
    stalled.write(requestText(port, { target: '/', headers: upgradeHeaders(port) }));
    const socket = await accepted;
    stalled.pause();
    let gone = false;
    const events = { message: () => undefined, closed: () => void (gone = true) };
    const client = new LiveClient(socket, { now: () => 0, events });
    const codes: number[] = [];
    const close = socket.close.bind(socket);
    socket.close = (code?: number) => (codes.push(code ?? 0), close(code));
    const frame = Buffer.alloc(64 * 1024, 'x');
    let most = 0;
    for (let sent = 0; sent < 1_000 && codes.length === 0; sent++) {
      client.send(frame);
      most = Math.max(most, socket.bufferedAmount);
      if (sent % 16 === 0) await sleep(1);
    }
    expect(codes).toEqual([1013]);
    expect(most).toBeGreaterThan(limits.socketQueueBytesMax / 2);
    // A frame's header of ten bytes, and the close frame, come on top.
    expect(most).toBeLessThanOrEqual(limits.socketQueueBytesMax + 64);
    await until(() => gone, 3_000);
    stalled.destroy();
    server.close();
  });

  test('and answers no ping is cut off within fifteen seconds', async () => {
    const { port, token } = fixture;
    const headers = { ...upgradeHeaders(port), Authorization: `Bearer ${token}` };
    const silent = connect(port, '127.0.0.1');
    silent.write(requestText(port, { target: '/live', headers }));
    const alive = await openPage();
    const start = performance.now();
    await new Promise((resolve) => silent.once('close', resolve).resume());
    expect(performance.now() - start).toBeLessThan(limits.socketPingMsMax + 1_000);
    expect(alive.socket.readyState).toBe(WebSocket.OPEN);
  });
});

test('the server closes at once, and says goodbye', async () => {
  const { socket } = await openPage();
  const closed = closeCode(socket);
  const start = performance.now();
  await fixture.server.close();
  expect(await closed).toBe(1001);
  expect(performance.now() - start).toBeLessThan(1_000);
});

function throughOf(message: LiveMessage | undefined): number {
  return message?.type === 'run' ? message.throughUs : -1;
}
