/**
 * Plays what a results file lacks, on as many threads as asked for. A play is kept when it is done, so
 * a kill costs the plays under way; order and threads change nothing but the time.
 */
import { setMaxListeners } from 'node:events';
import { Piscina } from 'piscina';
import { reviveError } from '../errors.ts';
import { limits } from '../limits.ts';
import { threadModule } from '../replay/thread.ts';
import type { JobReply } from './job/job-thread.ts';
import { cellKey } from './keys.ts';
import type { BenchEntry, BenchItem, BenchJob } from './model.ts';
import type { ResultsFile } from './results/results-file.ts';

export interface Benchmark {
  readonly items: readonly BenchItem[];
  readonly seeds: readonly number[];
  readonly entries: readonly BenchEntry[];
}

export interface BenchProgress {
  readonly done: number;
  readonly total: number;
  /** What was played last. */
  readonly item: string;
  readonly seed: number;
}

export interface BenchOptions {
  readonly engineVersion: string;
  /** Threads, at least 1. */
  readonly workers: number;
  readonly onProgress: (progress: BenchProgress) => void;
  /** Ends it: plays that are done stay. */
  readonly signal: AbortSignal;
}

/** How many plays there were to make. Throws what a play throws, and AbortError. */
export async function runBenchmark(
  benchmark: Benchmark,
  results: ResultsFile,
  { engineVersion, workers, onProgress, signal }: BenchOptions,
): Promise<number> {
  const jobs = missingJobs(benchmark, results.keys(), engineVersion);
  if (jobs.length === 0) return 0;
  const threads = Math.min(workers, jobs.length);
  const pool = new Piscina<BenchJob, JobReply>({
    filename: threadModule(import.meta.url, './job/job-thread.ts').href,
    minThreads: threads,
    maxThreads: threads,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: limits.benchmarkHeapMbMax },
  });
  // Every play listens for it, and there may be hundreds.
  setMaxListeners(0, signal);
  let done = 0;
  try {
    await Promise.all(
      jobs.map(async (job) => {
        const reply = await pool.run(job, { signal });
        if (!reply.ok) throw reviveError(reply.error);
        const { item, seed, entries } = job;
        const { records, truth, outcomes } = reply.result;
        results.add(
          { item: item.id, seed, records, truth },
          outcomes.map((outcome, i) => {
            const entry = entries[i] as BenchEntry;
            const key = cellKey(engineVersion, { item, entry, seed });
            return { key, item: item.id, seed, entry: entry.name, outcome };
          }),
        );
        onProgress({ done: ++done, total: jobs.length, item: item.id, seed });
      }),
    );
    return jobs.length;
  } finally {
    await pool.destroy();
  }
}

/** The longest first would need a guess of lengths; the order of the suite is what people expect to see. */
function missingJobs(
  { items, seeds, entries }: Benchmark,
  known: ReadonlySet<string>,
  engineVersion: string,
): BenchJob[] {
  return items.flatMap((item) =>
    seeds.flatMap((seed) => {
      const missing = entries.filter(
        (entry) => !known.has(cellKey(engineVersion, { item, entry, seed })),
      );
      return missing.length === 0
        ? []
        : parts(missing).map((part) => ({ item, seed, entries: part }));
    }),
  );
}

/**
 * One play for as many as it can hold: each detector that is asked for keeps states of its own for every
 * series. What is on every board is light, and comes with the last of them.
 */
function parts(entries: readonly BenchEntry[]): readonly (readonly BenchEntry[])[] {
  const asked = entries.filter(({ role }) => role === 'asked');
  const count = Math.max(1, Math.ceil(asked.length / limits.benchmarkEntriesPerPlayMax));
  const size = Math.ceil(asked.length / count);
  return Array.from({ length: count }, (_, i) => [
    ...asked.slice(i * size, (i + 1) * size),
    ...(i === count - 1 ? entries.filter(({ role }) => role !== 'asked') : []),
  ]);
}
