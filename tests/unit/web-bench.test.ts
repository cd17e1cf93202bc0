import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Board, EntryDetails } from '../../engine/benchmark/index.ts';
import { formatBoardAddress, parseBoardAddress } from '../../web/lib/bench/address.ts';
import { badgesOf, rankText } from '../../web/lib/bench/badges.ts';
import {
  delayCurve,
  delaySpan,
  precisionCurve,
  reliabilityCurve,
} from '../../web/lib/bench/curves.ts';
import { figureWords, numberText } from '../../web/lib/bench/figure.ts';
import { heatMap, heatStep, heatSteps, heatText } from '../../web/lib/bench/heat.ts';
import { extentOf, intervalBar } from '../../web/lib/bench/interval.ts';
import { orderedRows, turned } from '../../web/lib/bench/order.ts';
import { benchCommand } from '../../web/lib/bench/paths.ts';
import {
  alongX,
  linePath,
  roundTicks,
  spreadLabels,
  stepPath,
  timeTicks,
} from '../../web/lib/bench/plot.ts';
import { bandPath, valueSpan } from '../../web/lib/bench/series.ts';
import { boardOf } from '../support/board.ts';

const curve = { basis: 'incidents', points: [], area: null } as const;
const details: EntryDetails = {
  entry: 'mine',
  curves: { held: curve, onset: curve },
  delays: { observable: { caughtS: [40, -5, 10], missed: 1 }, onset: null },
  calibration: null,
  threshold: null,
  costColumn: 'f1',
  mistakes: [],
  mistakeCount: 0,
};
const span = fc.record({
  from: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  length: fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
});

describe('axes', () => {
  test('marks lie within their span, a few of them, ascending', () => {
    fc.assert(
      fc.property(span, fc.integer({ min: 1, max: 10 }), ({ from, length }, count) => {
        for (const ticks of [roundTicks, timeTicks]) {
          const marks = ticks({ from, to: from + length }, count);
          expect(marks.length).toBeLessThanOrEqual(count + 1);
          marks.forEach((mark, i) => {
            expect(mark).toBeGreaterThanOrEqual(from - 1e-6 * length - 1e-9 * Math.abs(from));
            expect(mark).toBeLessThanOrEqual(from + length + 1e-6 * length + 1e-9 * Math.abs(from));
            if (i > 0) expect(mark).toBeGreaterThan(marks[i - 1] ?? Infinity);
          });
        }
      }),
    );
    expect(roundTicks({ from: 0, to: 1 }, 4)).toEqual([0, 0.5, 1]);
    expect(timeTicks({ from: 0, to: 650 }, 5)).toEqual([0, 300, 600]);
    expect(roundTicks({ from: 0, to: NaN }, 4)).toEqual([]);
    expect(roundTicks({ from: 0, to: Infinity }, 4)).toEqual([]);
  });

  test('a value keeps its order and stays in the frame', () => {
    const frame = { width: 300, height: 100, left: 40, right: 60, top: 5, bottom: 5 };
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b) => {
        const toX = alongX(frame, { from: 0, to: 10 });
        expect(toX(a)).toBeGreaterThanOrEqual(40);
        expect(toX(a)).toBeLessThanOrEqual(240);
        expect(Math.sign(toX(a) - toX(b)) * Math.sign(a - b)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('labels keep their distance and their order, and stay where there is room', () => {
    const room = { from: 0, to: 200, gap: 20 };
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -50, max: 250, noNaN: true }), { maxLength: 9 }),
        (at) => {
          const placed = spreadLabels(at, room).toSorted((a, b) => a - b);
          placed.forEach((y, i) => {
            expect(y).toBeGreaterThanOrEqual(-1e-9);
            expect(y).toBeLessThanOrEqual(200);
            if (i > 0) expect(y - (placed[i - 1] ?? 0)).toBeGreaterThanOrEqual(20 - 1e-9);
          });
        },
      ),
    );
    expect(spreadLabels([50, 150], room)).toEqual([50, 150]);
  });
});

describe('lines', () => {
  test('break where nothing is, and step without a slope', () => {
    expect(
      linePath([
        { x: 0, y: 1 },
        { x: 1, y: NaN },
        { x: 2, y: 3 },
      ]),
    ).toBe('M0,1M2,3');
    expect(
      stepPath([
        { x: 0, y: 5 },
        { x: 4, y: 9 },
      ]),
    ).toBe('M0,5L4,5L4,9');
    expect(linePath([])).toBe('');
  });

  test('what was missed is never caught: the line ends below one', () => {
    const found = delayCurve(details, 'observable');
    expect(found?.points).toEqual([
      { x: -5, y: 0.25 },
      { x: 10, y: 0.5 },
      { x: 40, y: 0.75 },
    ]);
    expect(found?.figure).toBe('missed 1 of 4');
    expect(delayCurve(details, 'onset')).toBeNull();
    expect(delaySpan(found ? [found] : []).from).toBe(-5);
  });

  test('the mark of a curve is its chosen threshold on onsets, else its best F1', () => {
    const point = (threshold: number, f1: number | null, precision: number | null) => ({
      ...{ threshold, f1, precision, recall: f1, falseAlarmsPerHour: null },
    });
    const points = [point(0.9, 0.2, 0.9), point(0.5, 0.7, 0.8), point(0.1, null, null)];
    const own = { basis: 'rows', points, area: 0.5 } as const;
    const curved = { ...details, threshold: 0.9, curves: { held: own, onset: own } };
    expect(precisionCurve(curved, 'onset').mark).toEqual({ x: 0.2, y: 0.9 });
    expect(precisionCurve(curved, 'held').mark).toEqual({ x: 0.7, y: 0.8 });
    expect(precisionCurve(curved, 'held').points).toHaveLength(2);
  });

  test('empty bins are no points', () => {
    const bin = { from: 0, to: 1, rows: 3, meanScore: 0.5, abnormalShare: 0.2 };
    const bins = [bin, { ...bin, rows: 0, meanScore: null, abnormalShare: null }];
    const scored = { rows: 3, brier: 0.1, brierOfPrevalence: 0.1, expectedError: 0.1, bins };
    const found = reliabilityCurve({ ...details, calibration: { ...scored, basis: 'rows' } });
    expect(found?.points).toEqual([{ x: 0.5, y: 0.2 }]);
    expect(found?.weights).toEqual([3]);
  });

  test('a series keeps its peaks, and one that never moves has a span', () => {
    const stretch = { row: 0, t: 0, low: -1, high: 9, score: 0, alertScore: 0 };
    const still = { ...stretch, low: 4, high: 4 };
    const { from, to } = valueSpan([stretch, still]);
    expect(from).toBeLessThan(-1);
    expect(to).toBeGreaterThan(9);
    expect(valueSpan([still]).to).toBeGreaterThan(valueSpan([still]).from);
    expect(valueSpan([])).toEqual({ from: 0, to: 1 });
    const same = (value: number) => value;
    expect(bandPath([stretch, { ...stretch, row: 1, low: 2, high: 3 }], same, same)).toBe(
      'M0,9L1,3L1,2L0,-1Z',
    );
  });
});

describe('the board', () => {
  const board: Board = boardOf({
    bad: [0, null, 0.2],
    good: [1, null, 0.9],
    dice: [0.1, null, 0.3],
  });
  const baseline = board.rows.map((row) =>
    row.entry === 'dice' ? { ...row, role: 'baseline' } : row,
  );
  const mixed = { ...board, rows: baseline };

  test('the hardest item comes first, judged by those asked for; one without a score last', () => {
    const map = heatMap(mixed);
    expect(map.rows.map(({ item }) => item)).toEqual(['item-0', 'item-2', 'item-1']);
    expect(map.rows[0]?.mean).toBe(0.5);
    expect(map.rows[2]?.mean).toBeNull();
  });

  test('a shade grows with its score, and the figure stands beside it', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b) => {
        const [low, high] = [heatStep(Math.min(a, b)) ?? -1, heatStep(Math.max(a, b)) ?? -1];
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThan(heatSteps);
        expect(low).toBeLessThanOrEqual(high);
      }),
    );
    expect([null, 0, 0.004, 0.5, 0.994, 1].map(heatText)).toEqual([
      '–',
      '0',
      '0',
      '.50',
      '.99',
      '1',
    ]);
  });

  test('sorts the best first in the sense of the column, those without a figure last', () => {
    const none = { ...mixed.rows[0]!, entry: 'none', figures: { f1: null, delay: null } };
    const odd = { ...none, entry: 'odd', figures: { f1: { value: NaN, interval: null } } };
    const all = { ...mixed, rows: [none, odd, ...mixed.rows] };
    const names = (by: string, reversed = false) =>
      orderedRows(all, { by, reversed }).map(({ entry }) => entry);
    expect(names('f1')).toEqual(['good', 'dice', 'bad', 'none', 'odd']);
    expect(names('delay')).toEqual(['good', 'dice', 'bad', 'none', 'odd']);
    expect(names('f1', true)).toEqual(['bad', 'dice', 'good', 'none', 'odd']);
    expect(turned(turned({ by: 'rank', reversed: false }, 'f1'), 'f1')).toEqual({
      by: 'f1',
      reversed: true,
    });
  });

  test('an interval lies within its bar, and around its figure', () => {
    const value = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, value), { minLength: 1 }), (all) => {
        const rows = all.map((three) => {
          const [low = 0, mid = 0, high = 0] = three.toSorted((a, b) => a - b);
          return { figures: { f1: { value: mid, interval: { low, high } } } };
        });
        const extent = extentOf(rows, 'f1');
        if (!extent) return;
        for (const { figures } of rows) {
          const bar = intervalBar(figures.f1, extent)!;
          expect(bar.from).toBeGreaterThanOrEqual(0);
          expect(bar.from).toBeLessThanOrEqual(bar.at + 1e-9);
          expect(bar.at).toBeLessThanOrEqual(bar.to + 1e-9);
          expect(bar.to).toBeLessThanOrEqual(100);
        }
      }),
    );
    expect(extentOf([], 'f1')).toBeNull();
  });

  test('figures that are none are a dash', () => {
    for (const value of [null, undefined, NaN, Infinity]) expect(numberText(value, 's')).toBe('–');
    expect(numberText(0.5, 'share')).toBe('0.500');
    expect(figureWords({ value: 2, interval: { low: 1, high: 3 } }, '/h')).toBe(
      '2.00/h, interval 1.00/h to 3.00/h',
    );
  });

  test('who is no better than dice is told so, dice are not', () => {
    const alike = { difference: 0, p: 1, verdict: 'alike' } as const;
    const row = { ...mixed.rows[0]!, againstRandom: alike, tiesWith: ['good'], rank: 2 };
    expect(badgesOf(row).map(({ word }) => word)).toEqual(['not distinguishable from random']);
    expect(badgesOf({ ...row, role: 'baseline' })).toEqual([]);
    expect(badgesOf({ ...row, failures: ['it threw'] })[0]?.word).toBe('Failed');
    expect(rankText(row)).toBe('2=');
  });

  test('its address reads back what was written', () => {
    const name = fc.string({ minLength: 1, maxLength: 12 });
    const address = fc.record({
      picks: fc.option(fc.array(name, { maxLength: 5 })),
      order: fc.record({ by: name, reversed: fc.boolean() }),
      cell: fc.option(fc.record({ item: name, entry: name })),
      output: fc.constantFrom('held' as const, 'onset' as const),
      origin: fc.constantFrom('observable' as const, 'onset' as const),
      against: fc.option(name),
    });
    fc.assert(
      fc.property(address, (one) => {
        expect(parseBoardAddress(formatBoardAddress(one))).toEqual(one);
      }),
    );
    expect(formatBoardAddress(parseBoardAddress(''))).toBe('');
  });

  test('a suite that is a folder of a strange name is one word of the command', () => {
    expect(benchCommand('quick')).toBe('npx workbench bench --suite quick');
    expect(benchCommand("/a b'; rm -rf")).toBe(`npx workbench bench --suite '/a b'\\''; rm -rf'`);
  });
});
