/** Boards without a benchmark: a table of scores is all that statistics look at. */
import type { Board } from '../../engine/benchmark/index.ts';

/** One row per entry, one score per item; F1 is their mean. */
export function boardOf(
  scores: Readonly<Record<string, readonly (number | null)[]>>,
  changes: Partial<Board> = {},
): Board {
  const count = Math.max(...Object.values(scores).map(({ length }) => length));
  return {
    suite: 'made',
    engineVersion: '1.0.0',
    items: Array.from({ length: count }, (_, i) => ({
      id: `item-${i}`,
      kind: 'outage',
      hash: `hash-${i}`,
      title: `Item ${i}`,
      category: 'latency',
      durationUs: 600_000_000,
      source: `item-${i}/scenario.yaml`,
    })),
    seeds: [1],
    columns: [
      { id: 'f1', title: 'F1', unit: 'share', better: 'high', says: 'The mean.' },
      { id: 'delay', title: 'delay', unit: 's', better: 'low', says: 'A hundred times 1 - F1.' },
    ],
    rankedBy: 'f1',
    rows: Object.entries(scores).map(([entry, own]) => ({
      entry,
      role: 'asked',
      detectors: entry,
      figures: figuresOf(own.filter((score) => score !== null)),
      rank: 1,
      tiesWith: [],
      againstRandom: null,
      failures: [],
      scores: own,
    })),
    notes: [],
    ...changes,
  };
}

function figuresOf(scores: readonly number[]) {
  const f1 = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  return {
    f1: { value: f1, interval: null },
    delay: { value: 100 * (1 - f1), interval: null },
  };
}
