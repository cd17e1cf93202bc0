/** What an opened incident counts for. */
import type { OutagePlay } from '../../server/bench-answers.ts';
import type { Look } from '../state/look.ts';

type Counts = OutagePlay['opened'][number]['counts'];

export const openedLook: Readonly<Record<Counts, Look>> = {
  catch: { hue: 'ok', shape: '✓', word: 'caught it' },
  again: { hue: 'unknown', shape: '●', word: 'said again' },
  'false-alarm': { hue: 'high', shape: '◆', word: 'false alarm' },
};

/** Tailwind reads class names from the source, so they stand here whole. */
export const openedFill: Readonly<Record<Counts, string>> = {
  catch: 'fill-ok',
  again: 'fill-unknown',
  'false-alarm': 'fill-high',
};
