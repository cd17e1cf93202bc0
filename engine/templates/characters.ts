/** What each character may be part of. Classes are bits, so that a stretch of text adds up to one number. */
export const Class = {
  digit: 1,
  /** Letters that are also hexadecimal digits. */
  hexLetter: 2,
  letter: 4,
  dot: 8,
  /** Colon, hash and at: they join names and values within one stretch. */
  splitter: 16,
  slash: 32,
  /** Everything else that is printed and belongs to the stretch it stands in. */
  other: 64,
  /** Stands for itself, whatever is around it. */
  mark: 128,
  space: 256,
} as const;

const classes = new Uint16Array(128).map((_, code) => classOfAscii(String.fromCharCode(code)));

/** Bits of `Class` of the character at `at`, which must lie within the text. */
export function classAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 128 ? (classes[code] as number) : classOfWide(code);
}

function classOfAscii(character: string): number {
  if (character <= ' ' || character === '\x7f') return Class.space;
  if (character >= '0' && character <= '9') return Class.digit;
  if (/[a-f]/i.test(character)) return Class.hexLetter;
  if (/[a-z]/i.test(character)) return Class.letter;
  if (character === '.') return Class.dot;
  if (':#@'.includes(character)) return Class.splitter;
  if ('/\\'.includes(character)) return Class.slash;
  return `=,;()[]{}<>"'|`.includes(character) ? Class.mark : Class.other;
}

/** Beyond ASCII everything counts as a letter, but for what separates words. */
function classOfWide(code: number): number {
  const separates =
    code === 0xa0 ||
    code === 0x3000 ||
    code === 0xfeff ||
    code === 0x2028 ||
    code === 0x2029 ||
    (code >= 0x2000 && code <= 0x200b);
  return separates ? Class.space : Class.letter;
}
