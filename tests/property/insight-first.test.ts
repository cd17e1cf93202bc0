/** What cards call first, usual before, or so many of what they read: held to all rows up to the playhead. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { InsightCard } from '../../engine/insight/index.ts';
import { kindOfLine } from '../../engine/insight/problem-lines.ts';
import { insightsAt } from '../../engine/query/insights.ts';
import { momentText } from '../../engine/wording.ts';
import { minute } from '../support/synthetic-stream.ts';
import { demoScenario, workbench } from '../support/workbench.ts';

const folder = mkdtempSync(join(tmpdir(), 'workbench-insight-'));
let db: Database.Database;

beforeAll(() => {
  const file = join(folder, 'demo.db');
  const run = workbench(['run', demoScenario, '--quiet', '--db', file], { cwd: folder });
  expect(run.status).toBe(0);
  db = new Database(file, { readonly: true });
});
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The card's text; a citation as the kind and place of its row. */
function textOf({ text, evidence }: InsightCard): string {
  const place = (id: string) => {
    const row = evidence.find((e) => e.id === id);
    return row?.kind === 'sample' ? `sample@${row.t}` : `${row?.kind}#${row?.k}`;
  };
  return text.map((part) => (typeof part === 'string' ? part : `[${place(part.cite)}]`)).join('');
}

/** The first signal of the run's one incident, as far as it is known at `t`. */
function signalAt(t: number): number {
  const rows = db
    .prepare<[number], { t: number; kind: string; payload: string }>(
      "SELECT t, kind, payload FROM incident_event WHERE incident = 1 AND t <= ? AND kind IN ('opened', 'alert-firing')",
    )
    .all(t);
  const since = (payload: string) => (JSON.parse(payload) as { since: number }).since;
  return Math.min(...rows.map((row) => (row.kind === 'opened' ? row.t : since(row.payload))));
}

function firstFinding(service: string | null, from: number, t: number): string {
  const rows = db
    .prepare<[number, number], { k: number; t: number; service: string; detector: string }>(
      `SELECT finding.k, t, service.name AS service, detector.name AS detector FROM finding
       JOIN service ON service.id = service_id JOIN detector ON detector.id = detector_id
       WHERE t >= ? AND t <= ? ORDER BY finding.k`,
    )
    .all(from, t);
  const first = rows.find((row) => row.service === service);
  return first
    ? `First noticed by ${first.detector} at ${momentText(first.t)} [finding#${first.k}]`
    : 'no such finding';
}

interface Line {
  readonly k: number;
  readonly severity: number;
  readonly body: string;
}

/** The first 300 of each severity number: what a card reads. */
function firstProblems(service: string | null, from: number, t: number): Line[] {
  const read = new Map<number, number>();
  return db
    .prepare<[number, number, string | null], Line>(
      `SELECT k, severity, body FROM log WHERE severity >= 13 AND t >= ? AND t <= ?
       AND service_id = (SELECT id FROM service WHERE name = ?) ORDER BY k`,
    )
    .all(from, t, service)
    .filter(({ severity }) => {
      const nth = (read.get(severity) ?? 0) + 1;
      read.set(severity, nth);
      return nth <= 300;
    });
}

describe.each([6, 8, 10, 15, 18, 18 + 1 / 30, 22, 30])('at %d min', (minutes) => {
  const t = Math.round(minutes * minute);

  test.each([undefined, 1])('of incident %s', (incident) => {
    const signal = signalAt(t);
    const from = signal - 2 * minute;
    const cards = insightsAt(db, { t, ...(incident === undefined ? {} : { incident }) });
    expect(cards.length).toBeGreaterThan(0);
    let checked = 0;
    for (const card of cards) {
      const text = textOf(card);
      if (text.includes('oticed by')) {
        expect(text).toContain(firstFinding(card.service, signal, t));
        checked++;
      }
      for (const [, at] of text.matchAll(/was usual before \[sample@(\d+)\]/g)) {
        expect(Number(at)).toBeLessThan(from);
      }
      const lines = firstProblems(card.service, from, t);
      const waiting = / (\d+) of the (\d+) warnings and errors read since (\S+) speak/.exec(text);
      if (waiting) {
        const read = lines;
        expect(read).toHaveLength(Number(waiting[2]));
        expect(waiting[3]).toBe(momentText(from));
        const about = read.filter(({ body }) => /pool|wait|time/i.test(body));
        expect(Number(waiting[1])).toBe(about.length);
        expect(text).toContain(`[log#${about[0]?.k}]`);
      }
      const kind =
        /\[log#(\d+)\], (\d+) of the (\d+) warnings and errors read since (\S+) are/.exec(text);
      if (kind) {
        const read = lines;
        expect(read).toHaveLength(Number(kind[3]));
        const example = read.find(({ k }) => k === Number(kind[1]));
        const same = read.filter((l) => kindOfLine(l.body) === kindOfLine(example?.body ?? ''));
        expect([same[0]?.k, same.length]).toEqual([Number(kind[1]), Number(kind[2])]);
        expect(kind[4]).toBe(momentText(from));
      }
    }
    expect(checked).toBeGreaterThan(0);
  });
});
