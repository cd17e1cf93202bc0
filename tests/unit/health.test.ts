import { describe, expect, test } from 'vitest';
import {
  FigureReader,
  HealthSampler,
  callersOf,
  initialHealth,
  stepHealth,
  stretchesOf,
  uptimeOf,
  type HealthEvent,
  type HealthWindow,
} from '../../engine/health/index.ts';
import { healthPolicy } from '../../engine/health/policy.ts';
import { makeStreams, nextBits } from '../../engine/replay/random.ts';
import type { SourceHeader } from '../../engine/replay/source.ts';
import { bucketUs } from '../../engine/store/schema.ts';
import {
  batchOf,
  headerOf,
  minute,
  points,
  second,
  type StreamRecord,
} from '../support/synthetic-stream.ts';

/** Health of a whole stream up to `until`. */
function healthOf(
  header: SourceHeader,
  records: readonly StreamRecord[],
  until: number,
): { events: HealthEvent[]; windows: HealthWindow[] } {
  const sampler = new HealthSampler(header);
  const figures = new FigureReader(header);
  const states = initialHealth(header.services.length);
  const batch = batchOf(records);
  sampler.observe(batch.columns, 0, batch.count);
  const raw = new Map(sampler.take(until).map((window) => [window.bucket, window]));
  const out = { events: [] as HealthEvent[], windows: [] as HealthWindow[] };
  for (let bucket = 0; (bucket + 1) * bucketUs <= until; bucket++) {
    const samples = figures.read(bucket, raw.get(bucket) ?? null);
    const step = stepHealth(states, samples, { bucket, callers: callersOf(header) });
    out.events.push(...step.events);
    out.windows.push(...step.windows);
  }
  return out;
}

const steps = (events: readonly HealthEvent[], service = 0) =>
  events.filter((e) => e.service === service).map((e) => [e.t / second, e.state, e.reason]);

const shop = headerOf([
  { name: 'web', entry: true, roles: ['request_rate', 'error_ratio', 'latency_p95'] },
]);
const [rate, errors, latency] = [0, 1, 2];

describe('health states', () => {
  test('errors degrade and take down after two windows, and heal after three', () => {
    const { events } = healthOf(
      shop,
      [
        ...points(rate, 0, 5 * minute, 40),
        ...points(latency, 0, 5 * minute, 0.1),
        ...points(errors, 0, 60 * second, 0.001),
        ...points(errors, 60 * second, 90 * second, 0.34),
        ...points(errors, 90 * second, 120 * second, 0.9),
        ...points(errors, 120 * second, 5 * minute, 0),
      ],
      5 * minute,
    );
    expect(steps(events)).toEqual([
      [10, 'healthy', '0.1 % of requests fail, p95 is 100 ms'],
      [80, 'degraded', '34 % of requests fail (5 % is the limit)'],
      [110, 'down', '90 % of requests fail (50 % is the limit)'],
      [150, 'healthy', '0 % of requests fail, p95 is 100 ms'],
    ]);
  });

  test('one bad window is not a change', () => {
    const { events } = healthOf(
      shop,
      [
        ...points(rate, 0, 3 * minute, 40),
        ...points(errors, 0, 3 * minute, (t) => (t === 60 * second ? 0.9 : 0)),
      ],
      3 * minute,
    );
    expect(steps(events).map(([, state]) => state)).toEqual(['healthy']);
  });

  test('two requests of which one fails are chance, a minute of them is not', () => {
    const failing = (until: number) =>
      healthOf(
        shop,
        [
          ...points(rate, 0, 3 * minute, 0.2),
          ...points(errors, 0, 3 * minute, (t) => (t >= minute && t < until ? 0.5 : 0)),
        ],
        3 * minute,
      );
    expect(steps(failing(80 * second).events).map(([, state]) => state)).toEqual(['healthy']);
    expect(steps(failing(3 * minute).events).map(([at]) => at)).toEqual([10, 100]);
  });

  test('p95 is judged by its own baseline, which an outage does not move', () => {
    const { events } = healthOf(
      shop,
      [
        ...points(rate, 0, 30 * minute, 40),
        ...points(latency, 0, 5 * minute, (t) => 0.1 + (t % 3) / 1000),
        ...points(latency, 5 * minute, 25 * minute, 2.8),
        ...points(latency, 25 * minute, 30 * minute, 0.1),
      ],
      30 * minute,
    );
    expect(steps(events).slice(1)).toEqual([
      [
        330,
        'degraded',
        expect.stringMatching(/^p95 is 2\.8 s \(usually 10\d ms; 30\d ms is the limit\)$/),
      ],
      [1530, 'healthy', expect.any(String)],
    ]);
  });

  test('a cadence of five minutes needs one point to be seen, and is carried in between', () => {
    const slow = headerOf([{ name: 'PetSite', roles: ['availability', 'latency_p95'] }], {
      cadenceUs: 5 * minute,
    });
    const { events, windows } = healthOf(
      slow,
      [
        ...points(0, 0, 50 * minute, (t) => (t >= 30 * minute ? 0.4 : 1), 5 * minute),
        ...points(1, 0, 50 * minute, 0.2, 5 * minute),
      ],
      50 * minute,
    );
    expect(steps(events)).toEqual([
      [10, 'healthy', expect.any(String)],
      [30 * 60 + 20, 'down', '60 % of requests fail (50 % is the limit)'],
    ]);
    const between = windows.find((window) => window.bucket === 100);
    expect(between?.figures).toEqual({ requestRate: null, errorRatio: 0, latencyP95: 0.2 });
  });

  test('requests that stop although callers still call leave nothing known; without callers it is mere quiet', () => {
    const two = headerOf([
      { name: 'web', entry: true, calls: ['checkout'], roles: ['request_rate'] },
      { name: 'checkout', roles: ['request_rate'] },
    ]);
    const stops = (t: number) => (t < 3 * minute ? 30 : 0);
    const { events } = healthOf(
      two,
      [...points(0, 0, 5 * minute, 50), ...points(1, 0, 5 * minute, stops)],
      5 * minute,
    );
    expect(steps(events, 1).at(-1)).toEqual([
      200,
      'unknown',
      'no requests reach it (usually 30/s) although its callers still have some',
    ]);
    const both = [...points(0, 0, 5 * minute, stops), ...points(1, 0, 5 * minute, stops)];
    expect(steps(healthOf(two, both, 5 * minute).events, 1)).toHaveLength(1);
  });

  test('no data is unknown after three cadences, and a hole of the recording says so', () => {
    const { events } = healthOf(shop, points(errors, 0, 60 * second, 0), 3 * minute);
    expect(steps(events)).toEqual([
      [10, 'healthy', expect.any(String)],
      [90, 'unknown', 'no data for 40 s'],
    ]);
    const holed = {
      ...shop,
      intervals: [
        {
          stream: 'metric' as const,
          service: null,
          intervals: [
            { from: 0, to: 60 * second },
            { from: 10 * minute, to: 20 * minute },
          ],
        },
      ],
    };
    expect(steps(healthOf(holed, points(errors, 0, 60 * second, 0), 3 * minute).events)).toEqual([
      [10, 'healthy', expect.any(String)],
      [90, 'unknown', 'nothing was recorded here'],
    ]);
  });

  test('the end of a recording is no outage', () => {
    const ended = {
      ...shop,
      intervals: [
        { stream: 'metric' as const, service: null, intervals: [{ from: 0, to: 60 * second }] },
      ],
    };
    expect(steps(healthOf(ended, points(errors, 0, 60 * second, 0), 9 * minute).events)).toEqual([
      [10, 'healthy', expect.any(String)],
    ]);
  });

  test('a service that has always failed some requests is well until it fails far more', () => {
    const ratio = (t: number) => (t < 20 * minute ? 0.3 : 0.8);
    const { events } = healthOf(shop, points(errors, 0, 30 * minute, ratio), 30 * minute);
    expect(steps(events)).toEqual([
      [20, 'degraded', '30 % of requests fail (5 % is the limit)'],
      [100, 'healthy', '30 % of requests fail (as usual)'],
      [20 * 60 + 20, 'down', '80 % of requests fail (usually 30 %; 56.2 % is the limit)'],
    ]);
  });

  test('what is usual is forgotten in time, however many episodes there were', () => {
    const until = 330 * minute;
    // Every ten minutes five of trouble.
    const ratio = (t: number) => (Math.floor(t / (5 * minute)) % 2 === 1 ? 0.6 : 0.01);
    const batch = batchOf(points(errors, 0, until, ratio));
    const states = initialHealth(1);
    const figures = new FigureReader(shop);
    const sampler = new HealthSampler(shop);
    sampler.observe(batch.columns, 0, batch.count);
    let most = 0;
    for (const window of sampler.take(until)) {
      const samples = figures.read(window.bucket, window);
      stepHealth(states, samples, { bucket: window.bucket, callers: callersOf(shop) });
      for (const { errors: usual, episode } of states) {
        most = Math.max(most, usual.values.length, episode.values.length);
      }
    }
    expect(most).toBe(healthPolicy.baselinePointsMax);
  });

  test('a failure or two of a few requests may be chance, until there are enough of them', () => {
    const busy = headerOf([{ name: 'web', roles: ['request_rate', 'error_ratio'] }]);
    const failing = (perSecond: number) =>
      healthOf(
        busy,
        [
          ...points(0, 0, 10 * minute, perSecond),
          ...points(1, 0, 10 * minute, (t) => (t >= 5 * minute ? 0.15 : 0)),
        ],
        10 * minute,
      ).events.map(({ t, state }) => [t / second, state]);
    expect(failing(1)).toEqual([
      [10, 'healthy'],
      [370, 'degraded'],
    ]);
    expect(failing(50)).toEqual([
      [10, 'healthy'],
      [320, 'degraded'],
    ]);
  });

  describe('a ratio around the limit', () => {
    /** What really fails, of 60 requests a second, drawn per window. */
    const failing = (share: number, seed: number) => {
      const states = makeStreams(seed, ['failing']);
      const random = () => (nextBits(states, 0) >>> 0) / 2 ** 32;
      const ratio = (t: number) => {
        const real = t < 4 * minute ? 0.001 : share;
        let failed = 0;
        for (let i = 0; i < 600; i++) if (random() < real) failed++;
        return failed / 600;
      };
      const all = [...points(rate, 0, 20 * minute, 60), ...points(errors, 0, 20 * minute, ratio)];
      return healthOf(shop, all, 20 * minute);
    };
    const seeds = Array.from({ length: 20 }, (_, seed) => seed);

    test.each(seeds)(
      'is seen within two minutes and never called healthy above it, seed %i',
      (seed) => {
        const { events } = failing(0.075, seed);
        expect(steps(events).map(([, state]) => state)).toEqual(['healthy', 'degraded']);
        expect(events[1]?.t).toBeLessThanOrEqual(6 * minute);
      },
    );

    test.each(seeds)('is no alarm below it, seed %i', (seed) => {
      const { events } = failing(0.035, seed);
      expect(steps(events).map(([, state]) => state)).toEqual(['healthy']);
    });
  });

  test('a service that fails about as much from the start is not unwell by it', () => {
    const ratio = (t: number) => 0.06 + ((t / (10 * second)) % 5) / 200 - 0.01;
    const all = [...points(rate, 0, 20 * minute, 36), ...points(errors, 0, 20 * minute, ratio)];
    expect(steps(healthOf(shop, all, 20 * minute).events)).toHaveLength(1);
  });

  test('a p95 above its limit is never part of getting well', () => {
    // Slow every third window: two good ones in between, and never three.
    const slow = (t: number) => (t >= 5 * minute && (t / (10 * second)) % 3 === 0 ? 1.5 : 0.15);
    const p95 = (t: number) => (t >= 5 * minute && t < 6 * minute ? 1.5 : slow(t));
    const all = [...points(rate, 0, 20 * minute, 60), ...points(latency, 0, 20 * minute, p95)];
    expect(steps(healthOf(shop, all, 20 * minute).events).map(([, state]) => state)).toEqual([
      'healthy',
      'degraded',
    ]);
  });

  describe('a service that keeps coming back', () => {
    /** From minute 5 on: a minute of trouble, a minute of peace in which it is slower than before. */
    const p95 = (t: number) => {
      if (t < 5 * minute || t >= 40 * minute) return 0.15;
      return Math.floor(t / minute) % 2 === 1 ? 1.5 : 0.4;
    };
    const all = [...points(rate, 0, 60 * minute, 60), ...points(latency, 0, 60 * minute, p95)];
    const { events } = healthOf(shop, all, 60 * minute);

    test('has to be well for longer each time', () => {
      expect(steps(events).map(([at, state]) => [at, state])).toEqual([
        [10, 'healthy'],
        [330, 'degraded'],
        [390, 'healthy'],
        [450, 'degraded'],
        [540, 'healthy'],
        [570, 'degraded'],
        [2520, 'healthy'],
      ]);
    });

    test('does not make its trouble usual', () => {
      const told = steps(events).filter(([, state]) => state === 'degraded');
      for (const [, , reason] of told) {
        expect(reason).toBe('p95 is 1.5 s (usually 150 ms; 450 ms is the limit)');
      }
    });
  });

  test('the p95 of ten requests is their slowest one, and no reason to worry', () => {
    const quiet = headerOf([{ name: 'web', roles: ['request_rate', 'latency_p95'] }]);
    const slowing = (perSecond: number) =>
      healthOf(
        quiet,
        [
          ...points(0, 0, 10 * minute, perSecond),
          ...points(1, 0, 10 * minute, (t) => (t >= 5 * minute ? 2 : 0.1)),
        ],
        10 * minute,
      ).events.map((event) => event.state);
    expect(slowing(1)).toEqual(['healthy']);
    expect(slowing(50)).toEqual(['healthy', 'degraded']);
  });

  test('error lines degrade a service without request figures and are never an error ratio', () => {
    const logsOnly = headerOf([{ name: 'ts-order-service' }]);
    const lines: StreamRecord[] = [];
    for (let t = 0; t < 5 * minute; t += second / 2) {
      const severity = t >= 3 * minute && t % second === 0 ? 17 : 9;
      lines.push({ t, service: 0, severity });
    }
    const { events, windows } = healthOf(logsOnly, lines, 5 * minute);
    expect(steps(events)).toEqual([
      [10, 'healthy', 'its log lines show few errors'],
      [200, 'degraded', '50 % of its log lines are errors (30 % is the limit)'],
    ]);
    expect(windows.every((window) => window.figures.errorRatio === null)).toBe(true);
  });

  describe('a quiet log', () => {
    const logsOnly = headerOf([{ name: 'cart' }]);
    /** `perMinute` evenly spaced lines, of which `isError` says which are errors. */
    const linesOf = (
      perMinute: number,
      until: number,
      isError: (t: number, i: number) => boolean,
    ) =>
      Array.from({ length: (until / minute) * perMinute }, (_, i): StreamRecord => {
        const t = Math.floor((i * minute) / perMinute);
        return { t, service: 0, severity: isError(t, i) ? 17 : 9 };
      });
    /** Odd enough to leave windows of a few errors and of many. */
    const isHalf = (i: number) => Math.imul(i + 1, 0x9e3779b1) >>> 31 === 1;

    test.each([6, 20, 60, 67, 73, 90])(
      'of %d lines a minute stays degraded while half of them are errors',
      (perMinute) => {
        const from = 13 * minute + 20 * second;
        const lines = linesOf(perMinute, 40 * minute, (t, i) => t >= from && isHalf(i));
        const { events } = healthOf(logsOnly, lines, 40 * minute);
        expect(steps(events).map(([, state]) => state)).toEqual(['healthy', 'degraded']);
        expect(events[1]?.t).toBeLessThan(from + 6 * minute);
      },
    );

    test('heals when the errors end', () => {
      const lines = linesOf(
        60,
        30 * minute,
        (t, i) => t >= 10 * minute && t < 20 * minute && isHalf(i),
      );
      const { events } = healthOf(logsOnly, lines, 30 * minute);
      expect(steps(events).map(([, state]) => state)).toEqual(['healthy', 'degraded', 'healthy']);
      expect(events[2]?.t).toBeLessThan(22 * minute);
    });

    test('is not unwell for one burst of errors', () => {
      const burst = Array.from({ length: 15 }, (_, i): StreamRecord => {
        return { t: 5 * minute + i, service: 0, severity: 17 };
      });
      const lines = [...linesOf(6, 10 * minute, () => false), ...burst].sort((a, b) => a.t - b.t);
      const { events } = healthOf(logsOnly, lines, 10 * minute);
      expect(steps(events).map(([, state]) => state)).toEqual(['healthy']);
    });

    test('never says few errors where many of few lines are errors', () => {
      const { events } = healthOf(
        logsOnly,
        linesOf(6, minute, () => true),
        minute,
      );
      expect(steps(events)).toEqual([
        [10, 'healthy', '1 of its last 1 log lines are errors (too few to judge)'],
      ]);
    });
  });

  test('ratios of several series are weighted by their requests', () => {
    const endpoint = (role: 'request_rate' | 'error_ratio', route: string) => ({
      service: 0,
      name: role,
      unit: '1',
      attributes: { route },
      role,
      cadenceUs: 10 * second,
      monotonic: false,
    });
    const two = {
      ...headerOf([{ name: 'web' }]),
      series: [
        endpoint('request_rate', '/a'),
        endpoint('error_ratio', '/a'),
        endpoint('request_rate', '/b'),
        endpoint('error_ratio', '/b'),
      ],
    };
    const values = [90, 0, 10, 0.4].flatMap((value, series) => points(series, 0, minute, value));
    const [window] = healthOf(two, values, minute).windows;
    expect(window?.figures.requestRate).toBe(100);
    expect(window?.figures.errorRatio).toBeCloseTo(0.04, 12);
  });
});

describe('uptime', () => {
  const changes = [
    { t: 10, state: 'healthy' as const },
    { t: 50, state: 'down' as const },
    { t: 60, state: 'degraded' as const },
    { t: 80, state: 'unknown' as const },
  ];

  test('counts measured time only; degraded is up', () => {
    expect(uptimeOf(changes, { from: 0, to: 100 })).toEqual({ uptime: 60 / 70, coverage: 0.7 });
  });

  test('a window that begins later starts in the state of then', () => {
    expect(stretchesOf(changes, { from: 55, to: 70 })).toEqual([
      { from: 55, to: 60, state: 'down' },
      { from: 60, to: 70, state: 'degraded' },
    ]);
  });

  test('nothing measured is null, not a hundred percent', () => {
    expect(uptimeOf([], { from: 0, to: 100 })).toEqual({ uptime: null, coverage: 0 });
  });
});
