/** How well log templates were found, as a table: a system a line, the averages last. */
import type { AverageScore, SystemScore } from '../../engine/templates/index.ts';
import { printable } from '../../engine/terminal-text.ts';
import { count, plural } from './format.ts';
import type { Paint } from './style.ts';

type Row = readonly string[];

const headings: Row = ['system', 'lines', 'found', 'truth', 'GA', 'F1', 'GA corr.', 'F1 corr.'];

export function templateScoreLines(
  scores: readonly SystemScore[],
  average: AverageScore,
  paint: Paint,
): string[] {
  const rows = scores.map((score) => [
    printable(score.system),
    count(score.lines),
    count(score.found),
    count(score.truth),
    ...cells(score),
  ]);
  const last = [plural(average.systems, 'system'), '', '', '', ...cells(average)];
  const all = [headings, ...rows, last];
  const widths = headings.map((_, at) => Math.max(...all.map((row) => (row[at] ?? '').length)));
  const line = (row: Row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  return [
    paint('dim', line(headings)),
    ...rows.map(line),
    paint('bold', line(last)),
    '',
    paint('dim', 'GA: share of lines in a group that is exactly right; F1: of the groups.'),
    paint('dim', 'corr.: against the corrected templates, where the folder has them.'),
  ];
}

function cells({
  groupingAccuracy,
  groupingF1,
  corrected,
}: Pick<AverageScore, 'groupingAccuracy' | 'groupingF1'> & {
  readonly corrected: Pick<AverageScore, 'groupingAccuracy' | 'groupingF1'> | null;
}): string[] {
  const numbers = [groupingAccuracy, groupingF1].map((value) => value.toFixed(3));
  const others = corrected ? [corrected.groupingAccuracy, corrected.groupingF1] : [];
  return [...numbers, ...others.map((value) => value.toFixed(3)), ...(corrected ? [] : ['–', '–'])];
}
