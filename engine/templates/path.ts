/** Paths, addresses on the web, and what a client calls itself. */
import { Class, classAt } from './characters.ts';
import { withoutTail } from './tail.ts';
import { addMark, addVariable, TokenKind, type Tokens } from './tokens.ts';

const code = {
  quote: 0x22,
  slash: 0x2f,
  colon: 0x3a,
  equals: 0x3d,
  backslash: 0x5c,
  underscore: 0x5f,
  openBrace: 0x7b,
  closeBrace: 0x7d,
  tilde: 0x7e,
} as const;

/** A stretch with a slash: `/var/log`, `a/b/c`, `lib/x.so`, `C:\Temp`, `https://…`, but not `read/write`. */
export function isPath(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start);
  if (first === code.slash) return true;
  let slashes = 0;
  let others = 0;
  let hasText = false;
  for (let at = start; at < end; at++) {
    const classes = classAt(text, at);
    if (classes === Class.slash) {
      slashes += 1;
      if (at === start + 2 && text.charCodeAt(at - 1) === code.colon) return true;
    } else if (
      classes === Class.dot ||
      classes === Class.digit ||
      text.charCodeAt(at) === code.underscore
    ) {
      others += 1;
    }
    hasText ||= classes === Class.letter || classes === Class.hexLetter || classes === Class.digit;
  }
  return hasText && (slashes >= 2 || (slashes === 1 && (others > 0 || first === code.tilde)));
}

/** Adds a path, which goes on past some marks (`/find?a=1&b=2`); answers where to go on. */
export function addPath(tokens: Tokens, start: number, stretchEnd: number, gap: number): number {
  const { text } = tokens;
  const agentEnd = agentEndOf(tokens, start, stretchEnd);
  if (agentEnd > 0) {
    addVariable(tokens, start, agentEnd, gap);
    return agentEnd;
  }
  const end = pathEnd(tokens, stretchEnd);
  const core = Math.max(withoutTail(text, start, end), start + 1);
  addVariable(tokens, start, core, gap);
  if (core < end) addMark(tokens, core, end, 0);
  return end;
}

/** In quotes it goes on to the quote; `?a=1` and `/{id}` belong to it in any case. */
function pathEnd({ text, quoted }: Tokens, from: number): number {
  let braces = 0;
  let at = from;
  while (at < text.length) {
    const classes = classAt(text, at);
    if (classes === Class.space) break;
    if (classes === Class.mark) {
      const mark = text.charCodeAt(at);
      if (mark === code.openBrace) braces += 1;
      else if (mark === code.closeBrace && braces > 0) braces -= 1;
      else if (mark === code.quote || (!quoted && mark !== code.equals)) break;
    }
    at += 1;
  }
  return at;
}

/**
 * `"Mozilla/5.0 (…) …"`: quotes that begin with a product and its version hold what a client says of
 * itself, which is free text (RFC 9110, 10.1.5). 0 where they do not.
 */
function agentEndOf(
  { text, quoted, count, kinds, starts }: Tokens,
  start: number,
  end: number,
): number {
  if (!quoted || count === 0 || kinds[count - 1] !== TokenKind.mark) return 0;
  if (text.charCodeAt(starts[count - 1] as number) !== code.quote) return 0;
  const slash = text.indexOf('/', start);
  const isProduct =
    slash > start &&
    slash + 1 < end &&
    classAt(text, slash + 1) === Class.digit &&
    (classAt(text, start) & (Class.letter | Class.hexLetter)) !== 0;
  if (!isProduct) return 0;
  let closing = text.indexOf('"', end);
  while (closing > 0 && text.charCodeAt(closing - 1) === code.backslash) {
    closing = text.indexOf('"', closing + 1);
  }
  return Math.max(closing, 0);
}
