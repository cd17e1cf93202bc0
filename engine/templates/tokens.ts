/**
 * The tokens of one line, in columns that are used again for the next line. Tokens are joined while
 * they are added, so that what varies in number (`1, 2, 3`), in form (`5 ms`, `0.3 KB (312 B)`) or is
 * not there (`user=`) is one variable either way.
 */
import { limits } from '../limits.ts';
import type { Tuning } from './tuning.ts';
import { isCalendarWord, isUnit } from './vocabulary.ts';

export const TokenKind = { word: 0, variable: 1, mark: 2 } as const;

/** What the scan goes by. */
export type ScanTuning = Pick<Tuning, 'hexCharsMin' | 'wordCharsMax'>;

export interface Tokens {
  readonly tuning: ScanTuning;
  text: string;
  count: number;
  /** Whether the line has more tokens than are kept. */
  cut: boolean;
  /** Whether a double quote is open where the scan is. */
  quoted: boolean;
  readonly kinds: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Whether white space is before the token: 0 or 1. */
  readonly gaps: Uint8Array;
  /** The character of a mark, doubled (`##`) or not; `noMark` for everything else. */
  readonly marks: Int32Array;
  /** Of the text of words and marks. */
  readonly hashes: Int32Array;
}

export function makeTokens(tuning: ScanTuning): Tokens {
  const room = limits.templateTokensMax;
  return {
    tuning,
    text: '',
    count: 0,
    cut: false,
    quoted: false,
    kinds: new Uint8Array(room),
    starts: new Int32Array(room),
    ends: new Int32Array(room),
    gaps: new Uint8Array(room),
    marks: new Int32Array(room),
    hashes: new Int32Array(room),
  };
}

const noMark = -1;

const code = {
  quote: 0x22,
  hash: 0x23,
  ampersand: 0x26,
  open: 0x28,
  close: 0x29,
  comma: 0x2c,
  minus: 0x2d,
  colon: 0x3a,
  semicolon: 0x3b,
  less: 0x3c,
  equals: 0x3d,
  greater: 0x3e,
  at: 0x40,
  openBracket: 0x5b,
  closeBracket: 0x5d,
  bar: 0x7c,
  closeBrace: 0x7d,
  tilde: 0x7e,
} as const;

// Positions go as plain arguments here: an object for each token would cost more than the token.

export function addWord(tokens: Tokens, start: number, end: number, gap: number): void {
  const { text, kinds, ends } = tokens;
  const last = tokens.count - 1;
  if (last >= 0 && kinds[last] === TokenKind.variable) {
    if (isUnit(text, start, end) || isCalendarWord(text, start, end)) {
      ends[last] = end;
      return;
    }
  } else if (gap === 1 && lacksValue(tokens, last)) {
    addEmpty(tokens, ends[last] as number);
  }
  append(tokens, TokenKind.word, start, end, gap, hashOf(text, start, end));
}

export function addMark(tokens: Tokens, start: number, end: number, gap: number): void {
  const { text } = tokens;
  if (end - start > 1) {
    const mark = repeatedCharacter(text, start, end);
    append(tokens, TokenKind.mark, start, end, gap, hashOf(text, start, end), mark);
    return;
  }
  const mark = text.charCodeAt(start);
  if (closesSomething(mark) && closes(tokens, mark, end, gap)) return;
  append(tokens, TokenKind.mark, start, end, gap, Math.imul(mark, 0x01000193), mark);
}

export function addVariable(tokens: Tokens, from: number, end: number, fromGap: number): void {
  const { text, kinds, starts, ends, gaps } = tokens;
  let start = from;
  let gap = fromGap;
  // `Mar 2`, `Fri Mar 2`: the words are part of the date.
  while (
    tokens.count > 0 &&
    kinds[tokens.count - 1] === TokenKind.word &&
    isCalendarWord(text, starts[tokens.count - 1] as number, ends[tokens.count - 1] as number)
  ) {
    tokens.count -= 1;
    start = starts[tokens.count] as number;
    gap = gaps[tokens.count] as number;
  }
  if (gap === 0 && isComparison(tokens, tokens.count - 1, end)) {
    tokens.count -= 1;
    start = starts[tokens.count] as number;
    gap = 1;
  }
  const last = tokens.count - 1;
  if (last >= 0 && kinds[last] === TokenKind.variable) {
    ends[last] = end;
  } else if (
    last >= 1 &&
    kinds[last - 1] === TokenKind.variable &&
    joins(tokens.marks[last] as number)
  ) {
    ends[last - 1] = end;
    tokens.count = last;
  } else {
    append(tokens, TokenKind.variable, start, end, gap, 0);
  }
}

/** `<1 sec`: about how much, not a bracket. */
function isComparison({ text, gaps, marks }: Tokens, at: number, end: number): boolean {
  if (at < 0 || gaps[at] === 0 || text.charCodeAt(end) === code.greater) return false;
  return marks[at] === code.less || marks[at] === code.greater;
}

/** To be called after the last token of a line. */
export function endTokens(tokens: Tokens, end: number): void {
  if (tokens.cut) {
    // What does not fit is one variable at the end.
    const last = limits.templateTokensMax - 1;
    tokens.kinds[last] = TokenKind.variable;
    tokens.ends[last] = end;
    tokens.count = limits.templateTokensMax;
  } else if (lacksValue(tokens, tokens.count - 1)) {
    addEmpty(tokens, end);
  }
}

/** What a closing mark makes of those before it; true where it is used up by that. */
function closes(tokens: Tokens, mark: number, end: number, gap: number): boolean {
  const last = tokens.count - 1;
  if (last < 0) return false;
  const opening = openingOf(mark);
  const isEmpty = opening > 0 && tokens.marks[last] === opening && begins(tokens, last);
  if (
    mark === code.quote
      ? isEmpty && gap === 0
      : isEmpty || (endsValue(mark) && lacksValue(tokens, last))
  ) {
    addEmpty(tokens, tokens.ends[last] as number);
  }
  return mark !== code.quote && opening > 0 && foldRepetition(tokens, opening, end);
}

function openingOf(mark: number): number {
  if (mark === code.close) return code.open;
  if (mark === code.closeBracket) return code.openBracket;
  return mark === code.quote ? code.quote : 0;
}

/** `1190 bytes (1.16 KB)`: said once more in brackets. Takes it away and answers true. */
function foldRepetition(tokens: Tokens, opening: number, end: number): boolean {
  const { kinds, ends } = tokens;
  const last = tokens.count - 1;
  const isOne =
    last >= 2 &&
    kinds[last] === TokenKind.variable &&
    tokens.marks[last - 1] === opening &&
    kinds[last - 2] === TokenKind.variable;
  if (!isOne) return false;
  ends[last - 2] = end;
  tokens.count = last - 1;
  return true;
}

/** An equals sign that belongs to the name before it and waits for what it equals. */
function lacksValue(tokens: Tokens, at: number): boolean {
  return at >= 1 && tokens.gaps[at] === 0 && tokens.marks[at] === code.equals;
}

/** A bracket or quote that begins something of its own: `()` of `init()` holds nothing that varies. */
function begins({ gaps, kinds }: Tokens, at: number): boolean {
  return at === 0 || gaps[at] === 1 || kinds[at - 1] === TokenKind.mark;
}

function closesSomething(mark: number): boolean {
  return mark === code.quote || endsValue(mark);
}

function endsValue(mark: number): boolean {
  return (
    mark === code.comma ||
    mark === code.semicolon ||
    mark === code.close ||
    mark === code.closeBracket ||
    mark === code.closeBrace
  );
}

/** Between two variables it makes a list or a compound of them. */
function joins(mark: number): boolean {
  return (
    mark === code.comma ||
    mark === code.bar ||
    mark === code.hash ||
    mark === code.colon ||
    mark === code.semicolon ||
    mark === code.at ||
    mark === code.ampersand ||
    mark === code.tilde ||
    mark === code.minus
  );
}

/** `noMark` where it is not the same all through. */
function repeatedCharacter(text: string, start: number, end: number): number {
  const first = text.charCodeAt(start);
  for (let at = start + 1; at < end; at++) {
    if (text.charCodeAt(at) !== first) return noMark;
  }
  return first;
}

function addEmpty(tokens: Tokens, at: number): void {
  append(tokens, TokenKind.variable, at, at, 0, 0);
}

function append(
  tokens: Tokens,
  kind: number,
  start: number,
  end: number,
  gap: number,
  hash: number,
  mark = noMark,
): void {
  const at = tokens.count;
  if (at >= limits.templateTokensMax) {
    tokens.cut = true;
    return;
  }
  tokens.kinds[at] = kind;
  tokens.starts[at] = start;
  tokens.ends[at] = end;
  tokens.gaps[at] = gap;
  tokens.hashes[at] = hash;
  tokens.marks[at] = mark;
  tokens.count = at + 1;
}

/** FNV-1a. A guess: what has the same hash is still compared. */
function hashOf(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
