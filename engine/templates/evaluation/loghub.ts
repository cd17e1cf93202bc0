/**
 * Folders as Loghub publishes them: `<System>/<System>_2k.log_structured.csv` with a line's Content, EventId
 * and EventTemplate, and beside it, where there is one, `…_structured_corrected.csv`, the same lines with
 * corrected templates (Khan et al., ICSE 2022).
 */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { reasonOf, WorkbenchError } from '../../errors.ts';
import { pathKind } from '../../path-kind.ts';
import { readCsv } from '../../recording/csv-rows.ts';
import { Intake } from '../../recording/intake.ts';
import { unknownGroup } from './grouping.ts';

export interface LoghubSystem {
  readonly name: string;
  readonly structuredFile: string;
  readonly correctedFile: string | null;
}

const structured = /^(.+?)(?:_2k|_full)?\.log_structured\.csv$/;

/** What pandas, with which the published scores were made, reads as no value at all. */
const noValues = new Set([
  ...['', '#N/A', '#N/A N/A', '#NA', '-1.#IND', '-1.#QNAN', '-NaN', '-nan', '1.#IND', '1.#QNAN'],
  ...['<NA>', 'N/A', 'NA', 'NULL', 'NaN', 'None', 'n/a', 'nan', 'null'],
]);

/** @throws WorkbenchError FILE_NOT_FOUND, LOGHUB_INVALID */
export function findSystems(folder: string): LoghubSystem[] {
  const found = pathKind(folder);
  if (found.kind === 'missing') throw new WorkbenchError('FILE_NOT_FOUND', { file: folder });
  if (found.kind !== 'folder') throw invalid(folder, 'it is no folder');
  const systems = [folder, ...subfolders(folder)].flatMap(systemsIn);
  if (systems.length === 0)
    throw invalid(folder, 'no *.log_structured.csv in it or one level below');
  return systems.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** One line and its group in the truth: equal numbers for equal groups, `unknownGroup` for none. */
export interface TrueLine {
  readonly content: string;
  readonly group: number;
}

/** @throws WorkbenchError LOGHUB_INVALID */
export async function* readTruth(
  file: string,
  groupColumn: 'EventId' | 'EventTemplate',
): AsyncGenerator<TrueLine> {
  const intake = new Intake();
  const groups = new Map<string, number>();
  let columns: { readonly content: number; readonly group: number } | null = null;
  for await (const { rows, lines } of readCsv(file, intake)) {
    refuseRejected(file, intake);
    for (const [at, row] of rows.entries()) {
      if (columns === null) {
        columns = columnsOf(file, row, groupColumn);
        continue;
      }
      const [content, name] = [row[columns.content], row[columns.group]];
      if (content === undefined || name === undefined) {
        throw invalid(file, `line ${lines[at]} has ${row.length} columns, too few`);
      }
      yield { content, group: groupOf(groups, name) };
    }
  }
  refuseRejected(file, intake);
  if (columns === null) throw invalid(file, 'it is empty');
}

export function invalid(file: string, reason: string): WorkbenchError {
  return new WorkbenchError('LOGHUB_INVALID', { file, reason });
}

function subfolders(folder: string): string[] {
  return entriesOf(folder)
    .map((name) => join(folder, name))
    .filter((path) => pathKind(path).kind === 'folder');
}

function systemsIn(folder: string): LoghubSystem[] {
  const names = entriesOf(folder);
  return names.flatMap((name) => {
    const [, system] = structured.exec(name) ?? [];
    if (system === undefined) return [];
    const corrected = name.replace(/\.csv$/, '_corrected.csv');
    return {
      name: system,
      structuredFile: join(folder, name),
      correctedFile: names.includes(corrected) ? join(folder, corrected) : null,
    };
  });
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    throw invalid(folder, reasonOf(error));
  }
}

function columnsOf(
  file: string,
  header: readonly string[],
  groupColumn: string,
): { readonly content: number; readonly group: number } {
  const names = header.map((name) => name.trim());
  const missing = ['Content', groupColumn].filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw invalid(file, `it has no column ${missing.join(' and no column ')}`);
  return { content: names.indexOf('Content'), group: names.indexOf(groupColumn) };
}

function groupOf(groups: Map<string, number>, name: string): number {
  if (noValues.has(name)) return unknownGroup;
  const known = groups.get(name);
  if (known !== undefined) return known;
  groups.set(name, groups.size);
  return groups.size - 1;
}

function refuseRejected(file: string, { rejections: [first] }: Intake): void {
  if (first) throw invalid(file, `line ${first.line}: ${first.reason} (${basename(first.file)})`);
}
