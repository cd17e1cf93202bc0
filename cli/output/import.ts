/** What an import found, as people read it. */
import type { Imported } from '../../engine/recording/index.ts';
import { printable } from '../../engine/terminal-text.ts';
import { momentText } from '../../engine/wording.ts';
import type { Io } from '../io.ts';
import { count, duration, plural } from './format.ts';
import { nextLine, quoted } from './next.ts';
import { rejectionLines } from './rejections.ts';
import type { Paint } from './style.ts';

/** `path` is the scenario's, as one would type it. */
export function importLines(
  io: Pick<Io, 'cwd' | 'program'>,
  path: string,
  { draft, recording }: Imported,
  paint: Paint,
): readonly string[] {
  const { header, report } = recording;
  const start = new Date(header.startUnixUs / 1000).toISOString().slice(0, 19);
  return [
    `${paint('ok', 'wrote')} ${paint('bold', printable(path))}  ${printable(draft.title)}`,
    '',
    `  time      ${start}Z, ${duration(header.durationUs)}`,
    `  services  ${count(header.services.length)}, ${count(header.dependencies.length)} calls between them`,
    `  series    ${count(header.series.length)}`,
    `  records   ${intakeLine(recording)}`,
    ...truthLines({ draft, recording }),
    ...[...draft.notes, ...report.notes].map((note) => paint('dim', `  · ${printable(note)}`)),
    ...rejectionLines(io.cwd, report.rejections, paint),
    '',
    nextLine(io, `run ${quoted(path)}`, paint),
  ];
}

function intakeLine({ header: { intake } }: Imported['recording']): string {
  if (!intake) return 'none';
  const parts = [`${count(intake.read)} read`, `${count(intake.stored)} stored`];
  if (intake.truncated > 0) parts.push(`(${count(intake.truncated)} not whole)`);
  if (intake.duplicates > 0) parts.push(`${plural(intake.duplicates, 'duplicate')} dropped`);
  if (intake.rejected > 0) parts.push(`${count(intake.rejected)} rejected`);
  return parts.join(', ').replace(', (', ' (');
}

function truthLines({ draft: { truth }, recording }: Imported): readonly string[] {
  if (!truth) return ['  truth     none known'];
  if (truth.service === null) return ['  truth     nothing is wrong'];
  const start = recording.header.startUnixUs;
  const windows = truth.windows.map(
    ({ from, to }) => `${momentText(from - start)} to ${momentText(to - start)}`,
  );
  return [
    `  truth     ${printable(truth.service)}: ${printable(truth.fault)}, ${truth.category}; ${windows.join(', ')}`,
  ];
}
