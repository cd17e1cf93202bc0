/**
 * Text from outside, made safe to show: a log line, a file name or a scenario's key may carry
 * escape sequences that move the cursor, set the clipboard or turn the reading direction. What is
 * not printable is made visible, by an allow-list: nothing new in Unicode slips through.
 */

/** Marks on one letter that any living language needs; more is a stack meant to cover its neighbours. */
const marksMax = 4;

/** Letters by category, blank by sight. */
const blankLetters = '\\u115f\\u1160\\u3164\\uffa0';
const unprintable = new RegExp(`[\\p{C}\\u2028\\u2029${blankLetters}]`, 'gu');
const markStack = new RegExp(`(\\p{M}{${marksMax}})(\\p{M}+)`, 'gu');
/** The common case needs no work: printable ASCII and tabs. */
const plain = /^[\t\x20-\x7e]*$/;

/**
 * The same text in one line that a terminal can only show: control characters become their
 * pictures (`␛`), other invisible ones their code (`⟨U+202E⟩`), towers of accents are cut and
 * counted. Tabs stay. Applying it twice changes nothing.
 */
export function printable(text: string): string {
  if (plain.test(text)) return text;
  return text
    .replace(unprintable, visible)
    .replace(markStack, (_, kept: string, rest: string) => `${kept}⟨+${[...rest].length} marks⟩`);
}

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x09) return character;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '␡';
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
