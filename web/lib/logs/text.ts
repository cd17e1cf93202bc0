/** Log text comes from strangers: what would act on the page or deceive the eye is drawn as a sign. */

// Control characters, bidirectional overrides, zero-width and other invisible formatting.
const invisible = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** One line that shows everything that is in it. */
export function visible(text: string): string {
  return text.replace(invisible, sign);
}

/** The same over several lines: line breaks and tabs are themselves. */
export function visibleLines(text: string): string {
  return text.replace(invisible, (character) =>
    character === '\n' || character === '\t' ? character : sign(character),
  );
}

function sign(character: string): string {
  const code = character.charCodeAt(0);
  if (code === 9) return '→';
  if (code === 10) return '⏎';
  if (code < 32) return String.fromCharCode(0x2400 + code);
  if (code === 127) return '␡';
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

export interface TextPart {
  readonly text: string;
  readonly hit: boolean;
}

/** Whether the search text is in the line; nothing is in every line. */
export function occurs(line: string, search: string): boolean {
  return line.toLowerCase().includes(search.toLowerCase());
}

/** Cuts a line at each place where the search text occurs, at most 50 times. */
export function highlight(line: string, search: string): readonly TextPart[] {
  if (search === '') return [{ text: line, hit: false }];
  const parts: TextPart[] = [];
  const lower = line.toLowerCase();
  const wanted = search.toLowerCase();
  // Lower case can change the length of a line (İ); then the places don't match the original.
  if (lower.length !== line.length) return [{ text: line, hit: false }];
  let from = 0;
  for (let hits = 0; hits < 50; hits += 1) {
    const at = lower.indexOf(wanted, from);
    if (at < 0) break;
    if (at > from) parts.push({ text: line.slice(from, at), hit: false });
    parts.push({ text: line.slice(at, at + wanted.length), hit: true });
    from = at + wanted.length;
  }
  if (from < line.length) parts.push({ text: line.slice(from), hit: false });
  return parts;
}
