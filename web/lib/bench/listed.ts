/** How far a benchmark is, as a state with a shape and a word. */
import type { Look } from '../state/look.ts';
import type { ListedBoard } from '../../server/bench-answers.ts';

export function listedLook({ missing, hasBoard }: Pick<ListedBoard, 'missing' | 'hasBoard'>): Look {
  if (missing > 0) return { hue: 'high', shape: '■', word: 'Cut off' };
  if (!hasBoard) return { hue: 'medium', shape: '○', word: 'No board' };
  return { hue: 'ok', shape: '✓', word: 'Finished' };
}
