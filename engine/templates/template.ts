/** Templates as plain data, and what can be read from one. */
import { Class, classAt } from './characters.ts';
import { TokenKind, type Tokens } from './tokens.ts';

/** A part that the scan found to vary. */
export const variable = '';
/** A part in which different words were seen. No text of a line: NUL is white space there. */
export const learned = '\0';

export interface Template {
  readonly id: number;
  /** Text of the words and marks, `variable`, or `learned`; empty once it is part of another. */
  parts: string[];
  /** A blank or nothing for each part: whether white space was before it in the first line. */
  gaps: string[];
  /** The template that it has become a part of. */
  mergedInto: number | null;
}

/** Whether a part is nothing but signs: it says how a line is built, and never varies. */
export function isMark(part: string): boolean {
  if (isVariable(part)) return false;
  for (let at = 0; at < part.length; at++) {
    if ((classAt(part, at) & (Class.digit | Class.hexLetter | Class.letter)) !== 0) return false;
  }
  return true;
}

/** `user` of `user=root` and of `"user":"root"`: it belongs to how the line is built, as marks do. */
export function isKey(parts: readonly string[], at: number): boolean {
  if (isVariable(parts[at] ?? variable)) return false;
  const next = parts[at + 1];
  return next === '=' || ((next === '"' || next === "'") && parts[at + 2] === ':');
}

export function isVariable(part: string): boolean {
  return part === variable || part === learned;
}

/** `<*>` where it varies. */
export function textOf({ parts, gaps }: Template): string {
  const pieces = parts.map((part, at) => (gaps[at] ?? '') + (isVariable(part) ? '<*>' : part));
  return pieces.join('').trimStart();
}

/** What the line has in the places that vary; [] where the line is not one of the template. */
export function parametersIn({ parts }: Template, tokens: Tokens): string[] {
  const { text, count, kinds, starts, ends } = tokens;
  if (parts.length !== count) return [];
  const values: string[] = [];
  for (const [at, part] of parts.entries()) {
    const value = text.slice(starts[at], ends[at]);
    if (isVariable(part)) values.push(value);
    else if (kinds[at] === TokenKind.variable || value !== part) return [];
  }
  return values;
}
