/** Serves the page for `run --open` and `serve`: prints the address, opens the browser. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { reasonOf } from '../engine/errors.ts';
import { limits } from '../engine/limits.ts';
import type { RunControl } from '../engine/replay/index.ts';
import { openLibrary, startServer, type ServerLog } from '../web/server/index.ts';
import { benchPlays } from './bench-plays.ts';
import { homeFolders } from './home.ts';
import type { Io } from './io.ts';
import { packageFolder, siteFolder } from './package-files.ts';

export interface UiOptions {
  /** Folder of run files; need not exist. */
  readonly runsFolder: string;
  /** Run files elsewhere; need not exist yet. */
  readonly extraRuns: readonly string[];
  /** Runs that this process hosts by now, which the page may steer. */
  readonly controls?: () => readonly RunControl[];
  /** null takes any free one. */
  readonly port: number | null;
  /** Takes the address, a line without its end; default: stderr. */
  readonly print?: (line: string) => void;
  /** Takes the server's log; default: failures go to stderr. */
  readonly log?: ServerLog;
  /** The built page; default: the one of this package. */
  readonly siteFolder?: string;
  /** Starts a browser; default: the system's. */
  readonly openBrowser?: (url: string) => Promise<void>;
}

export interface UiServer {
  /** Without a code: it opens the page only where a browser was let in before. */
  readonly url: string;
  /** Prints an address that lets one browser in, and has that browser started where asked. */
  announce(asked: { readonly path?: string; readonly open: boolean }): Promise<void>;
  /** Resolves at the next SIGINT, SIGTERM or SIGHUP. */
  untilSignal(): Promise<void>;
  close(): Promise<void>;
}

/** A page without a token that reloads itself must not fill the terminal. */
const lockedOutEveryMs = 5_000;

/** @throws WorkbenchError SITE_MISSING, PORT_IN_USE, PORT_REFUSED */
export async function serveUi(io: Io, options: UiOptions): Promise<UiServer> {
  const say = (text: string) => io.stderr.write(`${text}\n`);
  const print = options.print ?? say;
  const log = options.log ?? ((line, kind) => (kind === 'failed' ? say(line) : undefined));
  let lastLockedOut = -Infinity;
  const plays = benchPlays(io, options.runsFolder);
  const { builtIns } = await import('../plugins/index.ts');
  const library = openLibrary({
    folder: options.runsFolder,
    extra: options.extraRuns,
    bench: {
      folder: homeFolders(io).bench,
      scenarioRoots: [join(packageFolder(), 'scenarios'), io.cwd],
      bundled: builtIns.map(({ id }) => id),
    },
    log: (line) => log(line, 'failed'),
  });
  const server = await startServer({
    port: options.port,
    siteFolder: options.siteFolder ?? siteFolder(),
    library,
    controls: () => [...(options.controls?.() ?? []), ...plays.runs()],
    plays,
    token: randomBytes(32).toString('base64url'),
    now: () => io.now(),
    log,
    onLockedOut() {
      if (io.monotonic() - lastLockedOut < lockedOutEveryMs) return;
      lastLockedOut = io.monotonic();
      say(`a browser came without a code; if it is yours, open ${server.openUrl()}`);
    },
  }).catch(async (error: unknown) => {
    await library.close();
    throw error;
  });
  return {
    url: server.url,
    async announce({ path, open }) {
      const url = server.openUrl(path);
      print(url);
      const seconds = limits.loginCodeMsMax / 1000;
      say(`good once and for ${seconds} seconds; visit ${server.url} and a fresh one appears here`);
      if (!open) return;
      await (options.openBrowser ?? openBrowser)(url).catch((error: unknown) =>
        say(`no browser could be started (${reasonOf(error)}); open the address yourself`),
      );
    },
    untilSignal: () =>
      new Promise((resolve) => {
        const stop = io.onSignal(() => {
          stop();
          resolve();
        });
      }),
    async close() {
      await server.close();
      await plays.close();
    },
  };
}

async function openBrowser(url: string): Promise<void> {
  const { default: open } = await import('open');
  const child = await open(url);
  await new Promise<void>((resolve, reject) => {
    // A missing program is told a moment after the start; a browser that came up tells nothing.
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code) reject(new Error(`the opener ended with code ${code}`));
      else resolve();
    });
    setTimeout(resolve, browserStartMs).unref();
  });
}

/** How long a failing opener may take to say so, ms. */
const browserStartMs = 1_500;
