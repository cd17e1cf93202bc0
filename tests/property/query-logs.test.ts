/** Pages and counts of logs against the same question asked of an array. */
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openRun, questions, type RunReader } from '../../engine/query/index.ts';
import { levelOf, levels, type Level } from '../../engine/store/schema.ts';
import { makeRunFile, withFolder, type LogInput } from '../support/run-file.ts';

const names = ['web', 'cart', 'db', 'mail'];

/** Times with bursts: keys run ahead of `t * 4` when more than four rows share a microsecond. */
const logsInOrder: fc.Arbitrary<LogInput[]> = fc
  .array(
    fc.record({
      step: fc.oneof(
        { weight: 6, arbitrary: fc.constant(0) },
        { weight: 2, arbitrary: fc.integer({ min: 1, max: 3 }) },
        { weight: 2, arbitrary: fc.integer({ min: 1, max: 4_000_000 }) },
      ),
      service: fc.integer({ min: 0, max: names.length - 1 }),
      severity: fc.integer({ min: 1, max: 24 }),
      body: fc.constantFrom('timeout 50%', 'Timeout of a_b', 'ok', 'ok \\ done', 'ünï'),
      trace: fc.constantFrom(undefined, 'aa', 'bb'),
    }),
    { maxLength: 150 },
  )
  .map((drawn) => {
    let t = 0;
    return drawn.map(({ step, trace, ...rest }) => {
      t += step;
      return { ...rest, t, ...(trace === undefined ? {} : { trace }) };
    });
  });

const filters = fc.record(
  {
    level: fc.subarray([...levels], { minLength: 1 }),
    service: fc.subarray(names, { minLength: 1 }),
    text: fc.constantFrom('timeout', '%', '_', '\\', 'OK', 'missing'),
    trace: fc.constantFrom('aa', 'zz'),
  },
  { requiredKeys: [] },
);
type Filter = {
  level?: Level[] | undefined;
  service?: string[] | undefined;
  text?: string | undefined;
  trace?: string | undefined;
};

function asParameters(filter: Filter) {
  return {
    ...(filter.level ? { level: filter.level.join(',') } : {}),
    ...(filter.service ? { service: filter.service.join(',') } : {}),
    ...(filter.text === undefined ? {} : { text: filter.text }),
    ...(filter.trace === undefined ? {} : { trace: filter.trace }),
  };
}

function matches(log: LogInput, filter: Filter): boolean {
  const level = levels[levelOf(log.severity)] ?? 'error';
  return (
    (!filter.level || filter.level.includes(level)) &&
    (!filter.service || filter.service.includes(names[log.service] ?? '')) &&
    (filter.text === undefined || log.body.toLowerCase().includes(filter.text.toLowerCase())) &&
    (filter.trace === undefined || log.trace === filter.trace)
  );
}

function withRun(
  logs: readonly LogInput[],
  indexed: boolean,
  use: (run: RunReader) => void,
  durationUs = (logs.at(-1)?.t ?? 0) + 5_000_000,
): void {
  withFolder((folder) => {
    const file = makeRunFile(join(folder, 'run.db'), {
      services: names.map((name) => ({ name })),
      durationUs,
      logs,
      indexed,
    });
    const run = openRun(file);
    try {
      use(run);
    } finally {
      run.close();
    }
  });
}

const playheads = fc.oneof(
  fc.integer({ min: 0, max: 20 }),
  fc.integer({ min: 0, max: 400_000_000 }),
);

describe('logs', () => {
  test('walking back page by page gives each matching row up to t once, in order', () => {
    fc.assert(
      fc.property(
        logsInOrder,
        filters,
        playheads,
        fc.integer({ min: 1, max: 7 }),
        fc.boolean(),
        (logs, filter, t, limit, indexed) => {
          withRun(logs, indexed, (run) => {
            const expected = logs.filter((log) => log.t <= t && matches(log, filter));
            const seen: { t: number; body: string; k: number }[] = [];
            let before: number | undefined;
            for (let pages = 0; pages <= logs.length + 1; pages++) {
              const page = questions.logs.answer(run, {
                t,
                limit,
                ...asParameters(filter),
                ...(before === undefined ? {} : { before }),
              });
              seen.unshift(...page.rows);
              expect(page.matched).toBe(expected.length);
              if (!page.more) break;
              expect(page.rows).toHaveLength(limit);
              before = page.rows[0]?.k;
            }
            expect(seen.map((row) => [row.t, row.body])).toEqual(
              expected.map((log) => [log.t, log.body]),
            );
            expect(new Set(seen.map((row) => row.k)).size).toBe(seen.length);
          });
        },
      ),
      { numRuns: 120 },
    );
  });

  test('walking on from a row meets the same rows as walking back', () => {
    fc.assert(
      fc.property(logsInOrder, filters, playheads, (logs, filter, t) => {
        withRun(logs, true, (run) => {
          const all = questions.logs.answer(run, { t, limit: 1000, ...asParameters(filter) }).rows;
          const found = all.slice(0, 1);
          for (let after = found[0]?.k; after !== undefined;) {
            const page = questions.logs.answer(run, {
              t,
              after,
              limit: 3,
              ...asParameters(filter),
            });
            found.push(...page.rows);
            expect(page.more).toBe(found.length < all.length);
            after = page.more ? page.rows.at(-1)?.k : undefined;
          }
          expect(found).toEqual(all);
        });
      }),
      { numRuns: 40 },
    );
  });

  test('counts and histograms equal counting by hand, at any moment', () => {
    fc.assert(
      fc.property(
        logsInOrder,
        playheads,
        playheads,
        fc.integer({ min: 1, max: 40 }),
        fc.option(fc.subarray(names, { minLength: 1 }), { nil: undefined }),
        (logs, t, from, buckets, service) => {
          withRun(logs, true, (run) => {
            const last = (logs.at(-1)?.t ?? 0) + 5_000_000;
            const page = questions.logs.answer(run, { t, limit: 1 });
            const until = logs.filter((log) => log.t <= t);
            expect(page.total).toBe(until.length);
            expect(levels.map((level) => page.byLevel[level])).toEqual(countByHand(until));
            const histogram = questions.histogram.answer(run, {
              t,
              from,
              buckets,
              ...(service ? { service: service.join(',') } : {}),
            });
            expect(histogram.from).toBeLessThanOrEqual(Math.min(from, t, last));
            expect(histogram.counts.length).toBeLessThanOrEqual(Math.max(buckets, 2));
            histogram.counts.forEach((counts, i) => {
              const start = histogram.from + i * histogram.bucketUs;
              const inBucket = until.filter(
                (log) =>
                  log.t >= start &&
                  log.t < start + histogram.bucketUs &&
                  (!service || service.includes(names[log.service] ?? '')),
              );
              expect([...counts]).toEqual(countByHand(inBucket));
            });
          });
        },
      ),
      { numRuns: 120 },
    );
  });
});

test('a histogram of a year is exact, in whichever order its moments are asked for', () => {
  const day = 86_400_000_000;
  const moment = fc.integer({ min: 0, max: 366 * day });
  fc.assert(
    fc.property(
      fc.array(moment, { maxLength: 60 }),
      fc.array(fc.tuple(moment, moment, fc.integer({ min: 2, max: 400 })), {
        minLength: 1,
        maxLength: 6,
      }),
      fc.constantFrom(2 * day, 40 * day, 366 * day),
      (times, asked, length) => {
        const within = times.map((t) => t % length).sort((a, b) => a - b);
        const logs = within.map((t) => ({ t, service: 0, severity: 1 + (t % 24), body: '' }));
        const use = (run: RunReader): void => {
          for (const [t, from, buckets] of asked) {
            const { counts, ...shape } = questions.histogram.answer(run, { t, from, buckets });
            counts.forEach((own, i) => {
              const start = shape.from + i * shape.bucketUs;
              const inBucket = logs.filter(
                (log) => log.t >= start && log.t < start + shape.bucketUs && log.t <= t,
              );
              expect([...own]).toEqual(countByHand(inBucket));
            });
          }
        };
        withRun(logs, true, use, length);
      },
    ),
    { numRuns: 80 },
  );
});

function countByHand(logs: readonly LogInput[]): number[] {
  const counts = [0, 0, 0, 0];
  for (const { severity } of logs) {
    const level = levelOf(severity);
    counts[level] = (counts[level] ?? 0) + 1;
  }
  return counts;
}
