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
/** Seconds of a block: widths of a histogram's bars from there on are whole blocks. */
const blockWidths = [60, 600, 3_600];
/** Blocks of a run, which bounds what is kept: 366 days have this many hours. */
const blocksMax = 8_784;
/** Blocks of one service; there may be hundreds of services. */
const serviceBlocksMax = 512;

/** Outlives the reader of a run that is still being written, which is opened for each question. */
export class LevelTotals {
  readonly blockSeconds: number;
  readonly #all: BlockSums;
  readonly #services = new Map<number, BlockSums>();
  readonly #serviceBlock: number;

  constructor(duration: Micros) {
    const fits = (width: number): boolean => duration / secondUs / width <= blocksMax;
    this.blockSeconds = blockWidths.find(fits) ?? Math.ceil(duration / secondUs / blocksMax);
    this.#all = new BlockSums('rollup_second', this.blockSeconds, null);
    this.#serviceBlock = Math.max(6, Math.ceil(duration / bucketUs / serviceBlocksMax));
  }

  /** Counts of the records at or before `t`, which must be a playhead of the reader. */
  until(run: RunReader, t: Micros): LevelCounts {
    const second = Math.floor((t + 1) / secondUs);
    const counts = this.before(run, second);
    addRows(run, { counts, fromUs: second * secondUs, throughUs: t });
    return counts;
  }

  /** Counts of the records before a second; everything before it must be stored. */
  before(run: RunReader, second: number): LevelCounts {
    return this.#all.before(run, second);
  }

  /** The same for one service before a bucket of `rollup_service`. */
  ofServiceBefore(run: RunReader, service: number, bucket: number): LevelCounts {
    let sums = this.#services.get(service);
    if (!sums) {
      sums = new BlockSums('rollup_service', this.#serviceBlock, service);
      this.#services.set(service, sums);
    }
    return sums.before(run, bucket);
  }
}

/** Running sums of a rollup by blocks of its unit of time. */
class BlockSums {
  readonly #width: number;
  readonly #table: string;
  readonly #unit: string;
  readonly #service: readonly number[];
  /** Entry n: counts before unit `n * width`. */
  readonly #before: LevelCounts[] = [[0, 0, 0, 0]];

  constructor(table: 'rollup_second' | 'rollup_service', width: number, service: number | null) {
    this.#width = width;
    this.#unit = table === 'rollup_second' ? 'second' : 'bucket';
    this.#table = service === null ? `${table} WHERE` : `${table} WHERE service_id = ? AND`;
    this.#service = service === null ? [] : [service];
  }

  before(run: RunReader, end: number): LevelCounts {
    const block = Math.floor(end / this.#width);
    this.#extendTo(run, block);
    const counts: LevelCounts = [...(this.#before[block] ?? [0, 0, 0, 0])];
    if (block * this.#width === end) return counts;
    const rest = run.tuples<[level: number, count: number]>(
      `SELECT level, count FROM ${this.#table} ${this.#unit} >= ? AND ${this.#unit} < ?`,
      ...this.#service,
      block * this.#width,
      end,
    );
    for (const [level, count] of rest) addTo(counts, level, count);
    return counts;
  }

  /** Only time that is over is summed, so a block that is kept never changes. */
  #extendTo(run: RunReader, block: number): void {
    const known = this.#before.length - 1;
    if (block <= known) return;
    const sums = run.tuples<[block: number, level: number, count: number]>(
      // Numbers of JavaScript are bound as REAL: without the cast nothing would be rounded down.
      `SELECT ${this.#unit} / CAST(? AS INTEGER), level, sum(count) FROM ${this.#table}
       ${this.#unit} >= ? AND ${this.#unit} < ? GROUP BY 1, 2`,
      this.#width,
      ...this.#service,
      known * this.#width,
      block * this.#width,
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
  const { totals } = run.kept;
  const counts = new Map(
    services.map((service) => [service, totals.ofServiceBefore(run, service, bucket)]),
  );
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
