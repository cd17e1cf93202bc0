/** A report of a benchmark that nobody played: two outages and a quiet day, as a board tells of them. */
import type { Board, BoardRow, Column, Mistake } from '../../engine/benchmark/index.ts';
import type { BenchReport } from '../../cli/output/bench-report.ts';

const minute = 60_000_000;

export const columns: readonly Column[] = [
  { id: 'f1', title: 'F1', unit: 'share', better: 'high', says: 'Of incidents.' },
  { id: 'recall', title: 'recall', unit: 'share', better: 'high', says: 'Outages caught.' },
  { id: 'false_alarms', title: 'false alarms', unit: '/h', better: 'low', says: 'For nothing.' },
  { id: 'ns_per_record', title: 'cost', unit: 'ns', better: 'low', says: 'Of this machine.' },
  { id: 'state_bytes', title: 'state', unit: 'bytes', better: 'low', says: 'As stored.' },
];

export function row(
  entry: string,
  given: Partial<BoardRow> & { readonly f1?: number } = {},
): BoardRow {
  const { f1 = 0.5, ...rest } = given;
  return {
    entry,
    role: 'asked',
    detectors: entry,
    figures: {
      f1: { value: f1, interval: { low: f1 / 2, high: Math.min(1, f1 * 1.5) } },
      recall: { value: f1, interval: null },
      false_alarms: { value: 0, interval: null },
      ns_per_record: { value: 1234.5, interval: null },
      state_bytes: { value: 4096, interval: null },
    },
    rank: 1,
    tiesWith: [],
    againstRandom: { difference: 0.4, p: 0.001, verdict: 'better' },
    failures: [],
    scores: [1, f1, 0],
    ...rest,
  };
}

export const missed: Mistake = {
  item: 'store-slow',
  seed: 2,
  kind: 'miss',
  tUs: 4 * minute,
  untilUs: 8 * minute,
  title: 'nothing was opened',
  cost: 0.1667,
  rows: null,
  score: null,
};

export const alarmed: Mistake = {
  ...missed,
  item: 'quiet',
  kind: 'false-alarm',
  tUs: 5.25e6,
  untilUs: 65.25e6,
  title: 'store: p95 is 3 sigma off',
  cost: 0.0001,
};

export function board(rows: readonly BoardRow[], given: Partial<Board> = {}): Board {
  const items = ['store-slow', 'push', 'quiet'].map((id) => ({
    ...{ id, kind: 'outage' as const, hash: `${id}-hash-of-64`, title: `${id}, a title` },
    ...{ category: 'latency', durationUs: 30 * minute },
    source: `/home/me/outages/${id}/scenario.yaml`,
  }));
  return {
    suite: 'quick',
    engineVersion: '0.1.0',
    items,
    seeds: [1, 2],
    columns,
    rankedBy: 'f1',
    rows,
    notes: ['An incident is one alarm.'],
    ...given,
  };
}

export function report(
  made: Board,
  {
    mistakes = {},
    ...given
  }: Partial<BenchReport> & {
    readonly mistakes?: Readonly<Record<string, readonly Mistake[]>>;
  } = {},
): BenchReport {
  const curve = { basis: 'incidents' as const, points: [], area: null };
  const own = new Map(Object.entries(mistakes));
  const entries = made.rows.map(({ entry }) => ({
    entry,
    curves: { held: curve, onset: curve },
    delays: { observable: null, onset: null },
    calibration: null,
    threshold: null,
    costColumn: 'f1',
    mistakes: own.get(entry) ?? [],
    mistakeCount: own.get(entry)?.length ?? 0,
  }));
  return {
    board: made,
    details: { entries },
    asked: [made.rows[0]?.entry ?? ''],
    gates: [],
    baseline: null,
    missing: 0,
    place: { cwd: '/home/me', program: 'workbench' },
    ...given,
  };
}
