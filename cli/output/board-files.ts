/** A board as a file, by the ending of its name: for people, for programs, for a CI system. */
import { extname } from 'node:path';
import { WorkbenchError } from '../../engine/errors.ts';
import { boardJunit } from './bench-junit.ts';
import type { BenchReport } from './bench-report.ts';
import { boardHtml } from './board-html.ts';
import { boardMarkdown } from './board-markdown.ts';
import { csvLine } from './csv.ts';

const writers: Readonly<Record<string, (report: BenchReport) => string>> = {
  '.md': boardMarkdown,
  '.html': boardHtml,
  '.csv': boardCsv,
  '.json': boardJson,
  '.xml': boardJunit,
};

/** Before the long part, not after it. @throws WorkbenchError USAGE */
export function refuseUnknownEnding(file: string): void {
  writerOf(file);
}

/** @throws WorkbenchError USAGE */
export function boardText(report: BenchReport, file: string): string {
  return writerOf(file)(report);
}

function writerOf(file: string): (report: BenchReport) => string {
  const writer = writers[extname(file).toLowerCase()];
  if (writer) return writer;
  const endings = Object.keys(writers).join(', ');
  const reason = `--report ${file}: name a file that ends in ${endings} (.xml is JUnit)`;
  throw new WorkbenchError('USAGE', { reason });
}

/** What `--baseline` reads again. */
function boardJson({ board, gates, baseline }: BenchReport): string {
  return `${JSON.stringify({ ...board, gates, baseline }, null, 2)}\n`;
}

function boardCsv({ board }: BenchReport): string {
  const heads = board.columns.flatMap(({ id }) => [id, `${id}_low`, `${id}_high`]);
  const raw = { raw: false };
  return [
    csvLine(['rank', 'entry', 'role', 'against_random', ...heads], raw),
    ...board.rows.map((row) =>
      csvLine(
        [
          row.rank,
          row.entry,
          row.role,
          row.againstRandom?.verdict ?? null,
          ...board.columns.flatMap(({ id }) => {
            const figure = row.figures[id] ?? null;
            return [
              figure?.value ?? null,
              figure?.interval?.low ?? null,
              figure?.interval?.high ?? null,
            ];
          }),
        ],
        raw,
      ),
    ),
  ].join('');
}
