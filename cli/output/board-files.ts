/** A board as a file for people (Markdown) or programs (CSV, JSON), by the ending of its name. */
import { extname } from 'node:path';
import type { Board } from '../../engine/benchmark/index.ts';
import { WorkbenchError } from '../../engine/errors.ts';
import { figureText } from './board.ts';
import { csvLine } from './csv.ts';
import { plural } from './format.ts';
import { plain } from './markdown-text.ts';

const writers: Readonly<Record<string, (board: Board) => string>> = {
  '.md': boardMarkdown,
  '.csv': boardCsv,
  '.json': (board) => `${JSON.stringify(board, null, 2)}\n`,
};

/** Before the long part, not after it. @throws WorkbenchError USAGE */
export function refuseUnknownEnding(file: string): void {
  writerOf(file);
}

/** @throws WorkbenchError USAGE */
export function boardText(board: Board, file: string): string {
  return writerOf(file)(board);
}

function writerOf(file: string): (board: Board) => string {
  const writer = writers[extname(file).toLowerCase()];
  if (writer) return writer;
  const reason = `--report ${file}: name a file that ends in ${Object.keys(writers).join(', ')}`;
  throw new WorkbenchError('USAGE', { reason });
}

export function boardMarkdown(board: Board): string {
  const heads = ['rank', 'detector', ...board.columns.map(({ title }) => title), ''];
  const rows = board.rows.map((row) => [
    String(row.rank),
    plain(row.entry),
    ...board.columns.map((column) =>
      figureText(row.figures[column.id] ?? null, column, { interval: true }),
    ),
    badge(row),
  ]);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `# Benchmark: ${plain(board.suite)}`,
    '',
    `${plural(board.items.length, 'item')}, ${plural(board.seeds.length, 'seed')} each, engine ${board.engineVersion}. Brackets: 95 % interval over items.`,
    '',
    line(heads),
    line(heads.map(() => '---')),
    ...rows.map(line),
    '',
    ...board.notes.map((note) => `- ${note}`),
    ...board.columns.map(({ title, says }) => `- **${title}**: ${says}`),
    '',
    '| item | hash |',
    '| --- | --- |',
    ...board.items.map(({ id, hash }) => line([plain(id), hash.slice(0, 12)])),
    '',
  ].join('\n');
}

function badge({ role, againstRandom, tiesWith, failures }: Board['rows'][number]): string {
  return [
    role === 'baseline' ? 'baseline' : '',
    againstRandom?.verdict === 'alike' ? 'not distinguishable from random' : '',
    againstRandom?.verdict === 'worse' ? 'worse than random' : '',
    tiesWith.length > 0 ? `ties with ${tiesWith.map(plain).join(', ')}` : '',
    ...failures.map(plain),
  ]
    .filter((text) => text !== '')
    .join('; ');
}

function boardCsv(board: Board): string {
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
