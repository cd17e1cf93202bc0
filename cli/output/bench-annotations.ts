/**
 * A benchmark as annotations of GitHub's checks: `::error file=…,line=…,title=…::message`, one a line.
 * An error for each limit missed and each detector that failed, a notice for each of the worst mistakes.
 * The runner reads these lines from stderr as from stdout, so what reads stdout is left alone.
 */
import { isAbsolute, relative } from 'node:path';
import type { BoardRow } from '../../engine/benchmark/index.ts';
import { printable } from '../../engine/terminal-text.ts';
import { toldMistakes } from './bench-mistakes.ts';
import { itemOf, rowOf, subjectsOf, type BenchReport } from './bench-report.ts';

/** What GitHub shows of one kind and step; the rest is dropped without a word. */
const shownMax = 10;
const mistakesShown = 3;

interface Annotation {
  readonly kind: 'error' | 'notice';
  /** Absolute; null where it is about no file. */
  readonly file: string | null;
  readonly title: string;
  readonly message: string;
}

/** @param root the checkout, which files are named from: GITHUB_WORKSPACE */
export function annotationLines(report: BenchReport, root: string): string[] {
  const errors = errorsOf(report);
  const shown = errors.length > shownMax ? errors.slice(0, shownMax - 1) : errors;
  const left = errors.length - shown.length;
  const more: Annotation[] =
    left === 0
      ? []
      : [{ kind: 'error', file: null, title: 'bench', message: `${left} more, in the log` }];
  return [...shown, ...more, ...noticesOf(report)].map((one) => lineOf(one, root));
}

function errorsOf(report: BenchReport): Annotation[] {
  const missed = report.gates
    .filter(({ passed }) => !passed)
    .map(({ entry, name, says }): Annotation => {
      const file = codeOf(rowOf(report.board, entry));
      return { kind: 'error', file, title: `${entry}: ${name}`, message: says };
    });
  const failed = report.board.rows.flatMap((row) =>
    row.failures.map((failure): Annotation => {
      const title = `${row.entry} failed`;
      return { kind: 'error', file: codeOf(row), title, message: failure };
    }),
  );
  return [...missed, ...failed];
}

function noticesOf(report: BenchReport): Annotation[] {
  const [row] = subjectsOf(report);
  if (!row) return [];
  return toldMistakes(report, row, mistakesShown).map((told) => {
    const { kind, play, when, cost, mistake, command } = told;
    const file = itemOf(report.board, mistake.item)?.source ?? null;
    const again = command === null ? '' : `\n${command}`;
    const message = `${when}, ${cost}: ${mistake.title}${again}`;
    return { kind: 'notice', file, title: `${row.entry}, ${kind}: ${play}`, message };
  });
}

/** The file of a detector of somebody's; a bundled one has none that they could change. */
function codeOf(row: BoardRow | null): string | null {
  const [path = ''] = row?.detectors.split(/:(?=[A-Za-z_]\w*=)/) ?? [];
  return isAbsolute(path) ? path : null;
}

function lineOf({ kind, file, title, message }: Annotation, root: string): string {
  const near = file === null ? '' : relative(root, file);
  const isBelow = near !== '' && !near.startsWith('..') && !isAbsolute(near);
  const place = isBelow ? [`file=${property(near.replaceAll('\\', '/'))}`, 'line=1'] : [];
  return `::${kind} ${[...place, `title=${property(title)}`].join(',')}::${escaped(message)}`;
}

/** Of what comes after the colons: only what would end the line, and the escape itself. */
function escaped(text: string): string {
  return text.split('\n').map(printable).join('\n').replaceAll('%', '%25').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return escaped(printable(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
