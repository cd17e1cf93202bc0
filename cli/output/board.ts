/** A board on a terminal: entries down, figures across, as many as fit. */
import type { Board, BoardRow, Column, Figure } from '../../engine/benchmark/index.ts';
import { printable } from '../../engine/terminal-text.ts';
import { bytes, plural } from './format.ts';
import type { Paint } from './style.ts';

const gap = '  ';

export function boardLines(
  board: Board,
  { columns: width, paint }: { readonly columns: number; readonly paint: Paint },
): string[] {
  const cells = board.rows.map((row) => [String(row.rank), printable(row.entry)]);
  const shown = fitting(board, width);
  const heads = ['', 'detector', ...shown.map(({ title }) => title)];
  const table = board.rows.map((row, r) => [
    ...(cells[r] ?? []),
    ...shown.map((column) =>
      figureText(row.figures[column.id] ?? null, column, {
        interval: column.id === board.rankedBy,
      }),
    ),
  ]);
  const widths = heads.map((head, c) =>
    Math.max(head.length, ...table.map((line) => (line[c] ?? '').length)),
  );
  const line = (parts: readonly string[]): string =>
    parts
      .map((part, c) => (c === 1 ? part.padEnd(widths[c] ?? 0) : part.padStart(widths[c] ?? 0)))
      .join(gap);
  const about = `${board.suite}: ${plural(board.items.length, 'item')}, ${plural(board.seeds.length, 'seed')}, engine ${board.engineVersion}`;
  return [
    paint('bold', about),
    '',
    paint('dim', line(heads)),
    ...table.map((parts, r) => `${line(parts)}${gap}${badges(board.rows[r], paint)}`.trimEnd()),
    '',
    ...ties(board).map((text) => paint('dim', text)),
    ...board.notes.map((note) => paint('dim', note)),
  ];
}

/** The ranking column first; others while there is room. */
function fitting(board: Board, width: number): readonly Column[] {
  const names = Math.max(...board.rows.map(({ entry }) => entry.length), 8);
  let room = width - names - 30;
  return board.columns.filter(({ id, title }) => {
    room -= Math.max(title.length, 7) + gap.length;
    return id === board.rankedBy || room > 0;
  });
}

export function figureText(
  figure: Figure | null,
  { unit }: Column,
  { interval }: { readonly interval: boolean },
): string {
  if (figure === null) return '–';
  const text = numberText(figure.value, unit);
  if (!interval || figure.interval === null) return text;
  const { low, high } = figure.interval;
  return `${text} [${numberText(low, unit)}, ${numberText(high, unit)}]`;
}

function numberText(value: number, unit: Column['unit']): string {
  switch (unit) {
    case 'share':
      return value.toFixed(3);
    case 'score':
      return value.toFixed(2);
    case 's':
      return `${value.toFixed(0)} s`;
    case 'ns':
      return `${Math.round(value).toLocaleString('en-US')} ns`;
    case 'bytes':
      return bytes(value);
    case 'count':
      return value.toFixed(0);
    case '/h':
      return `${value.toFixed(2)}/h`;
    default:
      return unit satisfies never;
  }
}

function badges(row: BoardRow | undefined, paint: Paint): string {
  if (!row) return '';
  return [
    row.role === 'baseline' ? paint('dim', 'baseline') : '',
    row.againstRandom?.verdict === 'alike' && row.role !== 'baseline'
      ? paint('medium', 'not distinguishable from random')
      : '',
    row.againstRandom?.verdict === 'worse' ? paint('medium', 'worse than random') : '',
    row.failures.length > 0 ? paint('critical', `failed: ${printable(row.failures[0] ?? '')}`) : '',
  ]
    .filter((badge) => badge !== '')
    .join(gap);
}

function ties({ rows }: Board): string[] {
  const [first] = rows;
  if (!first) return [];
  const tied = rows.filter(({ entry }) => first.tiesWith.includes(entry));
  if (tied.length === 0) return [];
  return [`${first.entry} ties with ${tied.map(({ entry }) => printable(entry)).join(', ')}`];
}
