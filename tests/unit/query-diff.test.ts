/** Two runs, aligned: of the simulator, and of rows by hand where the answer can be counted. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diffRuns, openRun } from '../../engine/query/index.ts';
import type { RunDiff } from '../../engine/query/diff-types.ts';
import { makeRunFile, type RunFileInput } from '../support/run-file.ts';
import { runScenario, smallOutage } from '../support/simulated-run.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'workbench-diff-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function diffOf(fileA: string, fileB: string, options: { force?: boolean } = {}): RunDiff {
  const [a, b] = [openRun(fileA), openRun(fileB)];
  try {
    return diffRuns(a, b, options);
  } finally {
    a.close();
    b.close();
  }
}

describe('runs of one scenario', () => {
  let long: string;
  let again: string;
  let short: string;
  beforeAll(async () => {
    const run = async (runId: string, until: string) =>
      (await runScenario(smallOutage({ until }), { folder, runId })).file;
    long = await run('long', '180s');
    again = await run('again', '180s');
    short = await run('short', '120s');
  });

  test('a run and its repetition are the same in everything', () => {
    const diff = diffOf(long, again);
    expect(diff.alike).toEqual({ scenario: true, seed: true, engine: true, detectors: true });
    expect(diff.parting).toEqual({ sameUntil: 720_000_000, differBy: null });
    expect(diff.incidents.length).toBeGreaterThan(0);
    expect(diff.incidents.map(({ opened, resolved }) => [opened, resolved])).toEqual(
      diff.incidents.map(({ a }) => ['same', a?.resolvedAt === null ? null : 'same']),
    );
    expect(diff.findings).toMatchObject({ differing: [], more: false });
    expect(diff.findings.same).toBeGreaterThan(0);
    for (const { a, b } of [...diff.health, ...diff.problems]) expect(b).toEqual(a);
    for (const { saved } of diff.budget.objectives) expect(saved).toBe(0);
  });

  test('an outage that ends a minute earlier is told as such', () => {
    const diff = diffOf(long, short);
    expect(diff.alike).toMatchObject({ scenario: false, seed: true });
    expect(diff.parting).toBeNull();
    const [incident] = diff.incidents;
    expect(incident).toMatchObject({ opened: 'same', resolved: 'earlier' });
    expect(incident?.resolvedByUs).toBeLessThan(-30_000_000);
    const web = diff.health.find(({ service }) => service === 'web');
    expect(web?.a.unwellUs).toBeGreaterThan((web?.b.unwellUs ?? 0) + 30_000_000);
    const store = diff.problems.find(({ service }) => service === 'store');
    expect(store?.a.errors).toBeGreaterThan(1.5 * (store?.b.errors ?? Infinity));
    const [budget] = diff.budget.objectives;
    // A minute in which 60 % of the store's answers fail, twice: 36 % of the users' do.
    expect(budget?.saved).toBeGreaterThan(0.25);
    expect(budget?.saved).toBeLessThan(0.45);
    // Before the second minute nothing can differ.
    const early = diff.findings.differing.filter(
      ({ a, b }) => Math.min(a?.firstAt ?? Infinity, b?.firstAt ?? Infinity) < 120_000_000,
    );
    expect(early).toEqual([]);
    expect(diff.findings.same).toBeGreaterThan(0);
  });
});

const ten = 10_000_000;
const figures = { requestRate: 10, errorRatio: 0, latencyP95: 0.1 };
const web: RunFileInput = {
  services: [{ name: 'web', entry: true }, { name: 'db' }, { name: 'mail' }],
  durationUs: 600_000_000,
  detectors: ['zscore'],
};

/** An incident about services, by their ids. */
const incident = (
  id: number,
  from: number,
  to: number | null,
  about: { readonly title: string; readonly services: readonly number[] },
) => [
  { t: from, incident: id, kind: 'opened', title: about.title, severity: 'high' } as const,
  ...about.services.map((service) => {
    return { t: from, incident: id, kind: 'service-affected', service } as const;
  }),
  ...(to === null
    ? []
    : [{ t: to, incident: id, kind: 'auto-resolved', reason: 'quiet' } as const]),
];

const made = (name: string, rows: Partial<RunFileInput>): string =>
  makeRunFile(join(folder, `${name}.db`), { ...web, id: name, ...rows });

describe('rows by hand', () => {
  test('incidents are the same by services and time, whatever their numbers', () => {
    const db = { title: 'db is slow', services: [1, 0] };
    const mail = { title: 'mail refuses', services: [2] };
    const a = made('incidents-a', {
      incidentEvents: [...incident(1, 6 * ten, 30 * ten, db), ...incident(2, 9 * ten, null, mail)],
    });
    const b = made('incidents-b', {
      incidentEvents: [
        ...incident(1, 5 * ten, null, { title: 'a deploy', services: [] }),
        ...incident(7, 7 * ten, 12 * ten, { ...db, title: 'web and db are slow' }),
      ],
    });
    const told = diffOf(a, b).incidents.map((found) => [
      [found.a?.id ?? null, found.b?.id ?? null],
      [found.opened, found.openedByUs, found.resolved, found.resolvedByUs],
    ]);
    expect(told).toEqual([
      [
        [null, 1],
        ['extra', null, null, null],
      ],
      [
        [1, 7],
        ['later', ten, 'earlier', -18 * ten],
      ],
      [
        [2, null],
        ['missing', null, null, null],
      ],
    ]);
  });

  test('first findings: earlier, later, missing, extra, and the same within a second', () => {
    const finding = (t: number, subject: string) => ({ t, detector: 0, subject, service: null });
    const a = made('findings-a', {
      findings: [
        finding(1 * ten, 'same'),
        finding(2 * ten, 'earlier'),
        finding(3 * ten, 'missing'),
        finding(4 * ten, 'later'),
        finding(5 * ten, 'later'),
      ],
    });
    const b = made('findings-b', {
      findings: [
        finding(1 * ten + 900_000, 'same'),
        finding(1.5 * ten, 'earlier'),
        finding(4.5 * ten, 'later'),
        finding(6 * ten, 'extra'),
      ],
    });
    const { differing, same } = diffOf(a, b).findings;
    expect(same).toBe(1);
    expect(
      differing.map(({ subject, change, byUs, a: one, b: other }) => [
        subject,
        change,
        byUs,
        one?.count,
        other?.count,
      ]),
    ).toEqual([
      ['earlier', 'earlier', -0.5 * ten, 1, 1],
      ['missing', 'missing', null, 1, undefined],
      ['later', 'later', 0.5 * ten, 2, 1],
      ['extra', 'extra', null, undefined, 1],
    ]);
  });

  test('health: first time unwell and how long, as far as both runs go', () => {
    const turn = (t: number, state: 'healthy' | 'degraded' | 'down' | 'unknown') =>
      ({ t, service: 0, state, reason: '', figures }) as const;
    const a = made('health-a', {
      healthEvents: [
        turn(1, 'healthy'),
        turn(6 * ten, 'degraded'),
        turn(9 * ten, 'down'),
        turn(20 * ten, 'healthy'),
      ],
    });
    const b = made('health-b', {
      state: 'interrupted',
      throughUs: 15 * ten,
      durationUs: 15 * ten,
      healthEvents: [turn(1, 'healthy'), turn(8 * ten, 'down'), turn(10 * ten, 'unknown')],
    });
    const diff = diffOf(a, b);
    expect(diff.untilUs).toBe(15 * ten);
    expect(diff.health[0]).toEqual({
      service: 'web',
      began: 'later',
      beganByUs: 2 * ten,
      unwell: 'less',
      unwellByUs: -7 * ten,
      a: { firstUnwellAt: 6 * ten, unwellUs: 9 * ten, last: 'down' },
      b: { firstUnwellAt: 8 * ten, unwellUs: 2 * ten, last: 'unknown' },
    });
    expect(diff.health[1]).toMatchObject({
      service: 'db',
      began: 'same',
      beganByUs: null,
      unwell: 'same',
      unwellByUs: 0,
    });
  });

  test('an interrupted run is held against another up to where it got, not to the end', () => {
    const turn = (t: number, state: 'healthy' | 'degraded') =>
      ({ t, service: 0, state, reason: '', figures }) as const;
    const window = (bucket: number, errorRatio: number) =>
      ({ service: 0, bucket, state: 'degraded', figures: { ...figures, errorRatio } }) as const;
    const findings = [6, 16].map((n) => {
      return { t: n * ten, detector: 0, subject: `at ${n}`, service: null };
    });
    const whole = made('reach-whole', {
      healthEvents: [turn(1, 'healthy'), turn(6 * ten, 'degraded'), turn(55 * ten, 'healthy')],
      windows: [6, 14, 15, 16].map((bucket) => window(bucket, 0.5)),
      findings,
      keyframes: [
        [12 * ten, 'same'],
        [20 * ten, 'later'],
      ],
      incidentEvents: incident(1, 15.5 * ten, null, { title: 'after that', services: [0] }),
    });
    const cut = made('reach-cut', {
      ...{ state: 'interrupted', throughUs: 15.5 * ten },
      healthEvents: [turn(1, 'healthy'), turn(6 * ten, 'degraded')],
      windows: [6, 14].map((bucket) => window(bucket, 0.5)),
      findings: findings.slice(0, 1),
      keyframes: [[12 * ten, 'same']],
      // Worlds are kept ahead of what is stored.
      worlds: [[18 * ten, 'w']],
    });
    for (const [a, b] of [
      [cut, whole],
      [whole, cut],
    ] as const) {
      const diff = diffOf(a, b);
      expect(diff.untilUs).toBe(15.5 * ten);
      expect(diff.limitedBy).toEqual({ run: 'reach-cut', state: 'interrupted' });
      expect(diff.health[0]).toMatchObject({ unwell: 'same', a: { unwellUs: 9.5 * ten } });
      expect(diff.budget.objectives).toMatchObject([{ a: 10 / 60, saved: 0 }]);
      expect(diff.findings).toMatchObject({ same: 1, differing: [] });
      expect(diff.incidents).toEqual([]);
      expect(diff.parting).toEqual({ sameUntil: 12 * ten, differBy: null });
    }
    const early = made('reach-early', { durationUs: 30 * ten });
    expect(diffOf(whole, early).limitedBy).toEqual({ run: 'reach-early', state: 'completed' });
    expect(diffOf(whole, whole).limitedBy).toBeNull();
  });

  test('budget: what users got where both counted it, whole or half a bucket at the end', () => {
    const objectives = [
      { name: 'answers', service: 'web', target: 0.999, period: 30 * 86_400e6 },
      { name: 'fast', service: 'web', target: 0.9, period: 600e6 },
    ];
    const a = made('users-a', {
      objectives,
      sli: [
        [0, 0, 100, 100],
        [0, 1, 200, 50],
        [0, 3, 0, 0],
        [1, 0, 10, 0],
      ],
    });
    const b = made('users-b', {
      objectives,
      sli: [
        [0, 0, 100, 40],
        [0, 59, 10, 10],
        [0, 60, 10, 10],
      ],
    });
    const { source, objectives: told } = diffOf(a, b).budget;
    expect(source).toBe('users');
    expect(told[0]?.minutes).toBeCloseTo(43.2);
    expect(told[0]?.a).toBeCloseTo((10 + 2.5) / 60);
    expect(told[0]?.b).toBeCloseTo((4 + 10) / 60);
    expect(told[0]?.saved).toBeCloseTo(-1.5 / 60);
    expect(told[1]).toMatchObject({ name: 'fast', a: 0, b: null, saved: null });
    const short = made('users-short', { objectives, durationUs: 15_000_000, sli: [[0, 0, 1, 0]] });
    expect(diffOf(a, short).budget.objectives[0]?.a).toBeCloseTo((10 + 5 * 0.25) / 60);
  });

  test('budget: from error ratios where a run has no count of what users got', () => {
    const windows = [0.5, 0.25].map((errorRatio, bucket) => {
      const state = 'degraded' as const;
      return { service: 0, bucket, state, figures: { ...figures, errorRatio } };
    });
    const a = made('ratios-a', { windows });
    const b = made('ratios-b', { objectives: [], sli: [[0, 0, 10, 10]] });
    expect(diffOf(a, b).budget).toEqual({
      source: 'health',
      objectives: [
        {
          ...{ name: 'answers without error', service: 'web', endpoint: null, minutes: null },
          ...{ a: 7.5 / 60, b: null, saved: null },
        },
      ],
    });
  });

  test('runs part between the last hash that they share and the first that they do not', () => {
    const keyframes = (digests: readonly string[]) =>
      digests.map((digest, i) => [(i + 1) * ten, digest] as const);
    const a = made('parting-a', {
      keyframes: keyframes(['1', '2', '3', '4']),
      worlds: [[35_000_000, 'w']],
    });
    const b = made('parting-b', { keyframes: keyframes(['1', '2', '3', 'x', 'y']) });
    const c = made('parting-c', {
      keyframes: keyframes(['1', '2', '3', 'x']),
      worlds: [
        [35_000_000, 'w'],
        [38_000_000, 'v'],
      ],
    });
    expect(diffOf(a, b).parting).toEqual({ sameUntil: 3 * ten, differBy: 4 * ten });
    expect(diffOf(a, c).parting).toEqual({ sameUntil: 35_000_000, differBy: 4 * ten });
    const other = made('parting-d', { detectors: ['other'], worlds: [[35_000_000, 'z']] });
    expect(diffOf(a, other).parting).toEqual({ sameUntil: 0, differBy: 35_000_000 });
  });

  test('a decision that comes to nothing makes no run another one', () => {
    const decided = (name: string, world: string): string => {
      const file = made(name, {
        keyframes: [
          [2 * ten, '1'],
          [4 * ten, name],
        ],
        worlds: [
          [3 * ten, 'v'],
          [5 * ten, world],
        ],
      });
      const db = new Database(file);
      db.exec(`INSERT INTO input VALUES (100000000, 25000000, '${name}:web', '{}')`);
      db.close();
      return file;
    };
    const [a, b] = [decided('decided-a', 'w'), decided('decided-b', 'w')];
    expect(diffOf(a, b).parting).toEqual({ sameUntil: 5 * ten, differBy: null });
    const c = decided('decided-c', 'x');
    expect(diffOf(a, c).parting).toEqual({ sameUntil: 3 * ten, differBy: 5 * ten });
  });

  test('runs of different scenarios are refused, unless asked for', () => {
    const a = made('one', {});
    const b = made('two', { scenario: 'another' });
    expect(() => diffOf(a, b)).toThrow(expect.objectContaining({ code: 'RUNS_DIFFER' }));
    const forced = diffOf(a, b, { force: true });
    expect([forced.a.scenario, forced.b.scenario]).toEqual(['test', 'another']);
  });

  test('a run of the first version of the tables is compared as far as it tells', () => {
    const old = made('old', { version: 1 });
    expect(diffOf(old, made('new', {})).budget.source).toBe('health');
  });
});
