/** A server on a tiny site and a made-up library, and raw sockets to be rude to it with. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkbenchError } from '../../engine/errors.ts';
import type { HumanStep } from '../../engine/query/index.ts';
import type { RunProgress, RunSummary } from '../../engine/query/types.ts';
import type { LiveStatus, RunControl } from '../../engine/replay/control.ts';
import {
  startServer,
  type BenchPlays,
  type LibraryCall,
  type PlayRecipe,
  type RunLibrary,
  type RunningServer,
} from '../../web/server/index.ts';

export const canary = 'CANARY-never-served';
export const inlineScript = 'globalThis.started = true;';

/** A site folder with a canary file beside it, and a link to the canary inside. */
export function makeSite(): { site: string; remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'workbench-site-'));
  const site = join(root, 'site');
  mkdirSync(join(site, '_app/immutable/entry'), { recursive: true });
  writeFileSync(join(root, 'canary.txt'), canary);
  symlinkSync(join(root, 'canary.txt'), join(site, 'link.txt'));
  writeFileSync(
    join(site, 'index.html'),
    `<!doctype html><title>site</title><body><p id="mark">app</p><script>${inlineScript}</script></body>`,
  );
  writeFileSync(join(site, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(site, '_app/immutable/entry/start.abc123.js'), 'export {};\n');
  return { site, remove: () => rmSync(root, { recursive: true }) };
}

export const summary: RunSummary = {
  id: 'run-1',
  title: 'A run',
  scenario: 'a-scenario',
  kind: 'simulated',
  state: 'running',
  stateReason: '',
  seed: 1,
  createdUnixMs: 0,
  durationUs: 60_000_000,
  throughUs: 1_000_000,
  records: 10,
  incidents: { critical: 0, high: 1, medium: 0, low: 0 },
  detectors: ['zscore'],
  fileBytes: 4096,
  digest: null,
  tags: [],
  difficulty: null,
  parent: null,
  live: false,
};

export interface FakeLibrary extends RunLibrary {
  readonly acts: HumanStep[];
  progressNow: RunProgress;
  gone: boolean;
}

const playhead = {
  type: 'object',
  additionalProperties: false,
  required: ['t'],
  properties: { t: { type: 'integer', minimum: 0 }, text: { type: 'string', maxLength: 20 } },
};

export function fakeLibrary(): FakeLibrary {
  const library: FakeLibrary = {
    acts: [],
    gone: false,
    progressNow: { state: 'running', throughUs: 0, durationUs: 60_000_000, askedSpeed: 10 },
    questions: [
      { name: 'overview', parameters: { type: 'object', properties: {} } },
      { name: 'state', parameters: playhead },
      { name: 'broken', parameters: { type: 'object', properties: {} } },
    ],
    call: async (call) => Buffer.from(JSON.stringify(answer(call))),
    close: () => Promise.resolve(),
  };
  const answer = (call: LibraryCall): unknown => {
    if (call.type === 'list') {
      return [{ ...summary, live: call.hosted.includes(summary.id) }];
    }
    if (call.type === 'act') return act(call.step);
    if (call.type !== 'ask' && call.type !== 'progress') return benchAnswer(call);
    if (call.run !== 'run-1' || (call.type === 'progress' && library.gone)) {
      throw new WorkbenchError('RUN_NOT_FOUND', { run: call.run, folder: 'runs' });
    }
    if (call.type === 'progress') return library.progressNow;
    const { question, parameters } = call;
    if (question === 'broken') throw new Error('secret-internals\nforged line \u001b[31m');
    return question === 'overview' ? summary : { question, parameters };
  };
  const act = (step: HumanStep): unknown => {
    library.acts.push(step);
    if (step.action === 'reopen') {
      const details = { incident: step.incident, from: 'open', to: 'reopened', legal: 'note' };
      throw new WorkbenchError('ILLEGAL_TRANSITION', details);
    }
    return { id: step.incident, title: 'An incident', status: 'acknowledged', legal: ['note'] };
  };
  return library;
}

/** What is played for the one cell that there is. */
export const recipe: PlayRecipe = {
  source: '/library/a-scenario/scenario.yaml',
  hash: 'abc',
  seed: 1,
  detectors: ['zscore'],
};

function benchAnswer(call: LibraryCall): unknown {
  if (call.type === 'boards') return { folder: 'bench', boards: [], unreadable: [] };
  if (call.type === 'board-recipe') return recipe;
  return call;
}

export interface FakePlays extends BenchPlays {
  readonly started: PlayRecipe[];
  busy: boolean;
}

export function fakePlays(): FakePlays {
  const plays: FakePlays = {
    started: [],
    busy: false,
    isBusy: () => plays.busy,
    start(asked) {
      plays.started.push(asked);
      return Promise.resolve({ run: 'a-scenario-1' });
    },
  };
  return plays;
}

export interface FakeControl extends RunControl {
  readonly calls: string[];
  readonly watchers: Set<(status: LiveStatus) => void>;
  emit(throughUs: number): void;
}

export function fakeControl(runId: string): FakeControl {
  const calls: string[] = [];
  const watchers = new Set<(status: LiveStatus) => void>();
  let status: LiveStatus = {
    state: 'running',
    throughUs: 0,
    durationUs: 60_000_000,
    askedSpeed: 10,
    realSpeed: 9.5,
  };
  return {
    runId,
    file: `/nowhere/${runId}.db`,
    calls,
    watchers,
    status: () => status,
    watch(listener) {
      watchers.add(listener);
      return () => void watchers.delete(listener);
    },
    emit(throughUs) {
      status = { ...status, throughUs };
      for (const watcher of watchers) watcher(status);
    },
    pause: () => void calls.push('pause'),
    resume: () => void calls.push('resume'),
    step: (us) => void calls.push(`step ${us ?? 'record'}`),
    setSpeed: (speed) => void calls.push(`speed ${speed}`),
  };
}

export interface Started {
  readonly server: RunningServer;
  readonly port: number;
  readonly token: string;
  readonly library: FakeLibrary;
  readonly plays: FakePlays;
  readonly lines: string[];
  readonly clock: { now: number };
  readonly lockedOut: { times: number };
  stop(): Promise<void>;
}

export async function startFixture(
  options: { controls?: readonly RunControl[]; port?: number } = {},
): Promise<Started> {
  const { site, remove } = makeSite();
  const library = fakeLibrary();
  const plays = fakePlays();
  const lines: string[] = [];
  const clock = { now: 1_000_000 };
  const lockedOut = { times: 0 };
  const token = randomBytes(32).toString('base64url');
  const server = await startServer({
    port: options.port ?? null,
    siteFolder: site,
    library,
    controls: options.controls ?? [],
    plays,
    token,
    now: () => clock.now,
    log: (line) => lines.push(line),
    onLockedOut: () => (lockedOut.times += 1),
  });
  const stop = async () => {
    await server.close();
    remove();
  };
  return { server, port: server.port, token, library, plays, lines, clock, lockedOut, stop };
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends bytes as they are and reads one answer, or '' where the server hangs up without one. */
export async function rawExchange(port: number, bytes: string | Buffer): Promise<RawAnswer> {
  return parseAnswer(await rawBytes(port, bytes));
}

export function rawBytes(port: number, bytes: string | Buffer, waitMs = 2_000): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket: Socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    const finish = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(Buffer.concat(chunks).toString('latin1'));
    };
    const timer = setTimeout(finish, waitMs);
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      const text = Buffer.concat(chunks).toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      const bodiless = bytes.toString().startsWith('HEAD ');
      const length = bodiless ? '0' : /content-length: (\d+)/i.exec(text)?.[1];
      const complete = end >= 0 && text.length >= end + 4 + Number(length ?? 0);
      if (complete || /^HTTP\/1.1 101/.test(text)) finish();
    });
    socket.on('close', finish);
    socket.on('error', finish);
  });
}

export function parseAnswer(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { status: Number(first.split(' ')[1] ?? 0), headers, body: rest.join('\r\n\r\n') };
}

export interface Spoken {
  method?: string;
  target: string;
  /** Default: the right one. null leaves it out. */
  host?: string | null;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

/** An HTTP/1.1 request as text; nothing is checked or escaped. */
export function requestText(port: number, spoken: Spoken): string {
  const { method = 'GET', target, host = `127.0.0.1:${port}`, headers = {}, body = '' } = spoken;
  const length = body === '' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  const all = { ...(host === null ? {} : { Host: host }), ...length, ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

export function upgradeHeaders(port: number): Record<string, string> {
  return {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    Origin: `http://127.0.0.1:${port}`,
  };
}
