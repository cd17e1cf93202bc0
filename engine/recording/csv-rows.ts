/** Rows of a CSV file: quotes, embedded newlines and all; bounded memory. */
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import type { Parser } from 'csv-parse';
import { WorkbenchError } from '../errors.ts';
import { limits } from '../limits.ts';
import { readBytes } from './file-bytes.ts';
import type { Intake } from './intake.ts';

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
  const parser = parse({
    bom: true,
    delimiter,
    skip_empty_lines: true,
    relax_column_count: true,
    // A quote that is never closed makes one record of the rest of the file.
    max_record_size: limits.lineBytesMax,
    // A quote inside of a field, as a writer that lost half a line leaves it, is a character.
    relax_quotes: true,
    skip_records_with_error: true,
    info: true,
    on_skip: (error) => {
      const line = error instanceof CsvError ? Number(error['lines'] ?? 0) : 0;
      intake.reject({ file, line, reason: 'not CSV: a quote is open or misplaced' });
    },
  });
  const feeding = pipeline(readBytes(file, intake), parser);
  // Looked at below; a failure must not count as unhandled until then.
  feeding.catch(() => undefined);
  try {
    yield* blocksOf(parser);
    await feeding;
  } catch (error) {
    throw asReadError(error, file);
  } finally {
    parser.destroy();
  }
}

async function* blocksOf(parser: Parser): AsyncGenerator<CsvBlock> {
  let rows: string[][] = [];
  let lines: number[] = [];
  let line = 1;
  for await (const item of parser as AsyncIterable<{ info: { lines: number }; record: string[] }>) {
    rows.push(item.record);
    lines.push(line);
    // The parser says where a row ends; the next one begins after it.
    line = item.info.lines + 1;
    if (rows.length < blockRows) continue;
    yield { rows, lines };
    rows = [];
    lines = [];
  }
  if (rows.length > 0) yield { rows, lines };
}

function asReadError(error: unknown, file: string): unknown {
  if (!(error instanceof CsvError)) return error;
  return new WorkbenchError(
    'RECORDING_UNREADABLE',
    { file, reason: error.message },
    { cause: error },
  );
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
