/** `workbench bench`: real threads, real processes, a results file that is gone on with. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Board } from '../../engine/benchmark/index.ts';
import { startWorkbench, workbench } from '../support/workbench.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'workbench-bench-'));
  writeScenario('store-turns-slow', 'latency');
  writeScenario('quiet', 'none');
  writeSeries();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Ten minutes of two services; in an outage the store is slow from the fourth on. */
function writeScenario(id: string, category: string): void {
  const fault = '[{ id: slow, kind: latency, at: 4m, until: 8m, service: store, add: 900ms }]';
  const root = 'root_cause: { service: store, fault: slow }, ';
  mkdirSync(join(folder, 'outages', id), { recursive: true });
  writeFileSync(
    join(folder, 'outages', id, 'scenario.yaml'),
    `apiVersion: workbench/v1
kind: simulated
name: ${id}
start: 2026-03-02T09:00:00Z
duration: 10m
services:
  - { name: web, workers: 32, endpoints: [{ name: GET /, service_time: { p50: 3ms, p99: 12ms }, calls: [{ to: store, timeout: 500ms }] }] }
  - { name: store, kind: database, workers: 16, service_time: { p50: 2ms, p99: 9ms } }
traffic: [{ entry: web, endpoint: GET /, rate: 20/s }]
faults: ${category === 'none' ? '[]' : fault}
objectives: [{ service: web, name: pages, target: 99%, window: 10m }]
truth: { ${category === 'none' ? '' : root}category: ${category} }
`,
  );
}

/** Two series in the shape of NAB: a sine with a step in its second half. */
function writeSeries(): void {
  const data = join(folder, 'nab/data/made');
  mkdirSync(data, { recursive: true });
  const time = (row: number) => new Date(Date.UTC(2026, 0, 1) + row * 300_000).toISOString();
  const text = (row: number) => time(row).slice(0, 19).replace('T', ' ');
  const windows: Record<string, unknown> = {};
  for (const [name, step] of [
    ['high', 5],
    ['low', -5],
  ] as const) {
    const rows = Array.from({ length: 600 }, (_, row) => {
      const value = Math.sin(row / 20) + (row >= 400 && row < 430 ? step : 0);
      return `${text(row)},${value}`;
    });
    writeFileSync(join(data, `${name}.csv`), ['timestamp,value', ...rows, ''].join('\n'));
    windows[`made/${name}.csv`] = [[`${text(390)}.000000`, `${text(440)}.000000`]];
  }
  writeFileSync(join(folder, 'nab/combined_windows.json'), JSON.stringify(windows));
}

function writeDetector(id: string, body: string): string {
  const file = `${id}.ts`;
  writeFileSync(
    join(folder, file),
    `import { defineDetector } from 'incident-workbench/sdk';
export default defineDetector({
  apiVersion: 1, id: '${id}', summary: 'For tests.', per: 'series', options: {},
  messages: { high: '{metric} is at {value}.' },
  init: () => ({ n: 0, kept: '' }),
  on: { metric(state, point, context) { ${body} } },
});
`,
  );
  return `./${file}`;
}

/** Of three kinds: all of them take a minute, which these tests would not be the wiser for. */
const three = ['zscore', 'error-burst', 'general'].flatMap((id) => ['--detector', id]);

function bench(...args: readonly string[]) {
  const finished = workbench(['bench', '--json', ...args], { cwd: folder });
  const last: unknown = JSON.parse(finished.stdout.trim().split('\n').at(-1) ?? 'null');
  return { ...finished, board: last as Board };
}

/** What a board says but for what it cost. */
function figuresOf(board: Board) {
  return board.rows
    .map(({ entry, figures, rank, scores }) => {
      const { ns_per_record: _time, ...rest } = figures;
      return { entry, figures: rest, rank, scores };
    })
    .sort((a, b) => (a.entry < b.entry ? -1 : 1));
}

describe('outages', () => {
  test('are scored by incident; the slow store is caught and the quiet one left alone', () => {
    const { status, board, stderr } = bench('--suite', 'outages', '--db', 'outages.db');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const row = board.rows.find(({ entry }) => entry === 'default set');
    expect(row?.figures['recall']?.value).toBe(1);
    expect(row?.figures['false_alarms']?.value).toBe(0);
    const delay = row?.figures['delay_onset']?.value ?? NaN;
    expect(delay).toBeGreaterThan(0);
    expect(delay).toBeLessThan(180);
    const silent = board.rows.find(({ entry }) => entry === 'null');
    expect(silent?.figures['recall']?.value).toBe(0);
    // In the order of the folders: the quiet one first.
    expect(silent?.scores).toEqual([1, 0]);
  });

  test('give the same board on one thread and on two, whatever was played before', () => {
    const outages = ['--suite', 'outages', ...three];
    const two = bench(...outages, '--workers', '2', '--db', 'two.db');
    const part = bench(
      '--suite',
      'outages',
      '--workers',
      '1',
      '--db',
      'one.db',
      '--detector',
      'zscore',
    );
    expect(part.status).toBe(0);
    const one = bench(...outages, '--workers', '1', '--db', 'one.db');
    expect(figuresOf(one.board)).toEqual(figuresOf(two.board));
    // What the file holds of others is not on a board that is not about them.
    const again = bench(...['--suite', 'outages', '--db', 'one.db', '--detector', 'zscore']);
    expect(figuresOf(again.board)).toEqual(figuresOf(part.board));
  });

  test('are gone on with after a kill', { timeout: 60_000 }, async () => {
    const six = ['--suite', 'outages', ...three, '--seeds', '6'];
    const args = ['bench', ...six, '--workers', '1', '--db', 'killed.db'];
    const first = startWorkbench(args, { cwd: folder });
    await first.printed(/^2 of 12 plays/m);
    first.child.kill('SIGKILL');
    await first.finished;
    const again = workbench(args, { cwd: folder });
    expect(again.stderr).not.toMatch(/of 12 plays/);
    expect(again.stderr).toMatch(/of (9|10) plays/);
    const whole = bench(...six, '--db', 'whole.db');
    const mended = bench(...six, '--db', 'killed.db');
    expect(figuresOf(mended.board)).toEqual(figuresOf(whole.board));
  });
});

describe('series', () => {
  test('are scored by row, with and without the onset filter', () => {
    const level = writeDetector('level', 'return Math.abs(point.value) > 2 ? 1 : 0;');
    const { status, board } = bench(
      '--suite',
      'nab',
      '--dir',
      'nab',
      '--detector',
      level,
      '--db',
      'nab.db',
    );
    expect(status).toBe(0);
    const own = board.rows.find(({ entry }) => entry === 'level');
    expect(own?.figures['nab_optimised']?.value).toBeGreaterThan(75);
    expect(own?.figures['auc_pr']?.value).toBeGreaterThan(0.5);
    expect(own?.rank).toBe(1);
    expect(board.rows.find(({ entry }) => entry === 'null')?.figures['nab_optimised']?.value).toBe(
      0,
    );
  });

  test('have every row its score, also where times repeat', () => {
    const db = new Database(join(folder, 'nab.db'), { readonly: true });
    const row = db
      .prepare("SELECT first FROM cell WHERE entry = 'level' AND item = 'made/high.csv'")
      .get() as { first: Buffer };
    db.close();
    const scores = new Float64Array(new Uint8Array(row.first).buffer);
    expect(scores).toHaveLength(600);
    expect([...scores.keys()].filter((i) => scores[i] === 1)).toEqual(
      Array.from({ length: 30 }, (_, i) => 400 + i),
    );
  });
});

test(
  'no detector can hurt the bench: others score what they score without it',
  { timeout: 120_000 },
  () => {
    const bad = {
      throws: "throw new Error('no');",
      loops: 'for (;;) state.n++;',
      exits: "const p = Function('return process')(); (p ?? globalThis['proc' + 'ess']).exit(0);",
      eats: 'const all = []; for (;;) all.push(new Array(1e6).fill(state.n));',
      floods:
        "for (let i = 0; i < 1e5; i++) context.report({ message: 'high', values: {}, score: 1 });",
      lies: 'context.now = 5; point.t = 7; return NaN;',
      mutates: 'point.series.name = "x"; point.value = 1e9; context.config.a = 1; return 0;',
    };
    const alone = bench('--suite', 'outages', '--detector', 'zscore', '--db', 'alone.db');
    const files = Object.entries(bad).map(([id, body]) => writeDetector(id, body));
    const flags = files.flatMap((file) => ['--detector', file]);
    const { status, board } = bench(
      '--suite',
      'outages',
      '--detector',
      'zscore',
      ...flags,
      '--db',
      'hurt.db',
    );
    expect(status).toBe(3);
    for (const id of Object.keys(bad)) {
      const row = board.rows.find(({ entry }) => entry === id);
      expect(row?.failures.length, id).toBeGreaterThan(id === 'mutates' ? -1 : 0);
    }
    const pick = (all: ReturnType<typeof figuresOf>) =>
      all
        ?.filter(({ entry }) => !(entry in bad))
        .map(({ entry, figures, scores }) => ({ entry, figures, scores }));
    expect(pick(figuresOf(board))).toEqual(pick(figuresOf(alone.board)));
  },
);

describe('limits and slips', () => {
  test('exit with 1 below a limit, and say by how much', () => {
    const args = ['--suite', 'outages', '--detector', 'zscore', '--db', 'limit.db', '--fail-under'];
    expect(bench(...args, 'recall=0.5').status).toBe(0);
    const below = bench(...args, 'false_alarms=-1');
    expect(below.status).toBe(1);
    expect(below.stderr).toContain('zscore: false_alarms is 0, the limit -1');
    expect(bench(...args, 'f2=1').stderr).toContain('figures: f1, precision');
  });

  test('another benchmark in the same file is refused, and so is what is none', () => {
    const other = bench('--suite', 'outages', '--db', 'nab.db');
    expect(other.board).toMatchObject({ code: 'RESULTS_DIFFER' });
    expect(other.stderr).toContain('it is of suite nab');
    writeFileSync(
      join(folder, 'text.db'),
      'not a database, and long enough to be read as one'.repeat(20),
    );
    const { status, stderr, board } = bench('--suite', 'outages', '--db', 'text.db');
    expect(status).toBe(4);
    expect(board).toMatchObject({ code: 'RESULTS_FOREIGN' });
    expect(stderr).toContain('holds no results of a benchmark');
    expect(readFileSync(join(folder, 'text.db'), 'utf8')).toContain('not a database');
  });

  test('a report that nobody could read is refused before anything is played', () => {
    const args = ['--suite', 'outages', '--db', 'unmade.db', '--report'];
    const { status, stderr } = bench(...args, 'board.docx');
    expect(status).toBe(2);
    expect(stderr).toContain('name a file that ends in .md, .csv, .json');
    expect(existsSync(join(folder, 'unmade.db'))).toBe(false);
  });

  test('results that cannot be made are named, with another place to take', () => {
    const { status, stderr } = bench(
      '--suite',
      'outages',
      '--db',
      'nab/combined_windows.json/x.db',
    );
    expect(status).toBe(4);
    expect(stderr).toContain('name another file with --db');
  });

  test('a suite that is none is named, with what there is', () => {
    expect(bench('--suite', 'libary').stderr).toContain('did you mean library?');
    expect(bench('--suite', 'nab').stderr).toContain('needs --dir');
  });

  test('reports are written by their ending', () => {
    const { status } = bench(
      '--suite',
      'outages',
      '--detector',
      'zscore',
      '--db',
      'limit.db',
      '--report',
      'a.md',
      '--report',
      'a.csv',
      '--report',
      'a.json',
    );
    expect(status).toBe(0);
    expect(readFileSync(join(folder, 'a.md'), 'utf8')).toMatch(/^# Benchmark: .*outages\n/);
    expect(readFileSync(join(folder, 'a.csv'), 'utf8')).toMatch(
      /^rank,entry,role,against_random,f1,/,
    );
    expect(JSON.parse(readFileSync(join(folder, 'a.json'), 'utf8'))).toHaveProperty('rows');
  });
});
