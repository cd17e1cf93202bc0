/** A board on a terminal: entries down, figures across, as many as fit. */
import type { Board, BoardRow, Column, Figure } from '../../engine/benchmark/index.ts';
import { printable } from '../../engine/terminal-text.ts';
import { bytes, plural } from './format.ts';
import type { Paint, Tint } from './style.ts';

const gap = '  ';
/** What is left of a name where the terminal is narrow. */
const nameColumnsMin = 12;

/** One cell of a column, and how wide the column is. */
interface Shown {
  readonly column: Column;
  readonly interval: boolean;
  readonly width: number;
}

export function boardLines(
  board: Board,
  { columns: width, paint }: { readonly columns: number; readonly paint: Paint },
): string[] {
  const { names, shown, badges } = layout(board, width);
  const rankWidth = Math.max(...board.rows.map(({ rank }) => String(rank).length), 1);
  const head = [
    ' '.repeat(rankWidth),
    'detector'.padEnd(names),
    ...shown.map((one) => one.column.title.padStart(one.width)),
  ];
  const rows = board.rows.map((row) => {
    const figures = shown.map((one) => figureOf(row, one).padStart(one.width));
    const name = cutTo(printable(row.entry), names).padEnd(names);
    const cells = [String(row.rank).padStart(rankWidth), name, ...figures];
    return `${cells.join(gap)}${gap}${badges(row, paint)}`.trimEnd();
  });
  const about = `${printable(board.suite)}: ${plural(board.items.length, 'item')}, ${plural(board.seeds.length, 'seed')}, engine ${board.engineVersion}`;
  return [
    paint('bold', about),
    '',
    paint('dim', head.join(gap)),
    ...rows,
    '',
    ...board.rows.flatMap(failureLines).map((text) => paint('critical', text)),
    ...[...legend(board, { shown, badges }), ...ties(board), ...board.notes].map((text) =>
      paint('dim', text),
    ),
  ];
}

/** The ranking figure always, with its interval where there is room; then as many others as fit. */
function layout(board: Board, width: number) {
  const longest = Math.max(...board.rows.map(({ entry }) => printable(entry).length), 8);
  const rank = Math.max(...board.rows.map(({ rank }) => String(rank).length), 1);
  const ranked = board.columns.filter(({ id }) => id === board.rankedBy);
  const shownAs = (column: Column, interval: boolean): Shown => {
    const texts = board.rows.map((row) => figureOf(row, { column, interval }).length);
    return { column, interval, width: Math.max(column.title.length, ...texts) };
  };
  const fixed = (shown: readonly Shown[], badges: number): number =>
    rank + gap.length + badges + shown.reduce((sum, one) => sum + gap.length + one.width, 0);
  const widest = (badges: Badges): number =>
    Math.max(...board.rows.map((row) => badges(row, (_, text) => text).length + gap.length));
  const withInterval = ranked.map((column) => shownAs(column, true));
  const fits = (shown: readonly Shown[], badges: Badges) =>
    fixed(shown, widest(badges)) + longest <= width;
  const others = board.columns
    .filter(({ id }) => id !== board.rankedBy)
    .map((column) => shownAs(column, false));
  // A sentence in each row is worth less than the figures that it would take the room of.
  const badges = fits([...withInterval, ...others], badgeTexts) ? badgeTexts : badgeMarks;
  const shown = fits(withInterval, badges)
    ? withInterval
    : ranked.map((column) => shownAs(column, false));
  let room = width - fixed(shown, widest(badges));
  const names = Math.max(Math.min(longest, room), Math.min(nameColumnsMin, longest));
  room -= names;
  const fitting = others.filter((one) => (room -= gap.length + one.width) >= 0);
  return { names, badges, shown: [...shown, ...fitting] };
}

function figureOf(row: BoardRow, { column, interval }: Omit<Shown, 'width'>): string {
  return figureText(row.figures[column.id] ?? null, column, { interval });
}

function cutTo(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
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

interface Badge {
  readonly tint: Tint;
  readonly text: string;
  /** Where there is no room for the text. */
  readonly mark: string;
}

const baseline: Badge = { tint: 'dim', text: 'baseline', mark: '·' };
const alike: Badge = { tint: 'medium', text: 'not distinguishable from random', mark: '≈' };
const worse: Badge = { tint: 'medium', text: 'worse than random', mark: '<' };
const failed: Badge = { tint: 'critical', text: 'failed', mark: '✗' };

type Badges = (row: BoardRow, paint: Paint) => string;

const badgeTexts: Badges = (row, paint) =>
  badgesOf(row)
    .map(({ tint, text }) => paint(tint, text))
    .join(gap);

const badgeMarks: Badges = (row, paint) =>
  badgesOf(row)
    .map(({ tint, mark }) => paint(tint, mark))
    .join('');

function badgesOf({ role, againstRandom, failures }: BoardRow): readonly Badge[] {
  return [
    ...(role === 'baseline' ? [baseline] : []),
    ...(againstRandom?.verdict === 'alike' && role !== 'baseline' ? [alike] : []),
    ...(againstRandom?.verdict === 'worse' ? [worse] : []),
    ...(failures.length > 0 ? [failed] : []),
  ];
}

function failureLines({ entry, failures }: BoardRow): string[] {
  return failures.map((failure) => `${printable(entry)} failed: ${printable(failure)}`);
}

/** What brackets and marks mean, where there are any. */
function legend(
  board: Board,
  { shown, badges }: { readonly shown: readonly Shown[]; readonly badges: Badges },
): string[] {
  const bracketed = shown.filter(
    ({ column, interval }) =>
      interval && board.rows.some(({ figures }) => figures[column.id]?.interval),
  );
  const marks = badges === badgeMarks ? [...new Set(board.rows.flatMap(badgesOf))] : ([] as const);
  return [
    ...bracketed.map(({ column }) => `[…] of ${column.title}: ${intervalText}`),
    ...(marks.length > 0 ? [marks.map(({ mark, text }) => `${mark} ${text}`).join('  ')] : []),
  ];
}

/** Of the ranking figure. */
export const intervalText = '95 % interval over items, by bootstrap';

function ties({ rows, items }: Board): string[] {
  const [first] = rows;
  if (!first) return [];
  const tied = rows.filter(({ entry }) => first.tiesWith.includes(entry));
  if (tied.length === 0) return [];
  if (tied.length < rows.length - 1) {
    return [
      `${printable(first.entry)} ties with ${tied.map(({ entry }) => printable(entry)).join(', ')}`,
    ];
  }
  const few =
    items.length < tellingItemsMin
      ? `: ${plural(items.length, 'item')} cannot tell them apart`
      : '';
  return [`all entries tie${few}`];
}

/** With fewer the smallest p-value of a paired test, 2 in 2^n, is above 0.05 before any correction. */
const tellingItemsMin = 6;
