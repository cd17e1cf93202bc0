/** Lines of a file in blocks, with memory bounded by the longest line that is kept. */
import { WorkbenchError } from '../errors.ts';
import { limits } from '../limits.ts';
import { readBytes } from './file-bytes.ts';
import type { Intake } from './intake.ts';

export interface LineBlock {
  /** 1-based number of the first line. */
  readonly first: number;
  readonly lines: readonly string[];
  /** Indexes of lines that were longer than the limit and are cut. */
  readonly cut: ReadonlySet<number>;
}

const newline = 0x0a;
const carriageReturn = 0x0d;

/**
 * Invalid UTF-8 becomes U+FFFD; a byte order mark and the CR of CRLF are taken off. Lines that end
 * with a CR alone are known by a beginning without any newline.
 */
export async function* readLines(file: string, intake: Intake): AsyncGenerator<LineBlock> {
  let first = 1;
  let rest: Buffer = Buffer.alloc(0);
  // True while the rest of a line that is too long is thrown away.
  let skipping = false;
  let restIsCut = false;
  let separator: number | null = null;
  for await (const chunk of readBytes(file, intake)) {
    separator ??= separatorOf(chunk, file);
    const lines: string[] = [];
    const cut = new Set<number>();
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(separator, start);
      const piece = chunk.subarray(start, end < 0 ? chunk.length : end);
      if (!skipping) {
        rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
        if (rest.length > limits.lineBytesMax) {
          rest = rest.subarray(0, limits.lineBytesMax);
          restIsCut = true;
          skipping = true;
        }
      }
      if (end < 0) break;
      if (restIsCut) cut.add(lines.length);
      lines.push(decode(rest));
      rest = Buffer.alloc(0);
      restIsCut = false;
      skipping = false;
      start = end + 1;
    }
    // The chunk's memory belongs to the stream: what is carried over is copied.
    rest = Buffer.from(rest);
    if (lines.length > 0) yield { first, lines: first === 1 ? unmarked(lines) : lines, cut };
    first += lines.length;
  }
  if (rest.length > 0) {
    const lines = [decode(rest)];
    yield {
      first,
      lines: first === 1 ? unmarked(lines) : lines,
      cut: new Set(restIsCut ? [0] : []),
    };
  }
}

function separatorOf(beginning: Buffer, file: string): number {
  if (/^(fffe|feff)/.test(beginning.toString('hex', 0, 2))) {
    const reason = 'it is UTF-16; save it as UTF-8';
    throw new WorkbenchError('RECORDING_UNREADABLE', { file, reason });
  }
  const isOldMac = !beginning.includes(newline) && beginning.includes(carriageReturn);
  return isOldMac ? carriageReturn : newline;
}

function decode(line: Buffer): string {
  const end = line[line.length - 1] === carriageReturn ? line.length - 1 : line.length;
  return line.toString('utf8', 0, end);
}

function unmarked(lines: readonly string[]): readonly string[] {
  return lines.map((line, i) => (i === 0 && line.startsWith('\uFEFF') ? line.slice(1) : line));
}
