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
import { fakeIo, type FakeIo } from '../support/fake-io.ts';
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

const makeIo = () => fakeIo({ cwd: folder });

function start(io: Io, more: Partial<UiOptions> = {}): Promise<UiServer> {
  return serveUi(io, {
    runsFolder: join(folder, 'none-yet'),
    extraRuns: [],
    port: null,
    siteFolder: site.site,
    ...more,
  });
}

/** What was printed on stderr, line by line. */
const lines = (io: FakeIo) => io.printed.stderr.trimEnd().split('\n');

test('the printed address opens the page, once', async () => {
  const io = makeIo();
  const ui = await start(io);
  await ui.announce({ path: '/runs/run-1', open: false });
  const [address = '', note] = lines(io);
  expect(note).toBe(`good once and for 30 seconds; visit ${ui.url} and a fresh one appears here`);
  const first = await fetch(address, { redirect: 'manual' });
  expect([first.status, first.headers.get('location')]).toEqual([303, '/runs/run-1']);
  expect((await fetch(address, { redirect: 'manual' })).status).toBe(401);
  await ui.close();
  await expect(fetch(ui.url)).rejects.toThrow();
});

test('whoever comes without a code has the terminal print a fresh address, not too often', async () => {
  const io = makeIo();
  const ui = await start(io);
  const visit = () => fetch(ui.url, { headers: { Accept: 'text/html' } });
  await visit();
  await visit();
  const fresh = lines(io).filter((line) => line.includes('without a code'));
  expect(fresh).toHaveLength(1);
  const address = /http:\S+/.exec(fresh[0] ?? '')?.[0] ?? '';
  expect((await fetch(address, { redirect: 'manual' })).status).toBe(303);
  await ui.close();
});

test('without a browser the address is there all the same', async () => {
  const io = makeIo();
  const asked: string[] = [];
  const ui = await start(io, {
    openBrowser: (url) => {
      asked.push(url);
      return Promise.reject(new Error('spawn xdg-open ENOENT'));
    },
  });
  await ui.announce({ open: true });
  expect(lines(io)[0]).toBe(asked[0]);
  expect(lines(io)[2]).toContain('no browser could be started (spawn xdg-open ENOENT)');
  await ui.close();
});

test('a signal ends the wait, and nothing listens any more', async () => {
  const io = makeIo();
  const ui = await start(io);
  const ended = ui.untilSignal();
  io.signal();
  await ended;
  expect(io.listening()).toBe(0);
  await ui.close();
});

test('a port in use and a file that is no run are errors of the command', async () => {
  const io = makeIo();
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
