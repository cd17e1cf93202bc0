/** What outcomes say, on made-up ones: objectives, lost minutes, and what chance may do. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outcomeDifference } from '../../engine/audit/compare.ts';
import type { RequestCounts } from '../../engine/audit/index.ts';
import type { Outcome } from '../../engine/simulator/index.ts';
import { breakOf, lostMinutes } from '../../engine/audit/outcome.ts';
import { normalQuantile, randomFunction } from '../../engine/replay/random.ts';

const windowUs = 10_000_000;
const minuteUs = 60_000_000;
/** 300 requests a window over half an hour. */
const windows = 180;

function counts(bad: (window: number) => number, total = 300): RequestCounts {
  return {
    total: new Float64Array(windows).fill(total),
    bad: Float64Array.from({ length: windows }, (_, w) => bad(w)),
  };
}

const outcome = (...objectives: readonly RequestCounts[]): Outcome => ({
  windowUs,
  objectives,
  services: [],
});

const objective = { target: 0.99, windowUs: 30 * minuteUs };

describe('an objective', () => {
  test('is broken where its budget is spent over its window', () => {
    expect(
      breakOf(
        objective,
        counts(() => 2.9),
        windowUs,
      ),
    ).toBeNull();
    expect(
      breakOf(
        objective,
        counts(() => 3.1),
        windowUs,
      ),
    ).toMatchObject({ how: 'budget', from: 0 });
  });

  test('is broken where one minute goes ten times too fast, though the budget would last', () => {
    const minute = (share: number) => counts((w) => (w >= 60 && w < 66 ? share * 300 : 0));
    expect(breakOf(objective, minute(0.099), windowUs)).toBeNull();
    expect(breakOf(objective, minute(0.101), windowUs)).toMatchObject({
      how: 'burn',
      from: 60 * windowUs,
    });
  });

  test('is not broken by a few bad requests where there are few at all', () => {
    expect(
      breakOf(
        objective,
        counts((w) => (w === 9 ? 4 : 0), 2),
        windowUs,
      ),
    ).toBeNull();
    expect(
      breakOf(
        objective,
        counts((w) => (w === 9 ? 5 : 0), 2),
        windowUs,
      ),
    ).not.toBeNull();
  });

  test('has the window of the whole run where that is shorter', () => {
    const month = { ...objective, windowUs: 30 * 24 * 60 * minuteUs };
    expect(
      breakOf(
        month,
        counts(() => 3.1),
        windowUs,
      ),
    ).toMatchObject({ how: 'budget', badShare: expect.closeTo(3.1 / 300) as number });
  });

  test('that allows nothing is broken by anything but chance', () => {
    const all = { ...objective, target: 1 };
    expect(
      breakOf(
        all,
        counts(() => 0),
        windowUs,
      ),
    ).toBeNull();
    expect(
      breakOf(
        all,
        counts((w) => (w < 5 ? 1 : 0)),
        windowUs,
      ),
    ).not.toBeNull();
  });

  test('is never less broken for more bad requests', () => {
    const run = fc.array(fc.integer({ min: 0, max: 300 }), {
      minLength: windows,
      maxLength: windows,
    });
    fc.assert(
      fc.property(run, fc.nat({ max: windows - 1 }), (bad, at) => {
        const before = breakOf(
          objective,
          counts((w) => (bad[w] ?? 0) / 8),
          windowUs,
        );
        const after = breakOf(
          objective,
          counts((w) => (w === at ? 300 : (bad[w] ?? 0) / 8)),
          windowUs,
        );
        return before === null || after !== null;
      }),
      { numRuns: 50 },
    );
  });
});

test('lost minutes are those in which nobody got anything, put together', () => {
  const half = outcome(
    counts((w) => (w < 60 ? 150 : 0)),
    counts((w) => (w < 6 ? 300 : 0)),
  );
  expect(lostMinutes(half, { of: [0] })).toBeCloseTo(5);
  expect(lostMinutes(half, { of: [1] })).toBeCloseTo(1);
  expect(lostMinutes(half, { of: [0, 1] })).toBeCloseTo(6);
  expect(lostMinutes(half, { of: [0], since: 5 * minuteUs })).toBeCloseTo(2.5);
  expect(lostMinutes(outcome(counts(() => 0, 0)), { of: [0] })).toBe(0);
});

describe('two runs', () => {
  /** Poisson counts, near enough, and a latency that wobbles. */
  function course(
    seed: number,
    change: (w: number) => { bad?: number; latency?: number } = () => ({}),
  ): Outcome {
    const random = randomFunction(seed, 'course');
    const drawn = (mean: number) =>
      Math.max(0, Math.round(mean + Math.sqrt(mean) * normalQuantile(0.0001 + 0.9998 * random())));
    const made = Array.from({ length: windows }, (_, w) => ({
      total: drawn(300),
      bad: drawn(change(w).bad ?? 1),
      latency: (change(w).latency ?? 40_000) * (0.95 + 0.1 * random()),
    }));
    const column = (key: 'total' | 'bad' | 'latency') => Float64Array.from(made, (one) => one[key]);
    const service = { total: column('total'), bad: column('bad'), latencyUs: column('latency') };
    return { windowUs, objectives: [service], services: [service] };
  }
  const names = { services: ['web'], objectives: ['orders'] };
  const all = { from: 0, to: 30 * minuteUs };
  const difference = (withFault: Outcome, withoutFault: Outcome, window = all) =>
    outcomeDifference({ withFault, withoutFault }, window, names);

  test('that differ by chance do not differ', () => {
    const found = Array.from({ length: 50 }, (_, i) => difference(course(i), course(i + 1000)));
    expect(found.filter((one) => one !== null).length).toBeLessThan(5);
  });

  test('differ by failures in one minute, and there', () => {
    const failing = course(1, (w) => (w >= 90 && w < 96 ? { bad: 10 } : {}));
    expect(difference(failing, course(2))).toMatchObject({ at: 15 * minuteUs });
    expect(difference(failing, course(2))?.what).toContain('failures of');
    expect(difference(failing, course(2), { from: 0, to: 14 * minuteUs })).toBeNull();
  });

  test('differ by latency, where enough requests stand behind it', () => {
    const slow = course(1, (w) => (w >= 90 ? { latency: 60_000 } : {}));
    expect(difference(slow, course(2))).toMatchObject({ what: 'mean time of web' });
    const few = ({ services, ...rest }: Outcome): Outcome => ({
      ...rest,
      objectives: [],
      services: services.map((one) => ({
        ...one,
        total: one.total.map(() => 3),
        bad: one.bad.fill(0),
      })),
    });
    expect(difference(few(slow), few(course(2)))).toBeNull();
  });
});
