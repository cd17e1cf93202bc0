/** `workbench doctor`, in process: what it finds on this machine, and on machines that lack something. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../../cli/program.ts';
import { fakeIo, type FakeWorld } from '../support/fake-io.ts';
import { makeRunFile, type RunFileInput } from '../support/run-file.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'workbench-doctor-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

interface Told {
  readonly type: string;
  readonly name?: string;
  readonly status?: string;
  readonly found?: string;
  readonly fix?: string;
  readonly pass?: boolean;
}

async function doctor(world: Partial<FakeWorld> = {}, ...flags: readonly string[]) {
  const io = fakeIo({ cwd, ...world });
  const code = await runCli(io, ['doctor', '--json', ...flags]);
  const told = io.printed.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Told);
  return { code, told, about: (name: string) => told.find((line) => line.name === name) };
}

test('a machine that runs these tests is well, and nothing is left behind', async () => {
  const { code, told } = await doctor();
  expect(told.filter((line) => line.status === 'fail')).toEqual([]);
  expect(told.at(-1)).toMatchObject({ type: 'doctor', pass: true });
  expect(code).toBe(0);
  expect(readdirSync(cwd)).toEqual([]);
});

test('for people: a line each, with the fix under what is not well', async () => {
  const io = fakeIo({ cwd, nodeVersion: '18.2.0' });
  expect(await runCli(io, ['doctor'])).toBe(1);
  expect(io.printed.stdout).toMatch(
    /^fail Node\.js {4}18\.2\.0, 2 cores\n {16}fix install Node\.js 20\.19 or newer\n/,
  );
  expect(io.printed.stderr).toContain('1 thing will not work');
});

test('storage that is no folder, and too little memory', async () => {
  writeFileSync(join(cwd, 'a-file'), '');
  const { code, about } = await doctor({
    env: { WORKBENCH_HOME: 'a-file/home' },
    memoryAvailable: 1e8,
  });
  expect(code).toBe(1);
  expect(about('storage')).toMatchObject({
    status: 'fail',
    fix: expect.stringContaining('WORKBENCH_HOME'),
  });
  expect(about('memory')).toMatchObject({ status: 'warn', found: '100 MB free' });
});

test('a port that somebody holds', async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  const address = holder.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const { code, about } = await doctor({}, '--port', String(port));
  holder.close();
  expect(code).toBe(1);
  expect(about('port')?.found).toMatch(/EADDRINUSE/);
});

test('a browser wants a display, and a terminal some width', async () => {
  expect((await doctor()).about('browser')).toMatchObject({ status: 'warn' });
  const there = await doctor({ env: { DISPLAY: ':0', PATH: cwd }, tty: true, columns: 20 });
  expect(there.about('browser')).toMatchObject({ status: 'warn', found: 'none on the path' });
  expect(there.about('terminal')).toMatchObject({ status: 'warn', found: '20 columns, colours' });
  writeFileSync(join(cwd, 'firefox'), '');
  const found = await doctor({ env: { DISPLAY: ':0', PATH: cwd } });
  expect(found.about('browser')).toMatchObject({ status: 'ok', found: 'firefox' });
});

test('runs that were cut off, and files that are no runs', async () => {
  const small: RunFileInput = { services: [{ name: 'web' }], durationUs: 1e6 };
  const home = join(cwd, 'home');
  const runs = join(home, 'runs');
  mkdirSync(runs, { recursive: true });
  makeRunFile(join(runs, 'cut.db'), { ...small, id: 'cut', state: 'running', pid: 7 });
  writeFileSync(join(runs, 'cut.db-wal'), '');
  const world = { env: { WORKBENCH_HOME: home } };
  expect((await doctor({ ...world, alive: [7] })).about('runs')).toMatchObject({
    status: 'ok',
    found: '1 run, 1 being written',
  });
  expect((await doctor(world)).about('runs')).toMatchObject({
    status: 'warn',
    found: expect.stringContaining('cut off: cut'),
  });
  writeFileSync(join(runs, 'broken.db'), 'SQLite format 3\0 and nothing more');
  expect((await doctor(world)).about('runs')).toMatchObject({
    status: 'warn',
    fix: expect.stringContaining('runs rm'),
  });
});
