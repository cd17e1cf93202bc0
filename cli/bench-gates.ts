/** What a benchmark must hold: limits, and not falling behind an older board. */
import type { BoardRow, Column, Figure } from '../engine/benchmark/index.ts';
import { WorkbenchError } from '../engine/errors.ts';
import { shareText } from '../engine/wording.ts';
import {
  changeText,
  isComparable,
  pairedText,
  type BaselineDiff,
  type EntryDiff,
  type FigureDiff,
} from './output/bench-baseline.ts';
import type { Gate } from './output/bench-report.ts';

export interface Limit {
  readonly column: Column;
  readonly value: number;
}

/** `f1=0.8`, `recall=80%`. @throws WorkbenchError USAGE */
export function parseLimit(text: string, columns: readonly Column[]): Limit {
  const [, figure = '', number = ''] = /^([a-z0-9_]+)=(-?[\d.]+)(%?)$/.exec(text) ?? [];
  const value = text.endsWith('%') ? Number(number) / 100 : Number(number);
  if (figure === '' || !Number.isFinite(value)) {
    throw new WorkbenchError('USAGE', { reason: `--fail-under ${text}: write it as f1=0.8` });
  }
  const column = columns.find(({ id }) => id === figure);
  if (!column) {
    const known = columns.map(({ id }) => id).join(', ');
    throw new WorkbenchError('USAGE', { reason: `no figure ${figure}`, next: `figures: ${known}` });
  }
  return { column, value };
}

/** `2%`, `0.02`: the share of an older figure that the new one may be worse by. @throws WorkbenchError USAGE */
export function parseAllowance(text: string): number {
  const [, number = '', percent = ''] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  if (number !== '') return percent === '' ? Number(number) : Number(number) / 100;
  throw new WorkbenchError('USAGE', { reason: `--max-regress ${text}: write it as 2%` });
}

export function limitGates({ entry, figures }: BoardRow, limits: readonly Limit[]): Gate[] {
  return limits.map(({ column, value }) => {
    const found = figures[column.id] ?? null;
    const name = `${column.id} of at ${column.better === 'high' ? 'least' : 'most'} ${value}`;
    const says = `${entry}: ${column.id} is ${found?.value ?? 'unknown'}, the limit ${value}`;
    return { entry, name, passed: holds(found, { column, value }), says };
  });
}

function holds(found: Figure | null, { column, value }: Limit): boolean {
  if (found === null) return false;
  return column.better === 'high' ? found.value >= value : found.value <= value;
}

/** One for each figure that had a value before. */
export function regressionGates({ file, entries }: BaselineDiff, allowance: number): Gate[] {
  return entries.flatMap((diff) =>
    diff.figures.flatMap((figure): Gate[] => {
      const { column, worseBy } = figure;
      if (worseBy === null || !isComparable(column)) return [];
      const name = `${column.id} no more than ${shareText(allowance)} behind ${file}`;
      const passed = worseBy <= allowance;
      return [{ entry: diff.entry, name, passed, says: regressionText(diff, figure, allowance) }];
    }),
  );
}

function regressionText(
  { entry, paired }: EntryDiff,
  figure: FigureDiff,
  allowance: number,
): string {
  const chance = paired ? `; ${pairedText(paired)}` : '';
  return `${entry}: ${changeText(figure)}, ${shareText(allowance)} allowed${chance}`;
}
