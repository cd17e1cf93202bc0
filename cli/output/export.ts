/** A run as text for other programs, piece by piece: the whole of it is never in memory. */
import {
  exportColumns,
  exportRows,
  exportTableNames,
  isTruthTable,
  lostBudgets,
  jsonColumns,
  questions,
  type ExportRow,
  type ExportTableName,
  type ExportValue,
  type RunReader,
} from '../../engine/query/index.ts';
import { csvLine } from './csv.ts';
import { jsonLine } from './json.ts';
import { runMarkdown, type TruthLine } from './markdown.ts';

export interface ExportChoice {
  /** Tables to export; empty means every one that may be. */
  readonly tables: readonly ExportTableName[];
  /** Ground truth too: faults, root cause and the scenario's text. */
  readonly withTruth: boolean;
}

/** One JSON object a line: the run, the rows of each table, and `end` with their counts. */
export function* exportNdjson(run: RunReader, choice: ExportChoice): Generator<string> {
  yield jsonLine({ schema: 1, type: 'run', ...questions.overview.answer(run, {}) });
  const counts: Record<string, number> = {};
  const all = exportTableNames.filter((name) => choice.withTruth || !isTruthTable(name));
  for (const name of choice.tables.length > 0 ? choice.tables : all) {
    const json = jsonColumns(name);
    let count = 0;
    for (const row of exportRows(run, name)) {
      count++;
      yield jsonLine({ type: name, ...withParsed(row, json) });
    }
    counts[name] = count;
  }
  yield jsonLine({ type: 'end', counts });
}

export function* exportCsv(
  run: RunReader,
  table: ExportTableName,
  options: { readonly raw: boolean },
): Generator<string> {
  const columns = exportColumns(run, table);
  yield csvLine(columns, { raw: true });
  for (const row of exportRows(run, table)) {
    yield csvLine(
      columns.map((column) => row[column] ?? null),
      options,
    );
  }
}

export function* exportMarkdown(run: RunReader, { withTruth }: ExportChoice): Generator<string> {
  const overview = questions.overview.answer(run, {});
  const t = Math.max(overview.throughUs, overview.durationUs);
  const { incidents } = questions.state.answer(run, { t });
  yield runMarkdown({
    overview,
    incidents: incidents.map(({ id }) => questions.incident.answer(run, { id, t })),
    lost: lostBudgets(run),
    truth: withTruth ? truthLines(run) : null,
  });
}

function truthLines(run: RunReader): TruthLine[] {
  const causes = [...exportRows(run, 'truth_cause')].map(({ service, fault, category }) => ({
    what: `root cause, ${text(category)}${fault ? ` (${fault})` : ''}`,
    service: text(service),
    from: null,
    to: null,
  }));
  const faults = [...exportRows(run, 'truth_fault')].map(({ id, kind, service, t_from, t_to }) => ({
    what: `${text(kind)} ${text(id)}`,
    service: text(service),
    from: moment(t_from),
    to: moment(t_to),
  }));
  return [...causes, ...faults];
}

/** Columns of JSON become what they say; one that does not parse stays the text that it is. */
function withParsed(row: ExportRow, columns: readonly string[]): Readonly<Record<string, unknown>> {
  const parsed: Record<string, unknown> = { ...row };
  for (const column of columns) {
    const value = row[column];
    if (typeof value !== 'string') continue;
    try {
      parsed[column] = JSON.parse(value);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return parsed;
}

function text(value: ExportValue | undefined): string {
  return String(value ?? '');
}

function moment(value: ExportValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
