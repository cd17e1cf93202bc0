/** Results files of strangers: what they may not do to whoever lists, opens or plays them. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ResultsFile, type Board } from '../../engine/benchmark/index.ts';
import { WorkbenchError } from '../../engine/errors.ts';
import { limits } from '../../engine/limits.ts';
import { BenchFiles } from '../../web/server/bench-files.ts';
import { boardOf } from '../support/board.ts';

let root: string;
let folder: string;
let files: BenchFiles;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'workbench-results-'));
  mkdirSync(join(root, 'library/item-0'), { recursive: true });
  writeFileSync(join(root, 'library/item-0/scenario.yaml'), 'a scenario');
  writeFileSync(join(root, 'outside.yaml'), 'not ours');
  symlinkSync(join(root, 'outside.yaml'), join(root, 'library/link.yaml'));
});
afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => {
  folder = mkdtempSync(join(root, 'bench-'));
  files = new BenchFiles(
    { folder, scenarioRoots: [join(root, 'library')], bundled: ['zscore', 'random'] },
    () => new Map(),
  );
});

const emptyCost = { recordsFed: 1, busyNs: 1, stateBytes: null, failures: [] };

/** A results file of two items and one seed, with a board of them. */
function write(
  name: string,
  { board = boardOf({ zscore: [1, 0] }), source = join(root, 'library/item-0/scenario.yaml') } = {},
): string {
  const file = join(folder, `${name}.db`);
  const results = ResultsFile.resume(file, {
    suite: 'made',
    engineVersion: '1.0.0',
    createdUnixMs: 5,
  });
  const entries = ['zscore', 'theirs', 'random #2'];
  results.setUp({
    items: ['item-0', 'item-1'].map((id) => ({
      ...{
        id,
        kind: 'outage',
        hash: 'hash',
        title: id,
        category: null,
        labels: null,
        series: null,
      },
      source,
    })),
    entries: entries.map((entry) => ({
      ...{ name: entry, role: 'asked', hash: 'h' },
      detectors: entry === 'theirs' ? '/tmp/theirs.ts' : (entry.split(' ')[0] ?? ''),
    })),
    seeds: [1],
    notes: [],
  });
  const truth = {
    durationUs: 600_000_000,
    incidents: [{ startUs: 100_000_000, endUs: 300_000_000, observableUs: 110_000_000 }],
    firstUserImpactUs: null,
  };
  results.add(
    { item: 'item-0', seed: 1, records: 10, truth },
    entries.map((entry) => ({
      ...{ key: entry, item: 'item-0', seed: 1, entry },
      outcome: {
        kind: 'outage',
        opened: [150, 200, 400].map((s) => ({ t: s * 1e6, title: `at ${s}`, severity: 'high' })),
        findingCount: 2,
        findings: { timesUs: Float64Array.of(1e8, NaN), scores: Float64Array.of(0.5, 0.9) },
        cost: emptyCost,
      },
    })),
  );
  results.keepBoard({ board, details: { entries: [] } });
  results.close();
  return file;
}

function change(file: string, sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.close();
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof WorkbenchError) return error.code;
    throw error;
  }
  return 'none';
}

describe('a folder of results', () => {
  test('lists what can be read, and names the rest with the reason', () => {
    write('good');
    writeFileSync(join(folder, 'text.db'), 'no database at all, but a long enough text of it');
    writeFileSync(join(folder, 'notes.txt'), 'not listed');
    change(join(folder, 'other.db'), 'CREATE TABLE run (id TEXT)');
    change(write('newer'), 'PRAGMA user_version = 99');
    change(write('view'), 'DROP TABLE board; CREATE VIEW board AS SELECT 1 AS board');
    change(write('trigger'), 'CREATE TRIGGER t AFTER INSERT ON cell BEGIN DELETE FROM item; END');
    write('a name that is no address');
    symlinkSync(join(root, 'outside.yaml'), join(folder, 'link.db'));
    const { boards, unreadable } = files.list();
    expect(boards.map(({ id }) => id)).toEqual(['good']);
    expect(boards[0]).toMatchObject({ items: 2, entries: 3, seeds: 1, missing: 3, hasBoard: true });
    const reasons = Object.fromEntries(unreadable.map(({ file, reason }) => [file, reason]));
    expect(Object.keys(reasons).sort()).toEqual([
      'a name that is no address.db',
      'newer.db',
      'other.db',
      'text.db',
      'trigger.db',
      'view.db',
    ]);
    expect(reasons['view.db']).toBe('its tables are not ours');
    expect(reasons['newer.db']).toContain('another version');
  });

  test('is empty where there is none', () => {
    rmSync(folder, { recursive: true });
    expect(files.list()).toMatchObject({ boards: [], unreadable: [] });
  });
});

describe('a results file', () => {
  test('is bounded before it is read', () => {
    const file = write('huge');
    change(file, `UPDATE item SET title = printf('%.*c', ${limits.benchmarkNameBytesMax}, 'x')`);
    expect(codeOf(() => files.board('huge'))).toBe('RESULTS_FOREIGN');
  });

  test('whose board has another shape is refused, and says where', () => {
    const board = boardOf({ zscore: [1, 0] });
    const wrong: readonly (readonly [string, unknown])[] = [
      ['a row', { ...board, rows: [{ entry: 'zscore' }] }],
      ['a figure', { ...board, rows: [{ ...board.rows[0], figures: { f1: { value: '<b>' } } }] }],
      ['a unit', { ...board, columns: [{ ...board.columns[0], unit: 'volts' }] }],
      ['text for a list', { ...board, notes: 'notes' }],
    ];
    for (const [name, made] of wrong) {
      rmSync(join(folder, 'odd.db'), { force: true });
      write('odd', { board: made as Board });
      expect([name, codeOf(() => files.board('odd'))]).toEqual([name, 'RESULTS_FOREIGN']);
    }
  });

  test('may hold text that is no JSON, and columns of half a number', () => {
    change(write('broken'), `UPDATE board SET board = '{'`);
    expect(codeOf(() => files.board('broken'))).toBe('RESULTS_FOREIGN');
    change(write('half'), `UPDATE cell SET first = x'0102'`);
    const asked = { board: 'half', item: 'item-0', entry: 'zscore' };
    expect(codeOf(() => files.cell(asked))).toBe('RESULTS_FOREIGN');
  });

  test('without figures opens: what was no number is null in it', () => {
    const board = boardOf({ zscore: [null, null] });
    write('empty', { board });
    expect(files.board('empty').made?.board.rows[0]?.figures['f1']).toEqual({
      value: null,
      interval: null,
    });
  });

  test('is asked for by a plain name only', () => {
    for (const id of ['', '..', '../outside', 'a/b', 'absent']) {
      expect(codeOf(() => files.board(id))).toBe('RESULTS_NOT_FOUND');
    }
  });

  test('tells what each incident counted for', () => {
    write('cells');
    const cell = files.cell({ board: 'cells', item: 'item-0', entry: 'zscore' });
    expect(cell.kind === 'outage' && cell.plays[0]).toMatchObject({
      seed: 1,
      opened: [{ counts: 'catch' }, { counts: 'again' }, { counts: 'false-alarm' }],
      findings: [[1e8, 0.5]],
      run: null,
    });
    const absent = { board: 'cells', item: 'item-9', entry: 'zscore' };
    expect(codeOf(() => files.cell(absent))).toBe('NOT_IN_RESULTS');
  });
});

describe('what may be played', () => {
  const asked = { board: 'plays', item: 'item-0', entry: 'zscore', seed: 1 };

  test('a scenario below the folders that it may lie in, with bundled detectors', () => {
    write('plays');
    expect(files.recipe(asked)).toEqual({
      source: join(root, 'library/item-0/scenario.yaml'),
      ...{ hash: 'hash', seed: 1, detectors: ['zscore'] },
    });
    expect(codeOf(() => files.recipe({ ...asked, seed: 2 }))).toBe('NOT_IN_RESULTS');
  });

  test('never code that the file names, nor dice of another seed', () => {
    write('plays');
    for (const entry of ['theirs', 'random #2']) {
      expect(codeOf(() => files.recipe({ ...asked, entry }))).toBe('PLAY_REFUSED');
    }
  });

  test('never a path that leads out, by links or without', () => {
    const paths = [
      'outside.yaml',
      'library/link.yaml',
      'library/../outside.yaml',
      'library',
      'gone',
    ];
    for (const path of paths) {
      rmSync(join(folder, 'plays.db'), { force: true });
      write('plays', { source: join(root, path) });
      expect([path, codeOf(() => files.recipe(asked))]).toEqual([path, 'PLAY_REFUSED']);
    }
  });
});
