import { Type } from 'typebox';
import { limits } from '../limits.ts';
import type { Micros } from '../sdk/index.ts';
import { bucketUs as serviceBucketUs, levelOf } from '../store/schema.ts';
import { addTo, sumOf, type LevelCounts } from './level-totals.ts';
import {
  playheadParameter,
  question,
  servicesOf,
  servicesParameter,
  timeParameter,
} from './question.ts';
import type { RunReader } from './reader.ts';
import type { Histogram } from './types.ts';

/** Widths that people read well, µs. The first ones are counted row by row, the others by rollups. */
const widths = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((ms) => ms * 1_000),
  ...[1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600].map((s) => s * 1_000_000),
];
const secondUs = 1_000_000;
/** Longest stretch that is counted row by row, and most rows in it. */
const rowsWindowUs = 60 * secondUs;
const rowsCountMax = 20_000;

/** Counts of log records by level over time. Buckets are aligned to round times, so that a strip
 * does not shimmer while it moves; the last one is cut at the playhead. */
export const histogram = question(
  Type.Object(
    {
      t: playheadParameter,
      from: Type.Optional(timeParameter('Start of the stretch, µs; 0.')),
      to: Type.Optional(timeParameter('End of the stretch, µs; the playhead.')),
      buckets: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: limits.chartPointsMax,
          description: 'Most buckets to answer with, 120.',
        }),
      ),
      service: Type.Optional(servicesParameter),
    },
    { additionalProperties: false },
  ),
  (run, asked): Histogram => {
    const t = run.playhead(asked.t);
    const services = servicesOf(run, asked.service);
    const to = Math.min(asked.to ?? t, t);
    const from = Math.min(asked.from ?? 0, to);
    const bucketUs = widthOf({
      length: to - from,
      buckets: asked.buckets ?? 120,
      rollupUs: services === null ? secondUs : serviceBucketUs,
      byRow: to - from <= rowsWindowUs && countBetween(run, from, to) <= rowsCountMax,
    });
    const start = Math.floor(from / bucketUs) * bucketUs;
    const length = Math.floor((to - start) / bucketUs) + 1;
    const counts = Array.from({ length }, (): LevelCounts => [0, 0, 0, 0]);
    const end = start + length * bucketUs;
    const span = { start, bucketUs, through: Math.min(end - 1, t), counts };
    if (bucketUs < secondUs) addRowsTo(run, span, start, services);
    else if (services === null) addSeconds(run, span);
    else addServiceBuckets(run, span, services);
    return { from: start, to: end, bucketUs, counts };
  },
);

interface Span {
  readonly start: Micros;
  readonly bucketUs: Micros;
  /** Last moment that counts. */
  readonly through: Micros;
  readonly counts: readonly LevelCounts[];
}

/** The narrowest width that needs no more buckets than asked and can be counted exactly in time. */
function widthOf(asked: {
  readonly length: Micros;
  readonly buckets: number;
  /** Width of the rollup that wider buckets are made of. */
  readonly rollupUs: Micros;
  readonly byRow: boolean;
}): Micros {
  const buckets = Math.max(asked.buckets, 2);
  // A stretch that begins inside of a bucket touches one more than its length says.
  const fits = (width: Micros): boolean => Math.floor(asked.length / width) + 2 <= buckets;
  const isExact = (width: Micros): boolean =>
    width % asked.rollupUs === 0 || (width < secondUs && asked.byRow);
  const found = widths.find((width) => fits(width) && isExact(width));
  if (found !== undefined) return found;
  const hour = 3_600 * secondUs;
  return Math.max(1, Math.ceil(asked.length / Math.max(1, buckets - 2) / hour)) * hour;
}

function countBetween(run: RunReader, from: Micros, to: Micros): number {
  const before = from === 0 ? 0 : sumOf(run.levelsUntil(from - 1));
  return sumOf(run.levelsUntil(to)) - before;
}

function addSeconds(run: RunReader, span: Span): void {
  const first = span.start / secondUs;
  const wholeEnd = Math.floor((span.through + 1) / secondUs);
  const { totals } = run.kept;
  const bucketSeconds = span.bucketUs / secondUs;
  if (bucketSeconds % totals.blockSeconds === 0 && first % totals.blockSeconds === 0) {
    let before = totals.before(run, first);
    for (const [i, counts] of span.counts.entries()) {
      const until = totals.before(run, Math.min(first + (i + 1) * bucketSeconds, wholeEnd));
      until.forEach((count, level) => addTo(counts, level, count - (before[level] ?? 0)));
      before = until;
    }
    return addRowsTo(run, span, wholeEnd * secondUs, null);
  }
  const rows = run.tuples<[bucket: number, level: number, count: number]>(
    `SELECT ${bucketNumber('second')}, level, sum(count) FROM rollup_second
     WHERE second >= ? AND second < ? GROUP BY 1, 2`,
    first,
    bucketSeconds,
    first,
    wholeEnd,
  );
  for (const [bucket, level, count] of rows) {
    const counts = span.counts[bucket];
    if (counts) addTo(counts, level, count);
  }
  addRowsTo(run, span, wholeEnd * secondUs, null);
}

function addServiceBuckets(run: RunReader, span: Span, services: readonly number[]): void {
  const first = span.start / serviceBucketUs;
  const wholeEnd = Math.floor((span.through + 1) / serviceBucketUs);
  for (const service of services) {
    const rows = run.tuples<[bucket: number, level: number, count: number]>(
      `SELECT ${bucketNumber('bucket')}, level, sum(count) FROM rollup_service
       WHERE service_id = ? AND bucket >= ? AND bucket < ? GROUP BY 1, 2`,
      first,
      span.bucketUs / serviceBucketUs,
      service,
      first,
      wholeEnd,
    );
    for (const [bucket, level, count] of rows) {
      const counts = span.counts[bucket];
      if (counts) addTo(counts, level, count);
    }
  }
  addRowsTo(run, span, wholeEnd * serviceBucketUs, services);
}

/** Numbers of JavaScript are bound as REAL: without the casts the division would be one of reals. */
function bucketNumber(column: 'second' | 'bucket'): string {
  return `(${column} - CAST(? AS INTEGER)) / CAST(? AS INTEGER)`;
}

/** Counts the rows from `from` to the end of the span one by one. */
function addRowsTo(
  run: RunReader,
  span: Span,
  from: Micros,
  services: readonly number[] | null,
): void {
  if (from > span.through) return;
  const rows = run.statement<[number, number], [t: number, service: number, severity: number]>(
    'SELECT t, service_id, severity FROM log WHERE k >= ? AND k < ?',
    'raw',
  );
  const wanted = services === null ? null : new Set(services);
  const low = run.keyAfter('log', from - 1);
  for (const [t, service, severity] of rows.iterate(low, run.keyAfter('log', span.through))) {
    if (wanted !== null && !wanted.has(service)) continue;
    const counts = span.counts[Math.floor((t - span.start) / span.bucketUs)];
    if (counts) addTo(counts, levelOf(severity), 1);
  }
}
