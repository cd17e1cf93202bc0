/**
 * A stretch is what stands between white space and marks. It is a word, a variable, a path, or several
 * of them joined by colons and the like: `uid:1000`, `10.0.0.1:80`, `Worker#5`, `ready.....1`.
 */
import { Class, classAt } from './characters.ts';
import { addPath, isPath } from './path.ts';
import { withoutTail } from './tail.ts';
import { addMark, addVariable, addWord, type Tokens } from './tokens.ts';
import { isHostName, isSourceFile } from './vocabulary.ts';

const textual = Class.digit | Class.hexLetter | Class.letter;
/** Without any of these, a short stretch is a word. */
const special = Class.digit | Class.dot | Class.splitter | Class.slash | Class.other;
/** Characters of one hexadecimal part of an address: `FF:F2:9F`, `fe80::1`. */
const hexPartCharsMax = 4;
/** Fewer parts than these are a name and a value: `fd:12`. */
const hexPartsMin = 3;

const code = { hash: 0x23, dot: 0x2e, zero: 0x30, nine: 0x39, colon: 0x3a, at: 0x40 } as const;

/** Adds the tokens of a stretch whose classes add up to `classes`; answers where to go on. */
export function addStretch(
  tokens: Tokens,
  start: number,
  end: number,
  gap: number,
  classes: number,
): number {
  if ((classes & special) === 0 && end - start < tokens.tuning.hexCharsMin) {
    addWord(tokens, start, end, gap);
    return end;
  }
  const { text } = tokens;
  const isOpenEnded = (classes & (Class.dot | Class.splitter | Class.other)) !== 0;
  const core = isOpenEnded ? withoutTail(text, start, end) : end;
  if ((classes & Class.slash) !== 0 && isPath(text, start, core)) {
    return addPath(tokens, start, end, gap);
  }
  const isJoined = (classes & Class.splitter) !== 0;
  const hasDigit = (classes & Class.digit) !== 0;
  if (
    hasDigit &&
    (!isJoined || hasDigitInEachPart(text, start, core)) &&
    !hasDots(text, start, core, classes)
  ) {
    addVariable(tokens, start, core, gap);
  } else if (isOpenEnded && partEnd(text, start, core) < core) addParts(tokens, start, core, gap);
  else if (core > start) addPart(tokens, start, core, gap, classes);
  if (core < end) addMark(tokens, core, end, core > start ? 0 : gap);
  return end;
}

function addParts(tokens: Tokens, start: number, end: number, gap: number): void {
  const { text } = tokens;
  if (isOneValue(tokens, start, end)) {
    addVariable(tokens, start, end, gap);
    return;
  }
  let at = start;
  while (at < end && !tokens.cut) {
    const partGap = at === start ? gap : 0;
    const next = partEnd(text, at, end);
    if (next > at) {
      addPart(tokens, at, next, partGap, classesOf(text, at, next));
      at = next;
    } else {
      const after = joinEnd(text, at, end);
      addMark(tokens, at, after, partGap);
      at = after;
    }
  }
}

function addPart(tokens: Tokens, start: number, end: number, gap: number, classes: number): void {
  if ((classes & textual) === 0) addMark(tokens, start, end, gap);
  else if (varies(tokens, start, end, classes)) addVariable(tokens, start, end, gap);
  else addWord(tokens, start, end, gap);
}

function varies({ text, tuning }: Tokens, start: number, end: number, classes: number): boolean {
  const chars = end - start;
  if ((classes & Class.digit) !== 0 || chars > tuning.wordCharsMax) return true;
  if (classes === Class.hexLetter) return chars >= tuning.hexCharsMin;
  return (classes & Class.dot) !== 0 && isHostName(text, start, end);
}

/** The common case of one value: `12:30:01`, `10.0.0.1:80`. */
function hasDigitInEachPart(text: string, start: number, end: number): boolean {
  let chars = 0;
  let digits = 0;
  for (let at = start; at < end; at++) {
    const character = text.charCodeAt(at);
    if (character === code.colon || character === code.hash || character === code.at) {
      if (digits === 0 && (chars > 0 || at === start)) return false;
      chars = 0;
      digits = 0;
    } else {
      chars += 1;
      if (character >= code.zero && character <= code.nine) digits += 1;
    }
  }
  return digits > 0 || chars === 0;
}

function hasDots(text: string, start: number, end: number, classes: number): boolean {
  if ((classes & Class.dot) === 0) return false;
  for (let at = start + 1; at < end; at++) {
    if (text.charCodeAt(at) === code.dot && text.charCodeAt(at - 1) === code.dot) return true;
  }
  return false;
}

/** Whether the parts are one value: an address, a time, a host with its port, a place in the source. */
function isOneValue(tokens: Tokens, start: number, end: number): boolean {
  const { text } = tokens;
  const firstEnd = partEnd(text, start, end);
  if (firstEnd === start) return false;
  let parts = 0;
  let varying = 0;
  let isAddress = true;
  let at = start;
  while (at < end) {
    const next = partEnd(text, at, end);
    const classes = classesOf(text, at, next);
    if (next > at) {
      parts += 1;
      if ((classes & textual) !== 0 && varies(tokens, at, next, classes)) varying += 1;
      else isAddress &&= classes === Class.hexLetter && next - at <= hexPartCharsMax;
    }
    if (next === end) break;
    if (text.charCodeAt(next) === code.dot) isAddress = false;
    at = joinEnd(text, next, end);
  }
  if (isAddress && varying > 0 && (varying === parts || parts >= hexPartsMin)) return true;
  return isNamedPlace(text, start, firstEnd, end);
}

/** `web.example.com:80`, `worker.py:120`, `someone@example.com`. */
function isNamedPlace(text: string, start: number, firstEnd: number, end: number): boolean {
  const second = firstEnd + 1;
  if (partEnd(text, second, end) < end || second >= end) return false;
  const join = text.charCodeAt(firstEnd);
  const classes = classesOf(text, second, end);
  if (join === code.at) return (classes & Class.dot) !== 0;
  if (join !== code.colon || classes !== Class.digit) return false;
  return isHostName(text, start, firstEnd) || isSourceFile(text, start, firstEnd);
}

/** Where the part that begins at `start` ends: at a joint, or at two dots or more. */
function partEnd(text: string, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    const character = text.charCodeAt(at);
    if (character === code.colon || character === code.hash || character === code.at) return at;
    if (character === code.dot && text.charCodeAt(at + 1) === code.dot && at + 1 < end) return at;
  }
  return end;
}

/** Where the joint that begins at `start` ends. */
function joinEnd(text: string, start: number, end: number): number {
  const isDots = text.charCodeAt(start) === code.dot;
  let at = start + 1;
  while (at < end) {
    const character = text.charCodeAt(at);
    const goesOn = isDots
      ? character === code.dot
      : character === code.colon || character === code.hash || character === code.at;
    if (!goesOn) break;
    at += 1;
  }
  return at;
}

function classesOf(text: string, start: number, end: number): number {
  let classes = 0;
  for (let at = start; at < end; at++) classes |= classAt(text, at);
  return classes;
}
