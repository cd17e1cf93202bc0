/** What people do to incidents: legal steps only, beside a writer or on a sealed file. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { WorkbenchError } from '../../engine/errors.ts';
import { appendHumanEvent, openRun, questions, type HumanStep } from '../../engine/query/index.ts';
import { makeRunFile, withFolder, type RunFileInput } from '../support/run-file.ts';

const input: RunFileInput = {
  services: [{ name: 'web', entry: true }],
  durationUs: 600_000_000,
  incidentEvents: [
    { t: 60_000_000, incident: 1, kind: 'opened', title: 'Checkout is slow', severity: 'high' },
    { t: 60_000_000, incident: 1, kind: 'service-affected', service: 0 },
    { t: 300_000_000, incident: 1, kind: 'auto-resolved', reason: 'quiet for 2 minutes' },
  ],
  keyframesAt: [200_000_000],
};
const step: HumanStep = {
  incident: 1,
  action: 'acknowledge',
  note: '',
  actor: 'ada',
  t: 100_000_000,
  wallUnixMs: 1_700_000_000_000,
};

function failure(action: () => unknown): WorkbenchError {
  try {
    action();
  } catch (error) {
    if (error instanceof WorkbenchError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('people’s events', () => {
  test('change the incident from their moment on, also behind a keyframe', () => {
    withFolder((folder) => {
      const file = makeRunFile(join(folder, 'run.db'), input);
      expect(appendHumanEvent(file, step).status).toBe('acknowledged');
      const after = { ...step, action: 'mitigate', note: 'rolled back', t: 150_000_000 } as const;
      expect(appendHumanEvent(file, after).mitigatedAt).toBe(150_000_000);
      const run = openRun(file);
      const statusAt = (t: number) => questions.state.answer(run, { t }).incidents[0]?.status;
      expect([90e6, 100e6, 150e6, 250e6, 300e6].map(statusAt)).toEqual([
        'open',
        'acknowledged',
        'mitigated',
        'mitigated',
        'resolved',
      ]);
      const { timeline } = questions.incident.answer(run, { id: 1, t: 250_000_000 });
      expect(timeline.map(({ text, actor }) => [text, actor])).toEqual([
        ['Opened with severity high: Checkout is slow', null],
        ['web is affected', null],
        ['Acknowledged', 'ada'],
        ['Marked as mitigated: rolled back', 'ada'],
      ]);
      run.close();
    });
  });

  test('refuse what is illegal, unknown or not there yet, and then store nothing', () => {
    withFolder((folder) => {
      const file = makeRunFile(join(folder, 'run.db'), input);
      const codeOf = (change: Partial<HumanStep>) =>
        failure(() => appendHumanEvent(file, { ...step, ...change })).code;
      expect(codeOf({ action: 'reopen' })).toBe('ILLEGAL_TRANSITION');
      expect(codeOf({ incident: 2 })).toBe('NOT_IN_RUN');
      expect(codeOf({ t: 59_999_999 })).toBe('NOT_IN_RUN');
      expect(codeOf({ t: input.durationUs + 1 })).toBe('USAGE');
      expect(codeOf({ t: Number.MAX_SAFE_INTEGER })).toBe('USAGE');
      expect(codeOf({ action: 'note', note: ' ' })).toBe('USAGE');
      expect(codeOf({ note: 'x'.repeat(5_000) })).toBe('USAGE');
      const db = new Database(file, { readonly: true });
      expect(db.prepare('SELECT count(*) FROM human_event').pluck().get()).toBe(0);
      db.close();
    });
  });

  test('leave a sealed file sealed', () => {
    withFolder((folder) => {
      const file = makeRunFile(join(folder, 'run.db'), input);
      appendHumanEvent(file, step);
      const db = new Database(file, { readonly: true });
      expect(db.pragma('journal_mode', { simple: true })).toBe('delete');
      db.close();
      expect(existsSync(`${file}-wal`)).toBe(false);
    });
  });

  test('are stored while another connection keeps the run open for writing', () => {
    withFolder((folder) => {
      const file = makeRunFile(join(folder, 'run.db'), {
        ...input,
        journalMode: 'wal',
        state: 'running',
        throughUs: 200_000_000,
        pid: process.pid,
      });
      const writer = new Database(file);
      const reader = openRun(file);
      const advance = writer.prepare('UPDATE run SET through = through + 1');
      advance.run();
      expect(appendHumanEvent(file, step).status).toBe('acknowledged');
      advance.run();
      expect(questions.state.answer(reader, { t: 150e6 }).incidents[0]?.status).toBe(
        'acknowledged',
      );
      reader.close();
      writer.close();
    });
  });

  test('do not touch another program’s database', () => {
    withFolder((folder) => {
      const file = join(folder, 'other.db');
      const other = new Database(file);
      other.exec('CREATE TABLE human_event (url TEXT)');
      other.close();
      expect(failure(() => appendHumanEvent(file, step)).code).toBe('RUN_FILE_FOREIGN');
    });
  });
});
