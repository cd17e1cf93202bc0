/** What opening says about files that are not, or not quite, a run of ours; and who may write. */
import { machineId, writerWhereabouts } from '../../engine/writer-process.ts';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { WorkbenchError } from '../../engine/errors.ts';
import { listRuns, openRun, questions } from '../../engine/query/index.ts';
import { schemaVersion } from '../../engine/store/migrations.ts';
import { makeRunFile, withFolder } from '../support/run-file.ts';

const small = {
  services: [{ name: 'web', entry: true }],
  durationUs: 60_000_000,
  logs: Array.from({ length: 2_000 }, (_, i) => ({
    t: i * 1000,
    service: 0,
    severity: 9,
    body: `line ${i} ${'x'.repeat(60)}`,
  })),
};

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof WorkbenchError) return error.code;
    throw error;
  }
  return 'no error';
}

describe('opening', () => {
  test('tells apart what is no run file, a newer one, and a damaged one', () => {
    withFolder((folder) => {
      const at = (name: string) => join(folder, name);
      writeFileSync(at('empty.db'), '');
      writeFileSync(at('text.db'), 'this is not a database, it is a long line of text');
      const foreign = new Database(at('foreign.db'));
      foreign.exec('CREATE TABLE places (url TEXT)');
      foreign.close();
      const newer = new Database(makeRunFile(at('newer.db'), small));
      newer.pragma(`user_version = ${schemaVersion + 1}`);
      newer.close();
      const noRun = new Database(makeRunFile(at('no-run.db'), small));
      noRun.exec('DELETE FROM run');
      noRun.close();
      makeRunFile(at('cut.db'), small);
      truncateSync(at('cut.db'), 4096);
      mkdirSync(at('folder.db'));

      expect(codeOf(() => openRun(at('missing.db')))).toBe('FILE_NOT_FOUND');
      expect(codeOf(() => openRun(at('empty.db')))).toBe('RUN_FILE_FOREIGN');
      expect(codeOf(() => openRun(at('text.db')))).toBe('RUN_FILE_FOREIGN');
      expect(codeOf(() => openRun(at('foreign.db')))).toBe('RUN_FILE_FOREIGN');
      expect(codeOf(() => openRun(at('folder.db')))).toBe('RUN_FILE_FOREIGN');
      expect(codeOf(() => openRun(at('no-run.db')))).toBe('RUN_FILE_FOREIGN');
      expect(codeOf(() => openRun(at('newer.db')))).toBe('RUN_FILE_NEWER');
      expect(codeOf(() => openRun(at('cut.db')))).toBe('RUN_FILE_DAMAGED');
    });
  });

  test('a page that was overwritten is told when a question meets it, and the file is left alone', () => {
    withFolder((folder) => {
      const file = makeRunFile(join(folder, 'run.db'), small);
      const bytes = readFileSync(file);
      const found = bytes.indexOf('line 1900 ');
      expect(found).toBeGreaterThan(0);
      bytes.fill(0xff, Math.floor(found / 4096) * 4096, Math.floor(found / 4096) * 4096 + 4096);
      writeFileSync(file, bytes);
      const run = openRun(file);
      expect(codeOf(() => questions.logs.answer(run, { t: 60_000_000, limit: 500 }))).toBe(
        'RUN_FILE_DAMAGED',
      );
      run.close();
      expect(readFileSync(file).equals(bytes)).toBe(true);
    });
  });

  test('the connection refuses to write, whatever SQL reaches it', () => {
    withFolder((folder) => {
      const run = openRun(makeRunFile(join(folder, 'run.db'), small));
      expect(() => run.db.exec(`UPDATE run SET title = 'changed'`)).toThrow(/readonly/);
      run.close();
    });
  });

  test('quotes, wildcards and SQL in a search are plain text', () => {
    withFolder((folder) => {
      const run = openRun(makeRunFile(join(folder, 'run.db'), small));
      for (const text of [`'; DROP TABLE log; --`, '%', '_', '\\', '"', '*'.repeat(256)]) {
        expect(questions.logs.answer(run, { t: 60_000_000, text }).matched).toBe(0);
      }
      expect(codeOf(() => questions.logs.answer(run, { t: 1, text: 'a\0b' }))).toBe('USAGE');
      expect(questions.logs.answer(run, { t: 60_000_000, text: 'LINE 19' }).matched).toBe(111);
      run.close();
    });
  });
});

describe('a run whose process is gone', () => {
  test('says interrupted, and one that is still there says running', () => {
    withFolder((folder) => {
      const stateOf = (name: string, pid: number | null) => {
        const file = makeRunFile(join(folder, name), { ...small, state: 'running', pid });
        const run = openRun(file, { whereabouts: ({ pid }) => (pid === 7 ? 'there' : 'gone') });
        const { state } = questions.overview.answer(run, {});
        run.close();
        return state;
      };
      expect(stateOf('here.db', 7)).toBe('running');
      expect(stateOf('gone.db', 8)).toBe('interrupted');
      expect(stateOf('none.db', null)).toBe('interrupted');
    });
  });

  test('is gone for whoever has a copy on another machine, whatever process has the number there', () => {
    withFolder((folder) => {
      const stateOf = (name: string, machine: string) => {
        const written = { ...small, state: 'running', pid: process.pid, machine };
        const run = openRun(makeRunFile(join(folder, name), written), {
          whereabouts: writerWhereabouts,
        });
        const { state } = questions.overview.answer(run, {});
        run.close();
        return state;
      };
      expect(stateOf('here.db', machineId())).toBe('running');
      expect(stateOf('elsewhere.db', 'another-host')).toBe('interrupted');
    });
  });

  test('answers up to its watermark only: what lies behind is not whole', () => {
    withFolder((folder) => {
      const run = openRun(
        makeRunFile(join(folder, 'run.db'), { ...small, state: 'running', throughUs: 1_000_000 }),
      );
      expect(questions.logs.answer(run, { t: 60_000_000 }).total).toBe(1_000);
      expect(questions.state.answer(run, { t: 60_000_000 }).t).toBe(999_999);
      run.close();
    });
  });
});

describe('a folder of runs', () => {
  test('lists runs, counts what it leaves out, and finds a run by the start of its id', () => {
    withFolder((folder) => {
      makeRunFile(join(folder, 'checkout-1.db'), { ...small, id: 'checkout-1' });
      makeRunFile(join(folder, 'login-1.db'), { ...small, id: 'login-1' });
      const foreign = new Database(join(folder, 'other.db'));
      foreign.exec('CREATE TABLE places (url TEXT)');
      foreign.close();
      writeFileSync(join(folder, 'notes.txt'), 'not a database');
      writeFileSync(join(folder, 'reserved.db'), '');

      const { runs, skipped } = listRuns(folder);
      expect(runs.map((run) => run.id).sort()).toEqual(['checkout-1', 'login-1']);
      expect(skipped.map(({ file }) => file)).toEqual([join(folder, 'other.db')]);
      expect(listRuns(join(folder, 'missing'))).toEqual({ runs: [], skipped: [] });
    });
  });
});

describe('a read-only folder', () => {
  // Root may write anywhere, so the reader runs as somebody else; the built code is what it runs.
  const isRoot = process.getuid?.() === 0;
  test.skipIf(!isRoot)('a sealed run opens, and says that people cannot add to it', () => {
    withFolder((folder) => {
      chmodSync(folder, 0o755);
      const sealed = join(folder, 'sealed');
      mkdirSync(sealed);
      copyFileSync(makeRunFile(join(folder, 'run.db'), small), join(sealed, 'run.db'));
      chmodSync(join(sealed, 'run.db'), 0o444);
      chmodSync(sealed, 0o555);
      const door = new URL('../../dist/engine/query/index.js', import.meta.url).href;
      const script = `
        const { openRun, questions, appendHumanEvent } = await import(${JSON.stringify(door)});
        const file = ${JSON.stringify(join(sealed, 'run.db'))};
        const run = openRun(file);
        const { writable } = questions.overview.answer(run, {});
        const { total } = questions.logs.answer(run, { t: 60e6 });
        let code;
        try {
          appendHumanEvent(file, { incident: 1, action: 'note', note: 'x', actor: 'a', t: 1, wallUnixMs: 1 });
        } catch (error) { code = error.code; }
        console.log(JSON.stringify({ ok: writable.ok, total, code }));`;
      const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
        uid: 65534,
        gid: 65534,
        encoding: 'utf8',
      });
      expect(child.stderr).toBe('');
      expect(JSON.parse(child.stdout)).toEqual({ ok: false, total: 2_000, code: 'STORAGE_FAILED' });
    });
  });
});
