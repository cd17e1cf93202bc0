/**
 * Rows of a CSV file: quotes, embedded newlines and all; bounded memory. Lines are put together to
 * records here, and taken apart by the library: a quote that is never closed would have it take the
 * rest of the file for one record, and nobody would know how many rows were in it.
 */
import { CsvError, parse } from 'csv-parse/sync';
import { limits } from '../limits.ts';
import type { Intake } from './intake.ts';
import { readLines } from './text-lines.ts';

export interface CsvBlock {
  readonly rows: readonly (readonly string[])[];
  /** Line on which each row begins, 1-based. */
  readonly lines: readonly number[];
}

/** Rows of one block: pays for the hop between generators, costs no memory to speak of. */
const blockRows = 512;

/** Every row, the header too. A row that is no CSV is rejected with its line; the rest goes on. */
export async function* readCsv(
  file: string,
  intake: Intake,
  delimiter = ',',
): AsyncGenerator<CsvBlock> {
  const reject = (line: number, reason: string): void => intake.reject({ file, line, reason });
  const records = new Records(delimiter, reject);
  for await (const block of readLines(file, intake)) {
    for (const [i, line] of block.lines.entries()) {
      if (block.cut.has(i)) records.skip(block.first + i);
      else records.add(line, block.first + i);
      if (records.ready.length >= blockRows) yield rowsOf(records.take(), delimiter, reject);
    }
  }
  records.end();
  while (records.ready.length > 0) yield rowsOf(records.take(), delimiter, reject);
}

/** The first row of a file, trimmed; [] for an empty file. */
export async function readHeader(
  file: string,
  intake: Intake,
  delimiter = ',',
): Promise<readonly string[]> {
  for await (const block of readCsv(file, intake, delimiter)) {
    return (block.rows[0] ?? []).map((name) => name.trim());
  }
  return [];
}

interface CsvRecord {
  /** On which it begins. */
  readonly line: number;
  readonly text: string;
}

/** Times that the lines behind an open quote are looked at anew; a file that wants more is made to. */
const rescansMax = 100;

/** Lines on their way to records. */
class Records {
  ready: CsvRecord[] = [];
  readonly #delimiter: string;
  readonly #reject: (line: number, reason: string) => void;
  /** Lines of a record whose last quote is open. */
  #open: string[] = [];
  #first = 0;
  #chars = 0;
  #rescans = 0;

  constructor(delimiter: string, reject: (line: number, reason: string) => void) {
    this.#delimiter = delimiter;
    this.#reject = reject;
  }

  take(): CsvRecord[] {
    return this.ready.splice(0, blockRows);
  }

  add(line: string, number: number): void {
    if (this.#open.length === 0) {
      if (line === '') return;
      this.#first = number;
    }
    const isOpen = endsInQuotes(line, this.#delimiter, this.#open.length > 0);
    this.#open.push(line);
    this.#chars += line.length + 1;
    if (isOpen) {
      if (this.#chars > limits.lineBytesMax) this.#giveUp();
      return;
    }
    this.ready.push({ line: this.#first, text: this.#open.join('\n') });
    this.#close();
  }

  /** A line that is longer than a line may be. */
  skip(number: number): void {
    this.end();
    this.#reject(number, `longer than ${limits.lineBytesMax} bytes`);
  }

  end(): void {
    while (this.#open.length > 0) this.#giveUp();
  }

  /** The quote is a mistake: its line is rejected, and those behind it are lines of their own. */
  #giveUp(): void {
    const lines = this.#open;
    const first = this.#first;
    this.#close();
    this.#rescans += 1;
    for (const [i, line] of lines.entries()) {
      if (i === 0 || this.#rescans > rescansMax) this.#reject(first + i, 'a quote is not closed');
      else this.add(line, first + i);
    }
  }

  #close(): void {
    this.#open = [];
    this.#chars = 0;
  }
}

/** Whether a line ends within quotes. A quote opens only where a field begins; two are a character. */
function endsInQuotes(line: string, delimiter: string, startsInQuotes: boolean): boolean {
  if (!startsInQuotes && !line.includes('"')) return false;
  let at = startsInQuotes ? closingQuote(line, 0) : 0;
  if (at < 0) return true;
  if (startsInQuotes) at = nextField(line, delimiter, at);
  while (at >= 0) {
    if (line[at] === '"') {
      at = closingQuote(line, at + 1);
      if (at < 0) return true;
    }
    at = nextField(line, delimiter, at);
  }
  return false;
}

/** -1 where there is none. */
function closingQuote(line: string, from: number): number {
  let at = line.indexOf('"', from);
  while (at >= 0 && line[at + 1] === '"') at = line.indexOf('"', at + 2);
  return at;
}

/** -1 where there is none. */
function nextField(line: string, delimiter: string, from: number): number {
  const end = line.indexOf(delimiter, from);
  return end < 0 ? -1 : end + delimiter.length;
}

function rowsOf(
  records: readonly CsvRecord[],
  delimiter: string,
  reject: (line: number, reason: string) => void,
): CsvBlock {
  const all = parseRows(records.map(({ text }) => text).join('\n'), delimiter);
  if (all?.length === records.length) return { rows: all, lines: records.map(({ line }) => line) };
  const rows: (readonly string[])[] = [];
  const lines: number[] = [];
  for (const { line, text } of records) {
    const own = parseRows(text, delimiter);
    const [row] = own ?? [];
    if (row === undefined || own?.length !== 1) {
      reject(line, 'not CSV: a quote is misplaced');
    } else {
      rows.push(row);
      lines.push(line);
    }
  }
  return { rows, lines };
}

/** null where the text is no CSV. */
function parseRows(text: string, delimiter: string): string[][] | null {
  try {
    return parse(text, {
      delimiter,
      record_delimiter: '\n',
      relax_column_count: true,
      // A quote inside of a field, as a writer that lost half a line leaves it, is a character.
      relax_quotes: true,
    });
  } catch (error) {
    if (error instanceof CsvError) return null;
    throw error;
  }
}
