/**
 * Exact counts of log records by level up to any moment, in a time that does not grow with the run:
 * whole blocks of seconds are summed once and kept, the rest of a block comes from `rollup_second`,
 * the rest of a second from the rows.
 */
import type { Micros } from '../sdk/index.ts';
import { bucketUs, levelOf } from '../store/schema.ts';
import type { RunReader } from './reader.ts';

/** Counts of debug, info, warn and error. */
export type LevelCounts = [debug: number, info: number, warn: number, error: number];

const secondUs = 1_000_000;
/** Seconds of the smallest block; and blocks of a run, which bounds what is kept. */
const blockSecondsMin = 64;
const blocksAim = 4_096;

export class LevelTotals {
  readonly #run: RunReader;
  readonly #blockSeconds: number;
  /** Entry n: counts before second `n * blockSeconds`. */
  readonly #before: LevelCounts[] = [[0, 0, 0, 0]];

  constructor(run: RunReader, duration: Micros) {
    this.#run = run;
    this.#blockSeconds = Math.max(blockSecondsMin, Math.ceil(duration / secondUs / blocksAim));
  }

  /** Counts of the records at or before `t`, which must be a playhead of the reader. */
  until(t: Micros): LevelCounts {
    const second = Math.floor((t + 1) / secondUs);
    const block = Math.floor(second / this.#blockSeconds);
    this.#extendTo(block);
    const counts: LevelCounts = [...(this.#before[block] ?? [0, 0, 0, 0])];
    const rest = this.#run.tuples<[level: number, count: number]>(
      'SELECT level, count FROM rollup_second WHERE second >= ? AND second < ?',
      block * this.#blockSeconds,
      second,
    );
    for (const [level, count] of rest) addTo(counts, level, count);
    addRows(this.#run, { counts, fromUs: second * secondUs, throughUs: t });
    return counts;
  }

  /** Only seconds that are over are summed, so a block that is kept never changes. */
  #extendTo(block: number): void {
    const known = this.#before.length - 1;
    if (block <= known) return;
    const sums = this.#run.tuples<[block: number, level: number, count: number]>(
      // Numbers of JavaScript are bound as REAL: without the cast nothing would be rounded down.
      `SELECT second / CAST(? AS INTEGER), level, sum(count) FROM rollup_second
       WHERE second >= ? AND second < ? GROUP BY 1, 2`,
      this.#blockSeconds,
      known * this.#blockSeconds,
      block * this.#blockSeconds,
    );
    let at = 0;
    for (let b = known; b < block; b++) {
      const next: LevelCounts = [...(this.#before[b] ?? [0, 0, 0, 0])];
      for (let sum = sums[at]; sum !== undefined && sum[0] === b; sum = sums[++at]) {
        addTo(next, sum[1], sum[2]);
      }
      this.#before.push(next);
    }
  }
}

/** Counts by service of the records at or before `t`, for these services. */
export function countByService(
  run: RunReader,
  services: readonly number[],
  t: Micros,
): ReadonlyMap<number, LevelCounts> {
  const bucket = Math.floor((t + 1) / bucketUs);
  const counts = new Map<number, LevelCounts>();
  for (const service of services) {
    const own: LevelCounts = [0, 0, 0, 0];
    const sums = run.tuples<[level: number, count: number]>(
      'SELECT level, sum(count) FROM rollup_service WHERE service_id = ? AND bucket < ? GROUP BY level',
      service,
      bucket,
    );
    for (const [level, count] of sums) addTo(own, level, count);
    counts.set(service, own);
  }
  const rest = run.tuples<[service: number, severity: number, count: number]>(
    'SELECT service_id, severity, count(*) FROM log WHERE k >= ? AND k < ? GROUP BY service_id, severity',
    run.keyAfter('log', bucket * bucketUs - 1),
    run.keyAfter('log', t),
  );
  for (const [service, severity, count] of rest) {
    const own = counts.get(service);
    if (own) addTo(own, levelOf(severity), count);
  }
  return counts;
}

/** Adds the records from `fromUs` through `throughUs`, counted one by one: keep the stretch short. */
export function addRows(
  run: RunReader,
  range: { readonly counts: LevelCounts; readonly fromUs: Micros; readonly throughUs: Micros },
): void {
  if (range.fromUs > range.throughUs) return;
  const rows = run.tuples<[severity: number, count: number]>(
    'SELECT severity, count(*) FROM log WHERE k >= ? AND k < ? GROUP BY severity',
    run.keyAfter('log', range.fromUs - 1),
    run.keyAfter('log', range.throughUs),
  );
  for (const [severity, count] of rows) addTo(range.counts, levelOf(severity), count);
}

export function addTo(counts: LevelCounts, level: number, count: number): void {
  switch (level) {
    case 0:
      counts[0] += count;
      break;
    case 1:
      counts[1] += count;
      break;
    case 2:
      counts[2] += count;
      break;
    default:
      counts[3] += count;
  }
}

export function sumOf(counts: LevelCounts): number {
  return counts[0] + counts[1] + counts[2] + counts[3];
}
