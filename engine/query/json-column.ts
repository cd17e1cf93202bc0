/** Columns that hold JSON are written by us, but a file is input: what does not parse is damage. */
import { reasonOf, WorkbenchError } from '../errors.ts';

/** The object in a JSON column; null and '' hold none. @throws WorkbenchError RUN_FILE_DAMAGED */
export function jsonObject(column: string | null): Readonly<Record<string, unknown>> {
  if (column === null || column === '') return {};
  const value = parse(column);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new WorkbenchError('RUN_FILE_DAMAGED', { file: 'the run file', reason: 'not an object' });
  }
  return { ...value };
}

/** The text values of a JSON object; others are left out. */
export function textsOf(column: string | null): Readonly<Record<string, string>> {
  const texts = Object.entries(jsonObject(column)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const details = { file: 'the run file', reason: reasonOf(error) };
    throw new WorkbenchError('RUN_FILE_DAMAGED', details, { cause: error });
  }
}
