/** Bytes of a scenario file to text: UTF-8 only, and a clear word about everything else. */
import { limits } from '../limits.ts';
import type { RawProblem } from './problem.ts';

export type Decoded =
  { readonly text: string } | { readonly text: string; readonly problem: RawProblem };

/** The text with line ends as `\n`, so that a file has the same hash and lines on every system. */
export function decodeScenario(bytes: Uint8Array): Decoded {
  const foreign = foreignEncoding(bytes);
  if (foreign) {
    return refused('', { message: `the file is ${foreign}`, hint: 'save as UTF-8', offset: 0 });
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Replacement characters stand where the bytes are wrong: the first one is the place.
    const readable = lines(new TextDecoder('utf-8').decode(bytes));
    const at = firstInvalid(bytes, readable);
    const message = `byte ${at.byte} is not UTF-8`;
    return refused(readable, { message, hint: 'save as UTF-8', offset: at.offset });
  }
  return normaliseScenario(text);
}

/** The same for text that somebody else decoded. */
export function normaliseScenario(raw: string): Decoded {
  const text = lines(raw.startsWith('\ufeff') ? raw.slice(1) : raw);
  if (text.length > limits.scenarioBytesMax) {
    const message = `the file has ${text.length} characters; the limit is ${limits.scenarioBytesMax}`;
    return { text: '', problem: { kind: 'limit', message, offset: 0 } };
  }
  const nul = text.indexOf('\0');
  if (nul >= 0) return refused(text, { message: 'a NUL character', offset: nul });
  return { text };
}

function lines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

function refused(text: string, problem: Omit<RawProblem, 'kind'>): Decoded {
  return { text, problem: { kind: 'encoding', ...problem } };
}

function foreignEncoding(bytes: Uint8Array): string | null {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'UTF-32LE' : 'UTF-16LE';
  if (a === 0xfe && b === 0xff) return 'UTF-16BE';
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'UTF-32BE';
  // Without a mark: ASCII characters between zero bytes, as the first lines of every scenario are.
  if (a !== undefined && a > 0 && b === 0) return c === 0 && d === 0 ? 'UTF-32LE' : 'UTF-16LE';
  if (a === 0 && b !== undefined && b > 0) return 'UTF-16BE';
  if (a === 0 && b === 0 && c === 0 && d !== undefined && d > 0) return 'UTF-32BE';
  return null;
}

/** Where the first wrong byte is, by halving: the longest prefix that decodes. */
function firstInvalid(bytes: Uint8Array, readable: string): { byte: number; offset: number } {
  const decodes = (length: number) => {
    try {
      // `stream` forgives a character that the prefix cuts in two.
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  let good = 0;
  let bad = bytes.length;
  while (good + 1 < bad) {
    const middle = (good + bad) >>> 1;
    if (decodes(middle)) good = middle;
    else bad = middle;
  }
  // Without the beginning of the character that is wrong.
  const before = new TextDecoder('utf-8').decode(bytes.subarray(0, good), { stream: true });
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const byte = new TextEncoder().encode(before).length + mark + 1;
  return { byte, offset: Math.min(lines(before).length, readable.length) };
}
