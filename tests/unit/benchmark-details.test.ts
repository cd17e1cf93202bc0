/** What lies behind a board: what each mistake costs, and a results file that keeps it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { outageMistakes } from '../../engine/benchmark/board/outage-mistakes.ts';
import {
  outageScore,
  playedOutage,
  type PlayedOutage,
} from '../../engine/benchmark/board/outage-figures.ts';
import { seriesDetails } from '../../engine/benchmark/board/series-details.ts';
import { labelled, seriesFigures } from '../../engine/benchmark/board/series-figures.ts';
import { isRandomEntry, makeBoard, ResultsFile } from '../../engine/benchmark/index.ts';
import { randomFunction } from '../../engine/replay/random.ts';

const cost = { recordsFed: 1, busyNs: 1, stateBytes: 0, failures: [] };
const minuteUs = 60_000_000;

/** An hour with an incident from minute 20 to 30, and alarms at these minutes. */
function outage(item: string, alarms: readonly number[], seed = 1): PlayedOutage {
  const incidents = [{ startUs: 20 * minuteUs, endUs: 30 * minuteUs, observableUs: null }];
  const truth = { durationUs: 60 * minuteUs, incidents, firstUserImpactUs: 20 * minuteUs };
  const opened = alarms.map((minute) => ({
    t: minute * minuteUs,
    title: `at ${minute}`,
    severity: 'high',
  }));
  const findings = { timesUs: new Float64Array(), scores: new Float64Array() };
  return playedOutage(
    { item, seed, records: 1, truth },
    { kind: 'outage', opened, findingCount: 0, findings, cost },
  );
}

describe('mistakes in outages', () => {
  test('are told from the worst to the least, with what was said and when', () => {
    const mistakes = outageMistakes([
      outage('missed', [5]),
      outage('late', [28]),
      outage('good', [21]),
    ]);
    expect(mistakes.map(({ item, kind, title }) => [item, kind, title])).toEqual([
      ['missed', 'miss', 'nothing was opened'],
      ['missed', 'false-alarm', 'at 5'],
      ['late', 'late', 'at 28'],
    ]);
    expect(mistakes[2]).toMatchObject({ tUs: 20 * minuteUs, untilUs: 28 * minuteUs, cost: 0 });
  });

  test('the cost of a lone mistake is what the mean over items loses by it', () => {
    const minutes = fc.constantFrom([5], [21], [], [21, 40]);
    fc.assert(
      fc.property(fc.array(minutes, { minLength: 1, maxLength: 5 }), (all) => {
        const played = all.map((alarms, i) => outage(`item-${i}`, alarms));
        const lost = played.map((one) => 1 - outageScore(one));
        const mistakes = outageMistakes(played);
        played.forEach(({ play }, i) => {
          const own = mistakes.filter(({ item }) => item === play.item);
          if (own.length !== 1) return;
          expect(own[0]?.cost).toBeCloseTo((lost[i] ?? NaN) / played.length, 12);
        });
      }),
    );
  });
});

describe('mistakes in series', () => {
  const rows = 200;
  const windows = [
    { first: 60, last: 79 },
    { first: 140, last: 159 },
  ];
  const timesUs = Float64Array.from({ length: rows }, (_, row) => row * minuteUs);
  const series = labelled('made', { rows, windows, buffer: 5 }, timesUs);

  function playedWith(alarms: readonly number[]) {
    const scores = new Float64Array(rows);
    for (const row of alarms) scores[row] = 1;
    const outcome = { kind: 'series' as const, scores, alertScores: scores, cost };
    return [{ seed: 1, series, outcome }];
  }

  test('together cost what is missing to 100 points of NAB', () => {
    // Each window is missed, caught in its first row, or late; other losses are not told.
    const inWindow = ({ first }: { first: number }) => fc.constantFrom([], [first], [first + 15]);
    const outside = fc.subarray([35, 36, 50, 90, 100, 101, 130, 165, 199]);
    fc.assert(
      fc.property(inWindow({ first: 60 }), inWindow({ first: 140 }), outside, (a, b, others) => {
        const played = playedWith([...a, ...b, ...others]);
        const { mistakes, threshold, delays } = seriesDetails(played);
        const figure = seriesFigures(played, (name) => randomFunction(1, name));
        const score = figure['nab_optimised_onset']?.value ?? NaN;
        const costs = mistakes.reduce((sum, { cost: own }) => sum + own, 0);
        expect(costs).toBeCloseTo(100 - score, 9);
        const missed = mistakes.filter(({ kind }) => kind === 'miss').length;
        expect(missed).toBe(delays.onset?.missed);
        // Where alarming at all is worse than silence the best threshold is silence.
        if (threshold === null) expect(missed).toBe(2);
      }),
    );
  });

  test('rows that alarm side by side are one, told with their rows and the score', () => {
    const { mistakes } = seriesDetails(playedWith([60, 140, 100, 101, 102]));
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toMatchObject({
      kind: 'false-alarm',
      rows: { first: 100, last: 102 },
      tUs: 100 * minuteUs,
      untilUs: 102 * minuteUs,
      score: 1,
    });
  });
});

describe('a results file', () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'workbench-results-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const heading = { suite: 'made', engineVersion: '1.0.0', createdUnixMs: 0 };
  const about = { category: 'latency', labels: null, series: null };
  const items = ['a', 'b'].map((id) => ({
    ...about,
    ...{ id, kind: 'outage' as const, hash: id, title: id, source: `${id}/scenario.yaml` },
  }));
  const entries = [{ name: 'zscore', role: 'asked', hash: 'z', detectors: 'zscore' }];
  const cell = (item: string, key: string, alarms: readonly number[]) => {
    const { play, outcome } = outage(item, alarms);
    return [play, [{ key, item, seed: 1, entry: 'zscore', outcome }]] as const;
  };

  test('knows what was asked for, what is missing, and whether its board is of what it holds', () => {
    const results = ResultsFile.resume(join(folder, 'kept.db'), heading);
    expect([results.plan(), results.board()]).toEqual([null, null]);
    results.setUp({ items, entries, seeds: [1], notes: ['made for a test'] });
    const plan = results.plan();
    if (plan === null) throw new Error('there is a plan by now');
    expect(results.missingCells(plan)).toBe(2);
    results.add(...cell('a', 'first', [21]));
    results.add(...cell('b', 'second', []));
    expect(results.missingCells(plan)).toBe(0);

    const made = makeBoard(results, { ...plan, isRandom: isRandomEntry });
    results.keepBoard(made);
    expect(results.board()).toEqual({ ...made, isCurrent: true });
    expect(made.board.notes).toContain('made for a test');
    expect(made.board.items[0]).toMatchObject({
      source: 'a/scenario.yaml',
      category: 'latency',
      durationUs: 60 * minuteUs,
    });
    expect(made.details.entries[0]?.mistakes.map(({ item }) => item)).toEqual(['b']);
    expect(made.details.entries[0]?.delays.onset).toEqual({ caughtS: [60], missed: 1 });

    // The code of the detector changed: another key in the same place.
    results.add(...cell('b', 'third', [22]));
    expect(results.board()?.isCurrent).toBe(false);
    results.close();
  });

  test('of an earlier version is refused, with what to do', () => {
    const file = join(folder, 'old.db');
    ResultsFile.resume(file, heading).close();
    const db = new Database(file);
    db.pragma('user_version = 1');
    db.close();
    expect(() => ResultsFile.read(file)).toThrow(
      /another version of workbench made it: play it anew/,
    );
  });
});
