/** `workbench serve`, in process: what it prints, how it ends, and what it says when it cannot. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { registerServe } from '../../cli/commands/serve.ts';
import type { Io } from '../../cli/io.ts';
import { serveUi, type UiOptions, type UiServer } from '../../cli/ui-server.ts';
import { makeSite } from '../support/server-harness.ts';

let folder: string;
let site: ReturnType<typeof makeSite>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'workbench-serve-'));
  site = makeSite();
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  site.remove();
});

function fakeIo() {
  const out: string[] = [];
  const err: string[] = [];
  const listeners = new Set<() => void>();
  const stream = (lines: string[]) => ({
    write: (text: string) => void lines.push(text),
    isTty: false,
    columns: 80,
  });
  const io: Io = {
    stdout: stream(out),
    stderr: stream(err),
    env: {},
    cwd: folder,
    pid: 1,
    cores: 2,
    now: () => Date.now(),
    monotonic: () => performance.now(),
    onSignal(listener) {
      const call = () => listener('SIGINT');
      listeners.add(call);
      return () => void listeners.delete(call);
    },
    exitNow: () => undefined,
  };
  const signal = () => {
    for (const listener of listeners) listener();
  };
  return { io, out, err, listeners, signal };
}

function start(io: Io, more: Partial<UiOptions> = {}): Promise<UiServer> {
  return serveUi(io, {
    runsFolder: join(folder, 'none-yet'),
    extraRuns: [],
    controls: [],
    port: null,
    open: false,
    siteFolder: site.site,
    ...more,
  });
}

test('the printed address opens the page, once', async () => {
  const { io, err } = fakeIo();
  const ui = await start(io, { openPath: '/runs/run-1' });
  const address = (err[0] ?? '').trim();
  const first = await fetch(address, { redirect: 'manual' });
  expect([first.status, first.headers.get('location')]).toEqual([303, '/runs/run-1']);
  expect((await fetch(address, { redirect: 'manual' })).status).toBe(401);
  await ui.close();
  await expect(fetch(ui.url)).rejects.toThrow();
});

test('whoever comes without a code has the terminal print a fresh address, not too often', async () => {
  const { io, err } = fakeIo();
  const ui = await start(io);
  const visit = () => fetch(ui.url, { headers: { Accept: 'text/html' } });
  await visit();
  await visit();
  const fresh = err.filter((line) => line.includes('without a code'));
  expect(fresh).toHaveLength(1);
  const address = /http:\S+/.exec(fresh[0] ?? '')?.[0] ?? '';
  expect((await fetch(address, { redirect: 'manual' })).status).toBe(303);
  await ui.close();
});

test('without a browser the address is there all the same', async () => {
  const { io, err } = fakeIo();
  const asked: string[] = [];
  const ui = await start(io, {
    open: true,
    openBrowser: (url) => {
      asked.push(url);
      return Promise.reject(new Error('spawn xdg-open ENOENT'));
    },
  });
  expect(err[0]?.trim()).toBe(asked[0]);
  expect(err[1]).toContain('no browser could be started (spawn xdg-open ENOENT)');
  await ui.close();
});

test('a signal ends the wait, and nothing listens any more', async () => {
  const { io, signal, listeners } = fakeIo();
  const ui = await start(io);
  const ended = ui.untilSignal();
  signal();
  await ended;
  expect(listeners.size).toBe(0);
  await ui.close();
});

test('a port in use and a file that is no run are errors of the command', async () => {
  const { io } = fakeIo();
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  const address = holder.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await expect(start(io, { port })).rejects.toMatchObject({ code: 'PORT_IN_USE', exitCode: 6 });
  holder.close();

  writeFileSync(join(folder, 'notes.txt'), 'not a run');
  for (const [args, code] of [
    [['absent.db'], 'FILE_NOT_FOUND'],
    [['notes.txt'], 'RUN_FILE_FOREIGN'],
    [['--runs', 'absent'], 'FILE_NOT_FOUND'],
  ] as const) {
    await expect(runServe(io, args)).rejects.toMatchObject({ code });
  }
});

async function runServe(io: Io, args: readonly string[]): Promise<void> {
  const program = new Command().exitOverride();
  registerServe(program, {
    io,
    run:
      (action) =>
      async (...given) =>
        void (await action(...given)),
  });
  await program.parseAsync(['serve', ...args], { from: 'user' });
}
