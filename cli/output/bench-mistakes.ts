/** What an entry got wrong, worst first, each with the command that plays it again and goes there. */
import { isAbsolute } from 'node:path';
import type {
  BoardItem,
  BoardRow,
  Column,
  EntryDetails,
  Mistake,
} from '../../engine/benchmark/index.ts';
import { printable } from '../../engine/terminal-text.ts';
import { momentText } from '../../engine/wording.ts';
import { detailsOf, itemOf, usualSet, type BenchReport } from './bench-report.ts';
import { figureText } from './board.ts';
import { nearPath, quoted } from './next.ts';
import type { Paint } from './style.ts';

/** A mistake in words, for whatever it is printed on. */
export interface ToldMistake {
  readonly mistake: Mistake;
  /** `missed`, `late`, `false alarm`. */
  readonly kind: string;
  /** `config-push, seed 1`. */
  readonly play: string;
  /** `T+04:00 – T+08:00`. */
  readonly when: string;
  /** `costs 0.120 F1`. */
  readonly cost: string;
  /** Of a series: its rows, its highest score there and the threshold. */
  readonly rows: string | null;
  /** To be typed as it is; null where no `run` can do the same. */
  readonly command: string | null;
  /** The file of the item, from the current folder where it is below it. */
  readonly source: string | null;
}

export function toldMistakes(report: BenchReport, row: BoardRow, most: number): ToldMistake[] {
  const own = detailsOf(report, row.entry);
  if (!own) return [];
  return own.mistakes.slice(0, most).map((mistake) => tellMistake(report, { row, own, mistake }));
}

interface Told {
  readonly row: BoardRow;
  readonly own: EntryDetails;
  readonly mistake: Mistake;
}

function tellMistake(report: BenchReport, { row, own, mistake }: Told): ToldMistake {
  const { board, place } = report;
  const item = itemOf(board, mistake.item);
  const column = board.columns.find(({ id }) => id === own.costColumn);
  const seeds = board.seeds.length > 1 || item?.kind === 'outage';
  return {
    mistake,
    kind: kinds[mistake.kind],
    play: seeds ? `${mistake.item}, seed ${mistake.seed}` : mistake.item,
    when: whenText(mistake),
    cost: costText(mistake, column),
    rows: rowsText(mistake, own),
    command: item === null ? null : playCommand(place, { row, item, mistake }),
    source: item === null ? null : nearPath(place.cwd, item.source),
  };
}

const kinds = { miss: 'missed', late: 'late', 'false-alarm': 'false alarm' } as const;

function whenText({ tUs, untilUs }: Mistake): string {
  const from = momentText(tUs);
  const until = momentText(untilUs);
  return from === until ? from : `${from} – ${until}`;
}

function costText({ cost }: Mistake, column: Column | undefined): string {
  if (!column) return '';
  // The ranking of outages does not ask how late.
  if (cost === 0) return `costs no ${column.title}`;
  const text = figureText({ value: cost, interval: null }, column, { interval: false });
  const isTiny = Number(text.replaceAll(/[^\d.]/g, '')) === 0;
  return `costs ${isTiny ? text.replace(/\d(?=\D*$)/, '1').replace(/^/, '<') : text} ${column.title}`;
}

function rowsText({ rows, score }: Mistake, { threshold }: EntryDetails): string | null {
  if (rows === null) return null;
  const which = rows.first === rows.last ? `row ${rows.first}` : `rows ${rows.first}–${rows.last}`;
  const highest = score === null ? '' : `, highest score ${score.toFixed(4)}`;
  const limit = threshold === null ? 'no threshold' : `threshold ${threshold.toFixed(4)}`;
  return `${which}${highest}, ${limit}`;
}

/**
 * The run that the benchmark has played. Dice after the first seed draw from streams that no run has,
 * and a series is no scenario: for these there is none.
 */
function playCommand(
  place: BenchReport['place'],
  {
    row,
    item,
    mistake,
  }: { readonly row: BoardRow; readonly item: BoardItem; readonly mistake: Mistake },
): string | null {
  if (item.kind !== 'outage' || / #(?!1$)\d+$/.test(row.entry)) return null;
  const detectors = detectorsOf(row).flatMap((text) => ['--detector', nearDetector(place, text)]);
  const words = [
    ...['run', nearPath(place.cwd, item.source).replace(/[\\/]scenario\.yaml$/, '')],
    ...['--seed', String(mistake.seed), ...detectors],
    ...['--open', '--at', momentUp(mistake.tUs)],
  ];
  return `${place.program} ${words.map(quoted).join(' ')}`;
}

/** As `--detector` takes them: `zscore:limit=8`. Only the usual set consists of several. */
function detectorsOf({ entry, detectors }: BoardRow): readonly string[] {
  return entry === usualSet ? detectors.split(', ') : [detectors];
}

function nearDetector({ cwd }: BenchReport['place'], text: string): string {
  if (!isAbsolute(text)) return text;
  const near = nearPath(cwd, text);
  // Without a slash it would be the name of a bundled one.
  return near === text ? text : `./${near}`;
}

/** To the next full second: what happened within one can be seen at its end. */
function momentUp(t: number): string {
  return momentText(Math.ceil(t / 1e6) * 1e6).slice('T+'.length);
}

/** On a terminal. */
export function mistakeLines(
  report: BenchReport,
  { row, most, paint }: { readonly row: BoardRow; readonly most: number; readonly paint: Paint },
): string[] {
  const own = detailsOf(report, row.entry);
  const count = own?.mistakeCount ?? 0;
  const name = printable(row.entry);
  if (count === 0) return [`${name}: no mistakes`];
  const shown = toldMistakes(report, row, most);
  const heading = `${name}: the worst ${shown.length === count ? '' : `${shown.length} of `}${count === 1 ? 'mistake' : `${count} mistakes`}`;
  return [
    paint('bold', heading),
    ...shown.flatMap((told, i) => [
      '',
      `${String(i + 1).padStart(2)}  ${paint(told.mistake.kind === 'late' ? 'medium' : 'critical', told.kind)}  ${printable(told.play)}  ${told.when}  ${paint('dim', told.cost)}`,
      `    ${printable(told.mistake.title)}`,
      ...(told.rows === null ? [] : [`    ${told.rows}, ${printable(told.source ?? '')}`]),
      ...(told.command === null ? [] : [`    ${paint('dim', printable(told.command))}`]),
    ]),
  ];
}
