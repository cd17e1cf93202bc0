/**
 * A board as a comment of a pull request: what came of the detector asked for in a few lines, beside the
 * set that `run` uses and the baselines; what changed; what it got worst and how to see that; and
 * everything else folded away.
 */
import { basename } from 'node:path';
import type { Board, BoardRow, Column, Figure } from '../../engine/benchmark/index.ts';
import { printable } from '../../engine/terminal-text.ts';
import { changesOf, pairedText, valueText, verdictText, type EntryDiff } from './bench-baseline.ts';
import { toldMistakes } from './bench-mistakes.ts';
import { aboutBoard, detailsOf, subjectsOf, usualSet, type BenchReport } from './bench-report.ts';
import { figureText, intervalText } from './board.ts';
import { plural } from './format.ts';
import { plain } from './markdown-text.ts';

/** Columns of the table on top: more are not read in a comment, and are in the one below. */
const topColumnsMax = 6;
const mistakesShown = 3;

export function boardMarkdown(report: BenchReport): string {
  const { board } = report;
  const blocks = [
    `# Benchmark: ${plain(basename(board.suite))}`,
    `${aboutBoard(board)}. Brackets: ${intervalText}.`,
    ...verdictBlocks(report),
    topTable(report),
    ...baselineBlocks(report),
    ...mistakeBlocks(report),
    ...foldedBlocks(board),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** Where each entry asked for stands, and whether it holds what it must. */
function verdictBlocks(report: BenchReport): string[] {
  const { board, gates, missing } = report;
  const cut = missing === 0 ? [] : [`- **Cut off**: ${plural(missing, 'score')} missing`];
  const stands = subjectsOf(report).map((row) => `- ${standingText(board, row)}`);
  const held = gates.filter(({ passed }) => passed).length;
  const missed = gates.filter(({ passed }) => !passed).map(({ says }) => `- ❌ ${plain(says)}`);
  const kept = held === 0 ? [] : [`- ✅ ${plural(held, 'limit')} kept`];
  return [[...cut, ...stands, ...missed, ...kept].join('\n')];
}

function standingText(board: Board, row: BoardRow): string {
  const column = board.columns.find(({ id }) => id === board.rankedBy);
  const figure = row.figures[board.rankedBy] ?? null;
  const value = column ? `, ${column.title} ${figureText(figure, column, { interval: true })}` : '';
  const place = `rank ${row.rank} of ${board.rows.length}`;
  return [`**${plain(row.entry)}**: ${place}${value}`, tiesText(board, row), ...badges(row)]
    .filter((text) => text !== '')
    .join('; ');
}

/** Names only where they tell something: one of many ties is the rule on few items. */
function tiesText(board: Board, { tiesWith }: BoardRow): string {
  if (tiesWith.length === 0) return '';
  if (tiesWith.length === board.rows.length - 1) return 'ties with all others';
  const known = board.rows.filter(({ entry }) => tiesWith.includes(entry));
  const own = known.filter(({ role }) => role !== 'baseline').map(({ entry }) => plain(entry));
  const rest = known.length - own.length;
  return `ties with ${[...own, ...(rest > 0 ? [plural(rest, 'baseline')] : [])].join(', ')}`;
}

function badges({ role, againstRandom, failures }: BoardRow): string[] {
  const own = role !== 'baseline';
  return [
    own && againstRandom?.verdict === 'alike' ? '⚠️ not distinguishable from random' : '',
    own && againstRandom?.verdict === 'worse' ? '⚠️ worse than random' : '',
    own && againstRandom?.verdict === 'better' ? 'better than random' : '',
    ...failures.map((failure) => `❌ failed: ${plain(failure)}`),
  ].filter((text) => text !== '');
}

/** What was asked for first, then what it has to be better than. */
function topTable(report: BenchReport): string {
  const { board } = report;
  const subjects = subjectsOf(report);
  const usual = board.rows.filter(({ entry }) => entry === usualSet);
  const baselines = board.rows.filter(({ role }) => role === 'baseline');
  const rows = [...new Set([...subjects, ...usual, ...withoutDice(baselines)])];
  const ranked = board.columns.find(({ id }) => id === board.rankedBy);
  const others = board.columns.filter(({ id, unit }) => id !== ranked?.id && isScore(unit));
  const columns = [...(ranked ? [ranked] : []), ...others].slice(0, topColumnsMax);
  return table(
    ['detector', ...columns.map(({ title }) => title)],
    [
      ...rows.map((row) => [
        subjects.includes(row) ? `**${plain(row.entry)}**` : plain(row.entry),
        // Intervals of all of them would be a wall of digits: they are in the table below.
        ...columns.map((column) => cell(row.figures[column.id] ?? null, column, column === ranked)),
      ]),
      ...diceRows(baselines, columns),
    ],
  );
}

function isScore(unit: Column['unit']): boolean {
  return unit !== 'ns' && unit !== 'bytes';
}

const dice = /^random #\d+$/;

function withoutDice(baselines: readonly BoardRow[]): BoardRow[] {
  return baselines.filter(({ entry }) => !dice.test(entry));
}

/** Five rows of dice tell no more than their mean, of what each of them has. */
function diceRows(baselines: readonly BoardRow[], columns: readonly Column[]): string[][] {
  const rows = baselines.filter(({ entry }) => dice.test(entry));
  if (rows.length === 0) return [];
  return [
    [
      `random, mean of ${plural(rows.length, 'seed')}`,
      ...columns.map((column) => {
        const known = rows.flatMap(({ figures }) => figures[column.id]?.value ?? []);
        const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
        return valueText(known.length < rows.length ? null : mean, column);
      }),
    ],
  ];
}

/** An interval is not for breaking. */
function cell(figure: Figure | null, column: Column, interval = true): string {
  return figureText(figure, column, { interval }).replace(', ', ',\u00a0');
}

function baselineBlocks({ baseline }: BenchReport): string[] {
  if (!baseline) return [];
  const forced = baseline.reasons.map((reason) => `> ⚠️ Compared by force: ${plain(reason)}.`);
  const unknown = baseline.unknown.map((name) => `${plain(name)} is not there.`);
  return [
    `## Against ${plain(baseline.file)}`,
    ...(forced.length > 0 ? [forced.join('\n')] : []),
    ...baseline.entries.flatMap(diffBlocks),
    ...(unknown.length > 0 ? [unknown.join(' ')] : []),
  ];
}

function diffBlocks(diff: EntryDiff): string[] {
  const changes = changesOf(diff);
  if (changes.length === 0) return [`**${plain(diff.entry)}**: every figure is the same.`];
  const paired = diff.paired ? `, ${pairedText(diff.paired)}` : '';
  const rows = changes.map(({ column, before, now, worseBy }) => [
    column.title,
    valueText(before, column),
    valueText(now, column),
    `${worseBy !== null && worseBy > 0 ? '🔻 ' : ''}${verdictText(worseBy)}`,
  ]);
  return [`**${plain(diff.entry)}**${paired}`, table(['figure', 'before', 'now', ''], rows)];
}

/** Of the first one asked for. */
function mistakeBlocks(report: BenchReport): string[] {
  const [row] = subjectsOf(report);
  const count = row ? (detailsOf(report, row.entry)?.mistakeCount ?? 0) : 0;
  if (!row || count === 0) return [];
  const told = toldMistakes(report, row, mistakesShown);
  const worst = told.length < count ? `worst ${told.length} of ` : '';
  const heading = count === 1 ? 'only mistake' : `${worst}${plural(count, 'mistake')}`;
  return [
    `## The ${heading} of ${plain(row.entry)}`,
    ...told.flatMap(({ kind, play, when, cost, mistake, rows, source, command }) => [
      `- **${kind}** ${plain(play)}, ${when}, ${cost}: ${plain(mistake.title)}` +
        (rows === null ? '' : ` (${rows}${source === null ? '' : `, ${plain(source)}`})`),
      ...(command === null ? [] : [`  \`\`\`sh\n  ${printable(command)}\n  \`\`\``]),
    ]),
  ];
}

function foldedBlocks(board: Board): string[] {
  const all = table(
    ['rank', 'detector', ...board.columns.map(({ title }) => title), ''],
    board.rows.map((row) => [
      String(row.rank),
      plain(row.entry),
      ...board.columns.map((column) => cell(row.figures[column.id] ?? null, column)),
      [row.role === 'baseline' ? 'baseline' : '', tiesText(board, row), ...badges(row)]
        .filter((text) => text !== '')
        .join('; '),
    ]),
  );
  const says = [
    ...board.notes.map((note) => `- ${note}`),
    ...board.columns.map(({ title, says }) => `- **${title}**: ${says}`),
  ].join('\n');
  const items = table(
    ['item', 'hash'],
    board.items.map(({ id, hash }) => [plain(id), `\`${hash.slice(0, 12)}\``]),
  );
  return [
    folded(
      `All ${plural(board.rows.length, 'entry').replace('entrys', 'entries')}, every figure`,
      all,
    ),
    folded('How to read it', says),
    folded(`The ${plural(board.items.length, 'item')}`, items),
  ];
}

/** Markdown inside needs an empty line around it. */
function folded(summary: string, inside: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${inside}\n\n</details>`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}
