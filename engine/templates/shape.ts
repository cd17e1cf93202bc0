/**
 * The shape of a line is its tokens with the variables left out. Most lines have a shape that is known,
 * and then finding its template costs one look-up and one comparison.
 */
import { variable } from './template.ts';
import { TokenKind, type Tokens } from './tokens.ts';

export interface Shape {
  readonly hash: number;
  /** Text of the words and marks, `variable` for the rest. */
  readonly parts: readonly string[];
  template: number;
}

export function partsOf(tokens: Tokens): string[] {
  const { text, count, kinds, starts, ends } = tokens;
  const parts: string[] = [];
  for (let at = 0; at < count; at++) {
    const isText = kinds[at] !== TokenKind.variable;
    parts.push(isText ? copyOf(text, starts[at] as number, ends[at] as number) : variable);
  }
  return parts;
}

/** Of the whole shape; small enough to stay a small integer of the engine. */
export function shapeHash({ count, kinds, hashes }: Tokens): number {
  let hash = count;
  for (let at = 0; at < count; at++) {
    const own = kinds[at] === TokenKind.variable ? 0x2545f491 : (hashes[at] as number);
    hash = Math.imul(hash ^ own, 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash & 0x3fffffff;
}

export function hasShape({ parts }: Shape, tokens: Tokens): boolean {
  const { text, count, kinds, starts, ends } = tokens;
  if (parts.length !== count) return false;
  for (let at = 0; at < count; at++) {
    const part = parts[at] as string;
    if (kinds[at] === TokenKind.variable) {
      if (part !== variable) return false;
    } else {
      if (!isText(part, text, starts[at] as number, ends[at] as number)) return false;
    }
  }
  return true;
}

/** Character by character: most parts are so short that a call of `startsWith` would cost more. */
function isText(part: string, text: string, start: number, end: number): boolean {
  const { length } = part;
  if (length !== end - start) return false;
  for (let at = 0; at < length; at++) {
    if (part.charCodeAt(at) !== text.charCodeAt(start + at)) return false;
  }
  return true;
}

/** Text of its own: a slice would keep the whole line in memory for as long as the slice lives. */
function copyOf(text: string, start: number, end: number): string {
  const slice = text.slice(start, end);
  const isAscii = Buffer.byteLength(slice, 'utf8') === slice.length;
  // One byte a character where that is enough, as the lines have it: the two are compared all the time.
  const encoding = isAscii ? 'latin1' : 'utf16le';
  return Buffer.from(slice, encoding).toString(encoding);
}
