/** Warnings and errors in a few words: which kind of line is new, and an example of it. */
import type { LogFact } from './facts.ts';

export interface FrequentLine {
  /** The first of the lines read of its kind. */
  readonly example: LogFact;
  readonly count: number;
  /** Of how many lines read. */
  readonly of: number;
}

/** The most frequent kind of line in `now` that `before` did not have, or had three times less of. */
export function mostFrequentNew(
  now: readonly LogFact[],
  before: readonly LogFact[],
): FrequentLine | null {
  const usual = countKinds(before);
  let best: FrequentLine | null = null;
  for (const [kind, { count, example }] of countKinds(now)) {
    const expected = ((usual.get(kind)?.count ?? 0) / Math.max(1, before.length)) * now.length;
    const isNew = count > 3 * expected;
    if (isNew && count > (best?.count ?? 0)) best = { example, count, of: now.length };
  }
  return best;
}

/** The line without what varies (numbers, ids, quoted text), so that equal events look equal. */
export function kindOfLine(body: string): string {
  return body
    .slice(0, 400)
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '#')
    .replace(/\b(?:0x)?[0-9a-f]{12,}\b/gi, '#')
    .replace(/"[^"]*"|'[^']*'/g, '#')
    .replace(/\d+(?:[.:,]\d+)*/g, '#');
}

/** One short line without control, bidirectional and zero-width characters: logs may be hostile. */
export function cleanLine(body: string, charsMax: number): string {
  const line = body
    .slice(0, 2 * charsMax)
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g, ' ')
    .trim();
  return line.length <= charsMax ? line : `${line.slice(0, charsMax - 1)}…`;
}

function countKinds(lines: readonly LogFact[]): Map<string, { count: number; example: LogFact }> {
  const kinds = new Map<string, { count: number; example: LogFact }>();
  for (const line of lines) {
    const kind = kindOfLine(line.body);
    const known = kinds.get(kind);
    if (known) known.count++;
    else kinds.set(kind, { count: 1, example: line });
  }
  return kinds;
}
