/** Checks of the ground truth, against what one counts by hand in the records of a small simulation. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkProbe, clueProbe, type CheckResult } from '../../engine/audit/checks/index.ts';
import { templateOf, watchTemplates } from '../../engine/audit/observe/templates.ts';
import { profileObserver } from '../../engine/audit/observe/profile.ts';
import { observe } from '../../engine/audit/records.ts';
import type { Check } from '../../engine/scenario/model.ts';
import { createSimulatorSource } from '../../engine/simulator/index.ts';
import { drain } from '../support/simulated.ts';
import { during, durationOf, endAt, fairScenario, faultAt } from '../support/audited.ts';

const second = 1_000_000;
const scenario = fairScenario();
const { header } = createSimulatorSource(scenario);
const { records } = drain(createSimulatorSource(scenario));
const serviceOf = (name: string) => header.services.findIndex((service) => service.name === name);

function evaluate(checks: readonly Check[], firstFaultAt: number | null = faultAt): CheckResult[] {
  const probes = checks.map((check) => checkProbe(check, { header, firstFaultAt }));
  observe(
    createSimulatorSource(scenario),
    probes.map(({ observer }) => observer),
    scenario.name,
  );
  return probes.map(({ result }) => result());
}

const windows = fc
  .tuple(fc.integer({ min: 0, max: 170 }), fc.integer({ min: 10, max: 120 }))
  .map(([from, length]) => ({ from: from * second, to: (from + length) * second }));

describe('a metric check', () => {
  const p95 = {
    stream: 'metric',
    name: 'http.server.request.duration',
    attributes: durationOf('0.95'),
  } as const;
  const pointsOf = (series: number, from: number, to: number) =>
    records
      .filter(
        ({ kind, subject, t }) => kind === 'metric' && subject === series && t >= from && t < to,
      )
      .map(({ value }) => value);
  const points = (service: string, from: number, to: number) => {
    const series = header.series.findIndex(
      (one) =>
        one.service === serviceOf(service) &&
        one.name === p95.name &&
        JSON.stringify(one.attributes) === JSON.stringify(durationOf('0.95')),
    );
    return pointsOf(series, from, to);
  };
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

  test('has the statistic of the points in its window, whichever window', () => {
    const statistics = {
      mean,
      min: (v: number[]) => Math.min(...v),
      max: (v: number[]) => Math.max(...v),
    };
    const cases = fc.sample(
      fc.record({
        window: windows,
        service: fc.constantFrom('web', 'checkout'),
        statistic: fc.constantFrom('mean' as const, 'min' as const, 'max' as const),
      }),
      { numRuns: 60, seed: 3 },
    );
    const found = evaluate(
      cases.map(({ window, service, statistic }) => ({
        ...p95,
        ...window,
        service,
        statistic,
        expect: { is: 'above', value: 0.5 },
      })),
    );
    cases.forEach(({ window, service, statistic }, i) => {
      const own = points(service, window.from, window.to);
      expect(found[i]?.records).toBe(own.length);
      if (own.length === 0) return expect(found[i]).toMatchObject({ pass: false, value: null });
      const value = statistics[statistic](own);
      expect(found[i]?.value).toBeCloseTo(value, 9);
      expect(found[i]?.pass).toBe(value > 0.5);
    });
    expect(new Set(found.map(({ pass }) => pass)).size).toBe(2);
  });

  test('compares with the mean before the first fault, on either side of it', () => {
    const usual = mean(points('web', 0, faultAt));
    const now = mean(points('web', faultAt, 180 * second));
    const times = now / usual;
    expect(times).toBeGreaterThan(2);
    const check = (expectation: (Check & { stream: 'metric' })['expect']): Check =>
      during('web', { ...p95, statistic: 'mean', expect: expectation });
    const passes = evaluate([
      check({ is: 'above', timesBaseline: times * 0.99 }),
      check({ is: 'above', timesBaseline: times * 1.01 }),
      check({ is: 'below', timesBaseline: times * 1.01 }),
      check({ is: 'below', timesBaseline: times * 0.99 }),
      check({ is: 'unchanged', within: (times - 1) * 1.01 }),
      check({ is: 'unchanged', within: (times - 1) * 0.99 }),
    ]).map(({ pass }) => pass);
    expect(passes).toEqual([true, false, true, false, true, false]);
  });

  test('takes together what its attributes select where they name no series', () => {
    const parts = header.series.flatMap((one, i) =>
      one.service === serviceOf('web') &&
      'service.instance.id' in one.attributes &&
      one.name === p95.name
        ? [{ series: i, zone: one.attributes['cloud.availability_zone'] ?? '' }]
        : [],
    );
    const zone = parts[0]?.zone ?? '';
    expect(parts.length).toBeGreaterThan(1);
    const attributes = { 'cloud.availability_zone': zone };
    const rest = { statistic: 'mean', expect: { is: 'above', value: 0 } } as const;
    const [found] = evaluate([during('web', { ...p95, attributes, ...rest })]);
    const own = parts
      .filter((part) => part.zone === zone)
      .flatMap(({ series }) => pointsOf(series, faultAt, endAt));
    expect(found?.records).toBe(own.length);
    expect(found?.value).toBeCloseTo(mean(own), 9);
  });

  test('fails for a series that is not there, and without a baseline to compare with', () => {
    const unknown = { ...p95, name: 'http.server.duration' };
    const rest = { statistic: 'mean', expect: { is: 'above', timesBaseline: 0 } } as const;
    const [wrong, other, right] = evaluate(
      [
        during('web', { ...unknown, ...rest }),
        during('web', { ...p95, attributes: durationOf('0.9'), ...rest }),
        during('web', { ...p95, ...rest }),
      ],
      0,
    );
    expect(wrong?.says).toContain('there is no such series');
    expect(other?.says).toContain('there is no such series');
    expect(right).toMatchObject({ pass: false });
    expect(right?.says).toContain('no point before the first fault');
  });

  test('takes what comes before its window for usual where nothing is broken', () => {
    const rate = {
      stream: 'metric',
      name: 'http.server.request.rate',
      attributes: {},
      statistic: 'mean',
    } as const;
    const check = during(
      'web',
      { ...rate, expect: { is: 'unchanged', within: 0.2 } },
      100 * second,
    );
    expect(evaluate([check], null)).toMatchObject([{ pass: true }]);
  });
});

describe('a check that counts', () => {
  const texts = { log: 'HTTP/1.1" 503', span: 'orders-db', change: '' } as const;

  test.each(['log', 'span', 'change'] as const)('has as many %ss as there are', (stream) => {
    const cases = fc.sample(windows, { numRuns: 30, seed: 4 });
    const atMost = stream === 'log' ? 3 : 300;
    const service = { log: 'web', span: 'checkout', change: 'orders-db' }[stream];
    const found = evaluate(
      cases.map((window) => {
        const base = { ...window, service, contains: texts[stream] };
        return stream === 'change'
          ? { ...base, stream, change: 'deploy' as const }
          : { ...base, stream, atLeast: 0, atMost };
      }),
    );
    const counts = cases.map(({ from, to }) => {
      const of = records.filter(
        ({ kind, subject, t }) =>
          kind === stream && subject === serviceOf(service) && t >= from && t < to,
      );
      return of.filter(({ body, attributes }) =>
        (stream === 'log' ? body : body + attributes).includes(texts[stream]),
      ).length;
    });
    expect(found.map(({ value }) => value)).toEqual(counts);
    expect(found.map(({ pass }) => pass)).toEqual(
      counts.map((n) => (stream === 'change' ? n >= 1 : n <= atMost)),
    );
    expect(new Set(found.map(({ pass }) => pass)).size).toBe(2);
  });

  test('finds a change by its kind, its note or its version', () => {
    const deploy = (contains: string): Check =>
      during('orders-db', { stream: 'change', change: 'deploy', contains }, 0);
    const found = evaluate([
      deploy('planner'),
      deploy('2.0.0'),
      deploy('2.0.1'),
      during('orders-db', { stream: 'change', change: 'flag', contains: '' }, 0),
      during('web', { stream: 'change', change: null, contains: 'banner' }, 0),
    ]);
    expect(found.map(({ pass }) => pass)).toEqual([true, true, false, false, true]);
  });

  test('never holds at a service that is not there', () => {
    const nobody = during('nobody', { stream: 'log', contains: '', atLeast: 0, atMost: 0 });
    expect(evaluate([nobody])).toMatchObject([{ pass: false }]);
  });
});

test('a clue without a check does not hold', () => {
  expect(
    clueProbe({ says: 'so they say', checks: [] }, { header, firstFaultAt: null }).result(),
  ).toEqual({
    says: 'so they say',
    holds: false,
    checks: [],
  });
});

test('a profile has the means and the counts of the records', () => {
  const { observer, profile } = profileObserver(header);
  observe(createSimulatorSource(scenario), [observer], scenario.name);
  let logs = 0;
  for (let k = 0; k < profile.buckets; k++) logs += profile.records(serviceOf('web'), 0, k);
  const web = ({ kind, subject }: (typeof records)[number]) =>
    kind === 'log' && subject === serviceOf('web');
  expect(logs).toBe(records.filter(web).length);
  const own = records.filter(
    ({ kind, subject, t }) =>
      kind === 'metric' && subject === 0 && t >= 20 * second && t < 30 * second,
  );
  expect(own.length).toBe(2);
  expect(profile.mean(0, 2)).toBeCloseTo(own.reduce((sum, { value }) => sum + value, 0) / 2, 9);
});

test('a profile of a year is no larger than that of an hour may be', () => {
  const { profile } = profileObserver({ ...header, durationUs: 366 * 86_400 * second });
  expect(profile.buckets * header.series.length).toBeLessThan(5e6);
});

describe('templates of errors', () => {
  test('have no numbers, identifiers and quoted words', () => {
    const line = (id: string, ms: number, user: string) =>
      `2026-03-02 09:00:01.000 ERROR [exec-7] c.s.checkout : order ${id} of "${user}" failed after ${ms} ms`;
    const one = templateOf(line('9f86d081884c7d65', 12, 'Ada'));
    expect(one).toBe(templateOf(line('60303ae22b998861', 4711, 'Grace Hopper')));
    expect(one).toContain('failed after # ms');
  });

  test('are new when nobody wrote them before, whatever came of their numbers', () => {
    const watch = watchTemplates(10 * second);
    const write = (t: number, severity: number, body: string) =>
      watch.observer.log?.(t * second, 0, severity, body);
    write(1, 17, 'lost connection 7');
    write(11, 17, 'lost connection 8');
    write(12, 13, 'slow disk 1');
    write(13, 17, 'no space left 1');
    write(95, 17, 'no space left 2');
    write(100, 17, 'no space left 3');
    write(110, 17, 'no space left 4');
    expect(watch.newTemplates()).toEqual([
      {
        service: 0,
        template: 'no space left #',
        firstAt: 13 * second,
        count: 4,
        burstAt: 95 * second,
      },
    ]);
  });
});
