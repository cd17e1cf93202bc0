/**
 * One pass over a line takes it apart into words, marks and variables. A stretch is what stands between
 * white space and marks; most are known by the classes of their characters added up. Only those with
 * slashes, colons and the like are looked at closer (stretch.ts). No regular expressions: the time is
 * linear in the length of the line, whatever is in it.
 */
import { Class, classAt } from './characters.ts';
import { addStretch } from './stretch.ts';
import { addMark, endTokens, type Tokens } from './tokens.ts';

const doubleQuote = 0x22;
const escape = 0x1b;
const openBracket = 0x5b;

/** Replaces the tokens by those of this line. */
export function scan(text: string, tokens: Tokens): void {
  tokens.text = text;
  tokens.count = 0;
  tokens.cut = false;
  tokens.quoted = false;
  const { length } = text;
  let at = 0;
  let gap = 0;
  while (at < length && !tokens.cut) {
    const first = classAt(text, at);
    if (first === Class.space) {
      const end = text.charCodeAt(at) === escape ? colourEnd(text, at) : at + 1;
      if (end === at + 1) gap = 1;
      at = end;
      continue;
    }
    if (first === Class.mark) {
      if (text.charCodeAt(at) === doubleQuote) tokens.quoted = !tokens.quoted;
      addMark(tokens, at, at + 1, gap);
      at += 1;
    } else {
      let classes = first;
      let end = at + 1;
      while (end < length) {
        const next = classAt(text, end);
        if (next >= Class.mark) break;
        classes |= next;
        end += 1;
      }
      at = addStretch(tokens, at, end, gap, classes);
    }
    gap = 0;
  }
  endTokens(tokens, length);
}

/** Where a colour of a terminal ends: `ESC [ 1 ; 31 m`. The escape alone where it is none. */
function colourEnd(text: string, start: number): number {
  if (text.charCodeAt(start + 1) !== openBracket) return start + 1;
  let at = start + 2;
  // Digits, colons, semicolons, and what else ECMA-48 takes for parameters; then one letter.
  while (text.charCodeAt(at) >= 0x30 && text.charCodeAt(at) <= 0x3f) at += 1;
  return text.charCodeAt(at) >= 0x40 && text.charCodeAt(at) <= 0x7e ? at + 1 : start + 1;
}
