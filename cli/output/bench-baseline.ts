/** What changed from an older board to this one, entry by entry and figure by figure. */
import type { Column } from '../../engine/benchmark/index.ts';
import { printable } from '../../engine/terminal-text.ts';
import { shareText } from '../../engine/wording.ts';
import { figureText } from './board.ts';
import type { Paint } from './style.ts';

export interface BaselineDiff {
  /** As it was typed. */
  readonly file: string;
  /** Why the two do not compare; none of these where nobody had to force it. */
  readonly reasons: readonly string[];
  readonly entries: readonly EntryDiff[];
  /** Asked for here and not known there. */
  readonly unknown: readonly string[];
}

export interface EntryDiff {
  readonly entry: string;
  readonly figures: readonly FigureDiff[];
  /** Of the scores by item; null where fewer than two items have one on both boards. */
  readonly paired: PairedDiff | null;
}

export interface FigureDiff {
  readonly column: Column;
  readonly before: number | null;
  readonly now: number | null;
  /**
   * By how much of what it was it is worse: 0.02 is 2 %, negative is better, Infinity where it was 0 or
   * is gone; null where there was nothing to fall behind.
   */
  readonly worseBy: number | null;
}

export interface PairedDiff {
  readonly items: number;
  /** Mean of now minus before. */
  readonly difference: number;
  /** After Holm, over all entries. */
  readonly p: number;
  readonly isMoreThanChance: boolean;
}

/** Time is this machine's, now: two boards say nothing of it. */
export function isComparable({ unit }: Column): boolean {
  return unit !== 'ns';
}

/** Figures that are another number now, as they are shown. */
export function changesOf({ figures }: EntryDiff): readonly FigureDiff[] {
  return figures.filter(({ column, before, now }) => isComparable(column) && before !== now);
}

/** `F1 0.800 → 0.750 (6.2 % worse)`. */
export function changeText({ column, before, now, worseBy }: FigureDiff): string {
  return `${column.title} ${valueText(before, column)} → ${valueText(now, column)}${verdict(worseBy)}`;
}

export function valueText(value: number | null, column: Column): string {
  return figureText(value === null ? null : { value, interval: null }, column, { interval: false });
}

function verdict(worseBy: number | null): string {
  const text = verdictText(worseBy);
  return text === '' ? '' : ` (${text})`;
}

export function verdictText(worseBy: number | null): string {
  if (worseBy === null || worseBy === 0) return '';
  const word = worseBy > 0 ? 'worse' : 'better';
  return Number.isFinite(worseBy) ? `${shareText(Math.abs(worseBy))} ${word}` : word;
}

/** `by item -0.050 on average of 5, p 0.31: may be chance`. */
export function pairedText({ items, difference, p, isMoreThanChance }: PairedDiff): string {
  if (difference === 0) return `the same on average of ${items} items`;
  const size = `${difference > 0 ? '+' : '−'}${Math.abs(difference).toFixed(3)}`;
  const says = isMoreThanChance ? 'more than chance' : 'may be chance';
  return `by item ${size} on average of ${items}, p ${p < 0.001 ? '< 0.001' : p.toFixed(3)}: ${says}`;
}

/** On a terminal. */
export function baselineLines(
  { file, reasons, entries, unknown }: BaselineDiff,
  paint: Paint,
): string[] {
  const forced = reasons.map((reason) =>
    paint('medium', `compared by force: ${printable(reason)}`),
  );
  const lines = entries.flatMap((diff) => {
    const changes = changesOf(diff);
    const name = printable(diff.entry);
    if (changes.length === 0) return [`${name}: every figure is the same`];
    const paired = diff.paired ? [`  ${paint('dim', pairedText(diff.paired))}`] : [];
    return [`${name}:`, ...changes.map((one) => `  ${tinted(one, paint)}`), ...paired];
  });
  const left = unknown.map((name) => paint('dim', `${printable(name)} is not there`));
  return [paint('bold', `against ${printable(file)}`), ...forced, ...lines, ...left];
}

function tinted(one: FigureDiff, paint: Paint): string {
  const text = changeText(one);
  if (one.worseBy === null || one.worseBy === 0) return text;
  return paint(one.worseBy > 0 ? 'critical' : 'ok', text);
}
