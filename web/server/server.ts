/** The workbench's own server: gate → api → static files, and `/live`. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { reasonOf } from '../../engine/errors.ts';
import { limits } from '../../engine/limits.ts';
import type { RunControl } from '../../engine/replay/control.ts';
import { Answers } from './answer.ts';
import { apiRoutes, findRoute, type Route } from './api.ts';
import { readJsonBody } from './body.ts';
import { checkForm, checkSender, isRefusal, readTarget, type Target } from './gate.ts';
import { sitePolicy } from './headers.ts';
import { bindLoopback } from './listen.ts';
import { Live } from './live.ts';
import { logLine, printableAscii, type ServerLog } from './log-line.ts';
import { type Refusal, refusalOf, refusals } from './refusal.ts';
import type { BenchPlays } from './plays.ts';
import type { RunLibrary } from './run-library.ts';
import { Session } from './session.ts';
import { loadSite, type Site } from './static-files.ts';

export interface ServerOptions {
  /** null takes any free port. */
  readonly port: number | null;
  /** The built page. */
  readonly siteFolder: string;
  readonly library: RunLibrary;
  /** Runs that this process hosts. */
  readonly controls: readonly RunControl[] | (() => readonly RunControl[]);
  /** Makes runs of what a benchmark played; without it the page offers commands only. */
  readonly plays?: BenchPlays | undefined;
  /** 256 bits, base64url or hex. */
  readonly token: string;
  /** Wall clock, ms. */
  readonly now: () => number;
  readonly log: ServerLog;
  /** A person came to the page without a token: a good moment to print a fresh `openUrl()`. */
  readonly onLockedOut?: () => void;
}

export interface RunningServer {
  /** Needs a token. */
  readonly url: string;
  readonly port: number;
  /** An address with a fresh code, good once and for 30 seconds, that leads to `path` (default `/`). */
  openUrl(path?: string): string;
  close(): Promise<void>;
}

/** @throws WorkbenchError SITE_MISSING, PORT_IN_USE, PORT_REFUSED */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const site = loadSite(options.siteFolder);
  const answers = new Answers(sitePolicy(site.indexHtml));
  let door: Door | null = null;
  const { port, servers } = await bindLoopback(options.port, () =>
    // A visitor between the two binds finds nobody at home yet.
    makeServer(answers, (visit) => (door ? door.onVisit(visit) : visit.request.socket.destroy())),
  );
  door = new Door(options, { site, answers, port });
  const { session, live } = door;
  const url = `http://127.0.0.1:${port}/`;
  return {
    url,
    port,
    openUrl: (path = '/') => `${url}?code=${session.newCode(path)}`,
    async close() {
      live.close();
      const closed = servers.map((s) => new Promise((resolve) => s.close(resolve)));
      for (const server of servers) server.closeAllConnections();
      // `closeAllConnections` does not know upgraded sockets: give goodbyes a moment, then cut.
      const cut = setTimeout(() => live.cut(), 250);
      await Promise.all([...closed, options.library.close()]);
      clearTimeout(cut);
    },
  };
}

type Visit = { readonly request: IncomingMessage } & (
  | { readonly kind: 'http'; readonly response: ServerResponse }
  | { readonly kind: 'upgrade'; readonly socket: Duplex; readonly head: Buffer }
);

function makeServer(answers: Answers, onVisit: (visit: Visit) => void): Server {
  const server = createServer({
    maxHeaderSize: limits.httpHeaderBytesMax,
    headersTimeout: limits.httpRequestMsMax,
    requestTimeout: limits.httpRequestMsMax,
    connectionsCheckingInterval: 500,
    // Our own answer to a missing Host carries the security headers, Node's does not.
    requireHostHeader: false,
  });
  server.maxConnections = limits.httpConnectionsMax;
  server.timeout = limits.httpIdleMsMax;
  server.on('request', (request, response) => onVisit({ kind: 'http', request, response }));
  server.on('upgrade', (request, socket, head) =>
    onVisit({ kind: 'upgrade', request, socket, head }),
  );
  server.on('checkExpectation', (_request, response) =>
    answers.refusal(response, refusals.expectation),
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    answers.rawRefusal(socket, clientErrors[error.code ?? ''] ?? refusals.malformed);
  });
  return server;
}

const clientErrors: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: refusals.headersTooLarge,
  ERR_HTTP_REQUEST_TIMEOUT: refusals.slow,
};

/** Where a visitor is let in, shown the way, or turned away. */
class Door {
  readonly session: Session;
  readonly live: Live;
  readonly #site: Site;
  readonly #answers: Answers;
  readonly #routes: readonly Route[];
  readonly #port: number;
  readonly #options: ServerOptions;

  constructor(options: ServerOptions, parts: { site: Site; answers: Answers; port: number }) {
    const { library, now, log, token } = options;
    const controls = () =>
      typeof options.controls === 'function' ? options.controls() : options.controls;
    this.#site = parts.site;
    this.#answers = parts.answers;
    this.#port = parts.port;
    this.#options = options;
    this.session = new Session({ token, port: parts.port, now });
    const hosted = () => controls().map((control) => control.runId);
    this.#routes = apiRoutes({ library, hosted, now, plays: options.plays ?? null });
    this.live = new Live(
      { library, controls, now, log: (line) => log(printableAscii(line), 'failed') },
      (s) => parts.answers.rawRefusal(s, refusals.malformed),
    );
  }

  onVisit(visit: Visit): void {
    const { request } = visit;
    const target = readTarget(request);
    if (isRefusal(target)) return this.#refuse(visit, target);
    const foreign = checkSender(request, visit.kind, this.#port);
    if (foreign) return this.#refuse(visit, foreign);
    if (visit.kind === 'upgrade') return this.#upgrade(visit, target);
    if (isLogin(request, target)) return this.#login(visit, target.query.get('code') ?? '');
    if (!this.session.holdsToken(request.headers)) return this.#lockedOut(visit);
    const formless = checkForm(request);
    if (formless) return this.#refuse(visit, formless);
    if (target.path.startsWith('/api/')) void this.#api(visit, target);
    else this.#static(visit, target);
  }

  #upgrade(visit: Visit & { kind: 'upgrade' }, target: Target): void {
    const { request, socket, head } = visit;
    if (!this.session.holdsToken(request.headers)) this.#refuse(visit, refusals.token);
    else if (target.path !== '/live') this.#refuse(visit, refusals.route);
    else if (this.live.full) this.#refuse(visit, refusals.clients);
    else this.live.accept(request, socket, head);
  }

  #login(visit: Visit & { kind: 'http' }, code: string): void {
    const { request, response } = visit;
    const worth = this.session.exchange(code);
    if (worth) {
      this.#answers.redirect(response, worth.path, { 'Set-Cookie': worth.setCookie });
    } else if (this.session.holdsToken(request.headers)) {
      // A second click on the address: the code is spent, but this browser is in already.
      this.#answers.redirect(response, '/');
    } else {
      this.#lockedOut(visit);
    }
  }

  /** People get a page that says what to do, programs get an error. */
  #lockedOut(visit: Visit & { kind: 'http' }): void {
    const { request, response } = visit;
    const isPage = request.method === 'GET' && /\btext\/html\b/.test(request.headers.accept ?? '');
    if (!isPage) return this.#refuse(visit, refusals.token);
    this.#options.log(logLine(request, '401'), 'refused');
    this.#answers.locked(response);
    this.#options.onLockedOut?.();
  }

  async #api(visit: Visit & { kind: 'http' }, target: Target): Promise<void> {
    const { request, response } = visit;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const { route, parts } = findRoute(this.#routes, request.method ?? '', target);
      const body = route.method === 'POST' ? await readJsonBody(request) : undefined;
      const call = { parts, query: target.query, body, signal: gone.signal };
      this.#answers.json(response, await route.answer(call));
    } catch (thrown) {
      if (gone.signal.aborted) return;
      const refusal = refusalOf(thrown);
      // Our own bugs are told in full, but only to the log: the page gets no internals.
      if (refusal.status === 500) {
        this.#options.log(logLine(request, `500 ${reasonOf(thrown)}`), 'failed');
      } else {
        this.#options.log(logLine(request, `${refusal.status} ${refusal.error.code}`), 'refused');
      }
      this.#answers.refusal(response, refusal);
    }
  }

  #static(visit: Visit & { kind: 'http' }, target: Target): void {
    const { request, response } = visit;
    if (target.path === '/live') return this.#refuse(visit, refusals.upgrade);
    const file = this.#site.find(target.path);
    if (file === null) return this.#refuse(visit, refusals.route);
    if (request.method === 'POST') return this.#refuse(visit, refusals.method);
    this.#answers.file(request, response, file);
  }

  #refuse(visit: Visit, refusal: Refusal): void {
    this.#options.log(logLine(visit.request, `${refusal.status} ${refusal.error.code}`), 'refused');
    if (visit.kind === 'upgrade') this.#answers.rawRefusal(visit.socket, refusal);
    else this.#answers.refusal(visit.response, refusal);
  }
}

/** HEAD does not log in: whoever only looks at an address must not spend its code. */
function isLogin(request: IncomingMessage, target: Target): boolean {
  return request.method === 'GET' && target.path === '/' && target.query.has('code');
}
