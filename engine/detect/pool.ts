/**
 * Detectors over shards. A state lives in the shard that the hash of (detector, subject) names, so
 * any number of workers gives the same states the same records; outputs are put together by key and
 * in the order of the ranges, never by arrival.
 */
import type { Slot } from '../replay/batch.ts';
import type { SourceHeader } from '../replay/source.ts';
import type { Micros } from '../sdk/index.ts';
import type { LoadedDetector } from './load.ts';
import type { DetectorTotals } from './account.ts';
import { OutputMerge, type DetectorOutput } from './merge.ts';
import type { DetectorRange, PlacedDetector, ShardTask } from './protocol.ts';
import { runScoreStep } from './output.ts';
import { Shard, type ShardAnswer, type ShardPlan } from './shard.ts';

export interface PoolOptions {
  readonly detectors: readonly LoadedDetector[];
  /** Threads for the bundled detectors, at least 1. */
  readonly workers: number;
  /** The ring that ranges refer to. */
  readonly slots: readonly Slot[];
  readonly header: SourceHeader;
  readonly seed: number;
  /** Keep a score that moved by this much since the last kept one; 0 keeps every one. As in runs where not given. */
  readonly scoreStep?: number;
  /** Told what a person's detector prints, line by line, whatever is in it. */
  readonly printed?: (detector: string, line: string) => void;
  /**
   * Times that a person's detector may begin afresh after its process ended; 0 where not given, as for a
   * benchmark, whose results have to compare.
   */
  readonly restartsMax?: number;
}

export interface DetectorPool {
  /** Feeds one range. Call in order; several may be under way. */
  process(range: DetectorRange): Promise<DetectorOutput>;
  /** Runs the last ticks and `end`, after the last range. */
  finish(through: Micros): Promise<DetectorOutput>;
  /** Counts so far, in the order of the run's detectors. */
  totals(): DetectorTotals[];
  close(): Promise<void>;
}

/**
 * Opens a pool; every detector is loaded and has its states when the promise resolves. One that
 * cannot even open fails alone, in the first output.
 */
export async function openDetectorPool(options: PoolOptions): Promise<DetectorPool> {
  const { header, seed, slots, scoreStep = runScoreStep, restartsMax = 0 } = options;
  const { printed = () => undefined } = options;
  const setting = { header, seed, slots, scoreStep, printed, restartsMax };
  const shards = planShards(options).map((plan) => new Shard(plan, setting));
  try {
    const opened = await Promise.all(shards.map((shard) => shard.open()));
    return new ShardedPool(options, shards, opened);
  } catch (error) {
    await Promise.all(shards.map((shard) => shard.close()));
    throw error;
  }
}

function planShards({ detectors, workers }: PoolOptions): ShardPlan[] {
  const placed = detectors.map((loaded, index): PlacedDetector => ({ index, loaded }));
  const bundled = placed.filter(({ loaded }) => loaded.origin === 'built-in');
  const own = placed.filter(({ loaded }) => loaded.origin === 'file');
  const count = bundled.length === 0 ? 0 : Math.max(1, workers);
  return [
    ...Array.from({ length: count }, (_, index) => ({
      detectors: bundled,
      index,
      count,
      isolated: false,
    })),
    ...own.map((detector) => ({ detectors: [detector], index: 0, count: 1, isolated: true })),
  ];
}

class ShardedPool implements DetectorPool {
  readonly #shards: readonly Shard[];
  readonly #merge: OutputMerge;
  /** What opening said; it leaves with the first output. */
  #opened: readonly ShardAnswer[];
  /** The output before: outputs are merged in the order of the ranges. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: PoolOptions, shards: readonly Shard[], opened: readonly ShardAnswer[]) {
    this.#shards = shards;
    this.#merge = new OutputMerge(options.detectors.map((detector) => detector.id));
    this.#opened = opened;
  }

  process(range: DetectorRange): Promise<DetectorOutput> {
    const stopped = this.#merge.failed();
    return this.#run({ type: 'range', range, packed: null, stopped });
  }

  finish(through: Micros): Promise<DetectorOutput> {
    return this.#run({ type: 'finish', through, stopped: this.#merge.failed() });
  }

  totals(): DetectorTotals[] {
    return this.#merge.totals();
  }

  async close(): Promise<void> {
    await Promise.all(this.#shards.map((shard) => shard.close()));
  }

  #run(task: Exclude<ShardTask, { type: 'open' }>): Promise<DetectorOutput> {
    const answers = Promise.all(this.#shards.map((shard) => shard.run(task)));
    const opened = this.#opened;
    this.#opened = [];
    const output = this.#last.then(async () => this.#merge.add([...opened, ...(await answers)]));
    this.#last = output.catch(() => undefined);
    return output;
  }
}
