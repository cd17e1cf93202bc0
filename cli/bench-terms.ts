/** What a board is held against: limits, and an older board. Read before the long part, which it may refuse. */
import { boardColumns, type Board, type MadeBoard } from '../engine/benchmark/index.ts';
import { WorkbenchError } from '../engine/errors.ts';
import { diffToBaseline, readOldBoard, requireComparable } from './bench-baseline.ts';
import {
  limitGates,
  parseAllowance,
  parseLimit,
  regressionGates,
  type Limit,
} from './bench-gates.ts';
import type { Suite } from './bench-suites.ts';
import type { Io } from './io.ts';
import { subjectsOf, type BenchReport } from './output/bench-report.ts';

export interface Terms {
  readonly limits: readonly Limit[];
  readonly baseline: {
    readonly file: string;
    readonly before: Board;
    /** Why the two do not compare, where that was forced. */
    readonly reasons: readonly string[];
  } | null;
  /** By what share a figure may fall behind; null where nobody asks. */
  readonly allowance: number | null;
}

export interface TermFlags {
  readonly failUnder: readonly string[];
  readonly baseline?: string;
  readonly maxRegress?: string;
  readonly force?: boolean;
}

/** @throws WorkbenchError USAGE, FILE_NOT_FOUND, BASELINE_UNREADABLE, RESULTS_FOREIGN, RESULTS_INCOMPARABLE */
export function readTerms(
  io: Pick<Io, 'cwd'>,
  { failUnder, baseline: file, maxRegress, force = false }: TermFlags,
  now: Board,
): Terms {
  if (file === undefined && (maxRegress !== undefined || force)) {
    const idle = force ? '--force' : '--max-regress';
    throw new WorkbenchError('USAGE', { reason: `${idle} is for a --baseline, and none is given` });
  }
  const limits = failUnder.map((text) => parseLimit(text, now.columns));
  const allowance = maxRegress === undefined ? null : parseAllowance(maxRegress);
  if (file === undefined) return { limits, allowance, baseline: null };
  const before = readOldBoard(io, file);
  const reasons = requireComparable(file, { before, now, force });
  return { limits, allowance, baseline: { file, before, reasons } };
}

/** What is known of a board before anything is played: enough to refuse an older one. */
export function boardToBe({ name: suite, items, seeds }: Suite, engineVersion: string): Board {
  const isSeries = items[0]?.kind === 'series';
  const unknown = { category: null, durationUs: null, source: '' };
  return {
    ...{ suite, engineVersion, seeds },
    items: items.map(({ id, kind, hash }) => ({ id, kind, hash, title: id, ...unknown })),
    columns: boardColumns(isSeries ? 'series' : 'outage'),
    rankedBy: isSeries ? 'vus_pr' : 'f1',
    rows: [],
    notes: [],
  };
}

export function reportOf(
  place: BenchReport['place'],
  { board: made, details, asked }: MadeBoard & Pick<BenchReport, 'asked'>,
  { limits, baseline: terms, allowance }: Terms,
): BenchReport {
  const board = terms === null ? made : noted(made, terms);
  const baseline = terms === null ? null : diffToBaseline(board, terms);
  const [subject] = subjectsOf({ board, asked });
  const gates = [
    ...(subject ? limitGates(subject, limits) : []),
    ...(baseline && allowance !== null ? regressionGates(baseline, allowance) : []),
  ];
  return { board, details, asked, gates, baseline, missing: 0, place };
}

function noted(board: Board, { file, reasons }: NonNullable<Terms['baseline']>): Board {
  if (reasons.length === 0) return board;
  const note = `Compared with ${file} by force, which differs: ${reasons.join('; ')}.`;
  return { ...board, notes: [...board.notes, note] };
}
