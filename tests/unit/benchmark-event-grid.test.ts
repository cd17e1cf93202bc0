/** Outages at all thresholds: the curve, the area under it, and thresholds that come from elsewhere. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { areaUnderEventCurve } from '../../engine/benchmark/scores/event-area.ts';
import { eventCurve, type ScoredStream } from '../../engine/benchmark/scores/event-curve.ts';
import { eventGrid, gridCurve, heldOutF1 } from '../../engine/benchmark/scores/event-grid.ts';

const options = { cooldownUs: 2, pointsMax: 100 };

/** One finding a row; an incident from row 4 to row 7. */
function stream(scores: readonly number[], hasIncident = true): ScoredStream {
  return {
    timesUs: Float64Array.from(scores, (_, row) => row * 3),
    scores: Float64Array.from(scores),
    incidents: hasIncident ? [{ startUs: 12, endUs: 21, observableUs: null }] : [],
    fromUs: 0,
    watchedUs: 3 * scores.length,
  };
}

const anyStream = fc
  .tuple(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 8, maxLength: 12 }), fc.boolean())
  .map(([tenths, hasIncident]) =>
    stream(
      tenths.map((tenth) => tenth / 10),
      hasIncident,
    ),
  );
const anyGroups = fc.array(fc.array(anyStream, { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 5,
});

describe('counts by threshold and group', () => {
  test('add up to the curve of all streams, however they are grouped', () => {
    fc.assert(
      fc.property(anyGroups, (groups) => {
        const whole = eventCurve(groups.flat(), options).map(
          ({ medianDelayUs: _delay, ...point }) => point,
        );
        const parts = gridCurve(eventGrid(groups, options));
        expect(parts).toHaveLength(whole.length);
        parts.forEach((point, i) => {
          for (const [name, value] of Object.entries(point)) {
            const other = Object.entries(whole[i] ?? {}).find(([own]) => own === name)?.[1];
            if (value === null) expect(other).toBe(null);
            else expect(Math.abs(value / (other ?? NaN) - 1 || 0)).toBeLessThan(1e-12);
          }
        });
      }),
    );
  });

  test('the threshold of all groups on all groups is the best of the curve, and silence where none is above 0', () => {
    fc.assert(
      fc.property(anyGroups, (groups) => {
        const grid = eventGrid(groups, options);
        const all = groups.map((_, i) => i);
        const best = Math.max(0, ...gridCurve(grid).map(({ f1 }) => f1 ?? 0));
        expect(heldOutF1(grid, { fit: all, hold: all })?.fit ?? 0).toBeCloseTo(best, 12);
      }),
    );
  });

  test('a threshold that comes from one half is not the best of the other', () => {
    // In the first outage 0.4 finds it; in the second 0.4 is a false alarm, and 0.8 finds it.
    const first = stream([0, 0, 0, 0, 0.4, 0, 0, 0, 0, 0]);
    const second = stream([0.4, 0, 0, 0, 0.8, 0, 0, 0, 0, 0]);
    const grid = eventGrid([[first], [second]], options);
    expect(heldOutF1(grid, { fit: [0], hold: [1] })).toEqual({ fit: 1, hold: 2 / 3 });
    expect(heldOutF1(grid, { fit: [1], hold: [0] })).toEqual({ fit: 1, hold: 0 });
  });
});

describe('the area under precision over recall by incident', () => {
  const areaOf = (...groups: readonly ScoredStream[]): number =>
    areaUnderEventCurve(gridCurve(eventGrid([groups], options)));

  test('is 1 where some threshold catches all and nothing else', () => {
    expect(areaOf(stream([0.3, 0, 0, 0, 0.9, 0.9, 0, 0]))).toBe(1);
  });

  test('is 0 where nothing is ever caught, and recall that is never reached gives nothing', () => {
    expect(areaOf(stream([0.9, 0, 0, 0, 0, 0, 0, 0]))).toBe(0);
    expect(areaOf(stream([0, 0, 0, 0, 0.9, 0, 0, 0]), stream([0, 0, 0, 0, 0, 0, 0, 0]))).toBe(0.5);
  });

  test('lies in [0, 1] and never falls below that of a better threshold', () => {
    fc.assert(
      fc.property(anyGroups, (groups) => {
        const curve = gridCurve(eventGrid(groups, options));
        const area = areaUnderEventCurve(curve);
        expect(area).toBeLessThanOrEqual(1 + 1e-12);
        for (const { precision, recall } of curve) {
          expect(area).toBeGreaterThanOrEqual((precision ?? 0) * (recall ?? 0) - 1e-12);
        }
      }),
    );
  });
});
