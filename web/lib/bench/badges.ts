/** What stands beside an entry's name, in words and with a shape. */
import type { BoardRow } from '../../../engine/benchmark/index.ts';
import type { Look } from '../state/look.ts';

/** A random entry cannot be told from itself; who is no better than dice is told so. */
export function badgesOf({ role, againstRandom, failures }: BoardRow): readonly Look[] {
  const verdict = againstRandom?.verdict;
  return [
    ...(failures.length > 0 ? [{ hue: 'critical', shape: '▲', word: 'Failed' } as const] : []),
    ...(verdict === 'worse'
      ? [{ hue: 'high', shape: '◆', word: 'worse than random' } as const]
      : []),
    ...(verdict === 'alike' && role !== 'baseline'
      ? [{ hue: 'medium', shape: '■', word: 'not distinguishable from random' } as const]
      : []),
  ];
}

/** `1`, or `2=` where others may stand there as well. */
export function rankText({ rank, tiesWith }: BoardRow): string {
  return tiesWith.length > 0 ? `${rank}=` : String(rank);
}

const tiesNamedMax = 8;

export function tieWords({ tiesWith }: BoardRow): string {
  if (tiesWith.length === 0) return '';
  const rest = tiesWith.length - tiesNamedMax;
  const names = tiesWith.slice(0, tiesNamedMax).join(', ');
  return `cannot be told apart from ${names}${rest > 0 ? ` and ${rest} more` : ''}`;
}
