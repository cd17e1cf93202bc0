/** The rows of a board: what was asked for, and the baselines that nobody gets rid of. */
import type { LoadedDetector } from '../detect/index.ts';
import { entryHash } from './keys.ts';
import type { BenchEntry } from './model.ts';

/** Detectors that show what a score is worth: silence, dice, a constant, yesterday. */
export const baselineIds: readonly string[] = ['null', 'random', 'constant', 'seasonal-naive'];
/** One seed is an anecdote. */
const randomSeeds = 5;

export function isRandomEntry(name: string): boolean {
  return /^random #\d+$/.test(name);
}

export interface EntriesAsked {
  /** Each is a row. */
  readonly asked: readonly LoadedDetector[];
  /** A row together, as in a run; empty where incidents are not what is scored. */
  readonly together: readonly LoadedDetector[];
  readonly baselines: readonly LoadedDetector[];
}

export function benchEntries({ asked, together, baselines }: EntriesAsked): BenchEntry[] {
  const own = asked.filter(({ id }) => !baselineIds.includes(id));
  return [
    ...own.map((loaded) => entryOf(loaded.id, 'asked', [loaded])),
    ...(together.length > 0 ? [entryOf('default set', 'asked', together)] : []),
    ...baselines.flatMap((loaded) =>
      loaded.id === 'random'
        ? Array.from({ length: randomSeeds }, (_, i) =>
            entryOf(`random #${i + 1}`, 'baseline', [loaded], i),
          )
        : [entryOf(loaded.id, 'baseline', [loaded])],
    ),
  ];
}

function entryOf(
  name: string,
  role: BenchEntry['role'],
  detectors: readonly LoadedDetector[],
  seedOffset = 0,
): BenchEntry {
  return { name, role, detectors, seedOffset, hash: entryHash(detectors, seedOffset) };
}
