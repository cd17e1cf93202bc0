/** How a change between two boards is written. */
import type { Column, EntryComparison, FigureChange } from '../../../engine/benchmark/index.ts';
import { notMeasured } from '../format/figure.ts';
import { numberText } from './figure.ts';

export interface ChangeLook {
  readonly shape: string;
  readonly word: string;
  /** A class of text. */
  readonly text: string;
}

export function changeLook(paired: EntryComparison['paired']): ChangeLook {
  switch (paired?.verdict) {
    case 'better':
      return { shape: '▲', word: 'better', text: 'text-ok' };
    case 'worse':
      return { shape: '▼', word: 'worse', text: 'text-high' };
    case 'alike':
      return { shape: '●', word: 'no more than noise', text: 'text-ink-3' };
    default:
      return { shape: '○', word: 'nothing to pair', text: 'text-ink-3' };
  }
}

export function changeWords(paired: EntryComparison['paired']): string {
  if (!paired) return 'no item has a score on both boards';
  const { difference, correctedP, items } = paired;
  return `mean change ${signed(difference, 3)} over ${items} items, corrected p ${correctedP.toFixed(3)}`;
}

/** `0.812 ▲ 0.031`: what it is now, and how much better than it was. */
export function changeText(change: FigureChange | null, unit: Column['unit']): string {
  if (!change || change.after === null) return notMeasured;
  const now = numberText(change.after, unit);
  if (change.gain === null || change.gain === 0) return now;
  return `${now} ${change.gain > 0 ? '▲' : '▼'} ${numberText(Math.abs(change.gain), unit)}`;
}

function signed(value: number, digits: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
}
