/** Scores by incident, by hand and against a search of all ways to match. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  alertOnsets,
  bestEventPoint,
  eventCurve,
  matchAlerts,
  summariseEvents,
  type TrueIncident,
} from '../../engine/benchmark/index.ts';
import { tries } from '../support/effort.ts';

const minute = 60_000_000;
const hour = 60 * minute;
const incident = (start: number, end: number, observable: number | null = null): TrueIncident => ({
  startUs: start * minute,
  endUs: end * minute,
  observableUs: observable === null ? null : observable * minute,
});
const at = (...minutes: number[]) => minutes.map((m) => m * minute);
const stream = (incidents: readonly TrueIncident[], alertsUs: readonly number[]) => ({
  incidents,
  alertsUs,
  watchedUs: 2 * hour,
});

test('one alert is a hit, more in the same incident are duplicates, others are false', () => {
  const outcome = matchAlerts(
    stream([incident(10, 30, 12), incident(60, 90)], at(5, 31, 14, 20, 25)),
  );
  expect(outcome).toMatchObject({
    incidents: [{ caughtUs: 14 * minute }, { caughtUs: null }],
    duplicatesUs: at(20, 25),
    falseAlarmsUs: at(5, 31),
  });
  expect(summariseEvents([outcome])).toMatchObject({
    incidents: 2,
    caught: 1,
    falseAlarms: 2,
    duplicates: 2,
    precision: 1 / 3,
    recall: 1 / 2,
    f1: 2 / 5,
    falseAlarmsPerHour: 1,
    medianShare: 0.2,
  });
});

test('the ends of an incident count, and slack is on request', () => {
  const given = stream([incident(10, 30)], at(9, 10, 30, 32));
  expect(matchAlerts(given).falseAlarmsUs).toEqual(at(9, 32));
  const slack = { earlyUs: minute, lateUs: minute };
  expect(matchAlerts(given, slack)).toMatchObject({
    incidents: [{ caughtUs: 9 * minute }],
    falseAlarmsUs: at(32),
  });
});

describe('time to detect', () => {
  const outcome = matchAlerts(
    stream(
      [incident(0, 20, 2), incident(30, 50, 40), incident(60, 70, 61), incident(80, 110, null)],
      at(3, 34, 90),
    ),
  );
  const { fromStart, fromObservable, caughtUnseen } = summariseEvents([outcome]);

  test('is from the start, and from when there was something to see', () => {
    expect(fromStart.caughtUs).toEqual(at(3, 4, 10));
    expect(fromStart).toMatchObject({ medianUs: 4 * minute, p90Us: 10 * minute });
    expect(fromObservable.caughtUs).toEqual(at(-6, 1));
    expect(caughtUnseen).toBe(1);
  });

  test('is a lower bound where misses are among the quickest', () => {
    expect(fromStart.withMisses).toEqual({
      median: { us: 4 * minute, isAtLeast: false },
      p90: { us: 10 * minute, isAtLeast: true },
    });
  });

  test('is unknown without incidents, and no 0', () => {
    const none = summariseEvents([matchAlerts(stream([], []))]);
    expect(none).toMatchObject({
      precision: null,
      recall: null,
      f1: null,
      falseAlarmsPerHour: 0,
      medianShare: null,
      fromStart: { caughtUs: [], medianUs: null, withMisses: { median: null, p90: null } },
    });
    expect(summariseEvents([]).falseAlarmsPerHour).toBeNull();
  });
});

test('a silent detector has recall 0, F1 0 and no precision', () => {
  const silent = summariseEvents([matchAlerts(stream([incident(1, 2)], []))]);
  expect(silent).toMatchObject({ precision: null, recall: 0, f1: 0, falseAlarms: 0 });
});

test('alerts are onsets: merged within the cooldown, none in the warm-up, one at the threshold', () => {
  const timesUs = Float64Array.from(at(0, 1, 2, 3, 5, 6, 9));
  const scores = Float64Array.of(1, 0, 0.5, 0.9, 0.7, 0.4, 0.5);
  const rule = { threshold: 0.5, cooldownUs: 2 * minute, fromUs: 0 };
  expect(alertOnsets({ timesUs, scores }, rule)).toEqual(at(0, 9));
  expect(alertOnsets({ timesUs, scores }, { ...rule, cooldownUs: minute })).toEqual(at(0, 2, 5, 9));
  expect(alertOnsets({ timesUs, scores }, { ...rule, fromUs: minute })).toEqual(at(2, 9));
  expect(alertOnsets({ timesUs, scores: scores.map(() => NaN) }, rule)).toEqual([]);
});

describe('over thresholds', () => {
  const scored = {
    timesUs: Float64Array.from(at(0, 10, 20, 30)),
    scores: Float64Array.of(0.9, 0.8, 0, 0.2),
    incidents: [incident(10, 15), incident(30, 40)],
    fromUs: 0,
    watchedUs: hour,
  };

  test('recall rises and false alarms come', () => {
    const curve = eventCurve([scored], { cooldownUs: 0, pointsMax: 100 });
    expect(curve.map(({ threshold, recall, precision }) => [threshold, recall, precision])).toEqual(
      [
        [0.9, 0, 0],
        [0.8, 0.5, 0.5],
        [0.2, 1, 2 / 3],
      ],
    );
    expect(bestEventPoint(curve)).toMatchObject({ threshold: 0.2, f1: 0.8, medianDelayUs: 0 });
    expect(eventCurve([scored], { cooldownUs: 0, pointsMax: 2 }).map((p) => p.threshold)).toEqual([
      0.9, 0.2,
    ]);
  });

  test('scores of 0 never alert; without incidents nothing is best', () => {
    const quiet = { ...scored, scores: new Float64Array(4) };
    expect(eventCurve([quiet], { cooldownUs: 0, pointsMax: 100 })).toEqual([]);
    const calm = eventCurve([{ ...scored, incidents: [] }], { cooldownUs: 0, pointsMax: 100 });
    expect(calm).toHaveLength(3);
    expect(bestEventPoint(calm)).toBeNull();
  });

  test('each point is what matching at its threshold gives', () => {
    const drawn = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 1, maxLength: 3 }), (all) => {
        const streams = all.map((levels) => ({
          ...scored,
          scores: Float64Array.from(levels, (level) => level / 4),
        }));
        for (const point of eventCurve(streams, { cooldownUs: 10 * minute, pointsMax: 9 })) {
          const rule = { threshold: point.threshold, cooldownUs: 10 * minute, fromUs: 0 };
          const outcomes = streams.map((one) =>
            matchAlerts({ ...one, alertsUs: alertOnsets(one, rule) }),
          );
          const { precision, recall, f1, falseAlarmsPerHour } = summariseEvents(outcomes);
          expect(point).toMatchObject({ precision, recall, f1, falseAlarmsPerHour });
        }
      }),
      { numRuns: tries(50) },
    );
  });
});

/** The most incidents that alerts can catch, one each, by trying every way. */
function mostCaught(incidents: readonly TrueIncident[], alerts: readonly number[]): number {
  const [first, ...rest] = alerts;
  if (first === undefined) return 0;
  const ways = incidents
    .filter(({ startUs, endUs }) => first >= startUs && first <= endUs)
    .map(
      (taken) =>
        1 +
        mostCaught(
          incidents.filter((one) => one !== taken),
          rest,
        ),
    );
  return Math.max(mostCaught(incidents, rest), ...ways);
}

test('as many incidents are caught as there can be, and every alert is accounted for', () => {
  const incidents = fc.array(
    fc
      .tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 8 }))
      .map(([start, length]) => incident(start, start + length)),
    { maxLength: 5 },
  );
  const alerts = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 6 });
  fc.assert(
    fc.property(incidents, alerts, (truth, minutes) => {
      const alertsUs = at(...minutes);
      const outcome = matchAlerts(stream(truth, alertsUs));
      const caught = outcome.incidents.flatMap(({ caughtUs }) => caughtUs ?? []);
      expect(caught).toHaveLength(mostCaught(truth, alertsUs));
      const told = [...caught, ...outcome.duplicatesUs, ...outcome.falseAlarmsUs];
      expect(told.sort((a, b) => a - b)).toEqual(alertsUs.sort((a, b) => a - b));
      for (const { startUs, endUs, caughtUs } of outcome.incidents) {
        if (caughtUs !== null) expect(caughtUs >= startUs && caughtUs <= endUs).toBe(true);
      }
    }),
    { numRuns: tries(300) },
  );
});
