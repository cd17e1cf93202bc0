/** The list of runs as a table, and one run in full. */
import type { IncidentView } from '../../engine/incident/index.ts';
import type { ListedRun, RunInput } from '../../engine/query/index.ts';
import type { ForkOrigin, RunOverview, RunState, RunSummary } from '../../engine/query/types.ts';
import { printable } from '../../engine/terminal-text.ts';
import { momentText } from '../../engine/wording.ts';
import { bytes, count, duration, plural } from './format.ts';
import { nearPath } from './next.ts';
import type { Paint, Tint } from './style.ts';

const stateTint: Record<RunState, Tint> = {
  running: 'accent',
  paused: 'accent',
  completed: 'ok',
  degraded: 'high',
  interrupted: 'high',
  failed: 'critical',
};

const headings = [
  'RUN',
  'STATE',
  'LENGTH',
  'RECORDS',
  'INCIDENTS',
  'SIZE',
  'WHEN',
  'TITLE',
] as const;
/** Columns of figures, which line up at the right. */
const rightAligned = new Set<(typeof headings)[number]>(['LENGTH', 'RECORDS', 'SIZE']);
const gap = '  ';

export interface TableFrame {
  /** Wall clock, ms since the Unix epoch. */
  readonly now: number;
  /** Of the terminal, and Infinity elsewhere; the title gets what the others leave. */
  readonly columns: number;
}

export function runTableLines(
  runs: readonly ListedRun[],
  frame: TableFrame,
  paint: Paint,
): string[] {
  const rows = runs.map((run) => [
    printable(run.id),
    run.state,
    duration(run.state === 'completed' ? run.durationUs : run.throughUs),
    count(run.records),
    incidentWords(run.incidents),
    bytes(run.fileBytes),
    age(frame.now - run.createdUnixMs),
    titleOf(run),
  ]);
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const titleColumn = headings.length - 1;
  const taken = widths.slice(0, titleColumn).reduce((sum, width) => sum + width + gap.length, 0);
  const titleWidth = Math.max(12, frame.columns - taken);
  const line = (cells: readonly string[], tint: (cell: string, column: number) => string) =>
    cells
      .map((cell, column) => {
        if (column === titleColumn) return tint(ellipsis(cell, titleWidth), column);
        const width = widths[column] ?? 0;
        const heading = headings[column];
        const isRight = heading !== undefined && rightAligned.has(heading);
        return tint(isRight ? cell.padStart(width) : cell.padEnd(width), column);
      })
      .join(gap);
  return [
    line(headings, (cell) => paint('dim', cell)),
    ...rows.map((row, i) =>
      line(row, (cell, column) => {
        const state = runs[i]?.state ?? 'failed';
        return column === 0
          ? paint('bold', cell)
          : column === 1
            ? paint(stateTint[state], cell)
            : cell;
      }),
    ),
  ];
}

/** Forks have the title of their parent: what tells them apart comes first, where it is not cut. */
function titleOf({ title, parent }: RunSummary): string {
  return parent ? `${originText(parent)} · ${printable(title)}` : printable(title);
}

/** `fork of shop-1 at T+12:30: rollback:payments`. */
function originText({ run, at, actions }: ForkOrigin): string {
  const done = actions.length > 0 ? `: ${actions.map(printable).join(', ')}` : '';
  return `fork of ${printable(run)} at ${momentText(at)}${done}`;
}

export interface RunDetail {
  readonly file: string;
  readonly overview: RunOverview;
  /** As they stand at the end. */
  readonly incidents: readonly IncidentView[];
  /** What people did to the simulated world. */
  readonly inputs: readonly RunInput[];
}

export function runDetailLines(detail: RunDetail, cwd: string, paint: Paint): string[] {
  const { overview: run, incidents, inputs } = detail;
  const file = printable(nearPath(cwd, detail.file));
  const label = (text: string): string => paint('dim', text.padEnd(10));
  const reason = run.stateReason ? ` ${printable(run.stateReason)}` : '';
  const started = new Date(run.createdUnixMs).toISOString().replace('T', ' ').slice(0, 19);
  return [
    `${paint('bold', printable(run.title))}  ${paint('dim', printable(run.id))}`,
    '',
    `${label('state')}${paint(stateTint[run.state], run.state)}${reason}`,
    `${label('scenario')}${printable(run.scenario)} ${paint('dim', `(${run.kind}, seed ${run.seed})`)}`,
    ...(run.parent
      ? [`${label('fork')}of ${printable(run.parent.run)} at ${momentText(run.parent.at)}`]
      : []),
    ...(inputs.length > 0
      ? [
          `${label('actions')}${inputs.map(({ t, text }) => `${printable(text)} at ${momentText(t)}`).join(' · ')}`,
        ]
      : []),
    `${label('started')}${started} UTC`,
    `${label('length')}${duration(run.throughUs)} of ${duration(run.durationUs)}`,
    `${label('records')}${count(run.records)} stored${intakeWords(run)}`,
    `${label('services')}${run.services.map((service) => printable(service.name)).join(' · ')}`,
    `${label('incidents')}${incidentWords(run.incidents)}`,
    ...incidents.map((incident) => `${' '.repeat(10)}${incidentLine(incident, paint)}`),
    `${label('detectors')}${run.detectorStates.length === 0 ? 'none' : ''}`.trimEnd(),
    ...run.detectorStates.map((detector) => {
      const failed = detector.state === 'failed' ? 'failed: ' : '';
      const told = detector.failure === '' ? '' : `, ${failed}${printable(detector.failure)}`;
      const dropped =
        detector.findingsDropped > 0 ? `, ${count(detector.findingsDropped)} dropped` : '';
      return `${' '.repeat(10)}${printable(detector.name)} ${paint('dim', `${plural(detector.findings, 'finding')} from ${plural(detector.recordsFed, 'record')}${dropped}${told}`)}`;
    }),
    `${label('run file')}${file} ${paint('dim', `(${bytes(run.fileBytes)})`)}`,
    `${label('digest')}${run.digest ?? 'none: the run did not end'}`,
    ...(run.writable.ok ? [] : [`${label('read-only')}${printable(run.writable.reason)}`]),
    '',
  ];
}

function incidentLine(incident: IncidentView, paint: Paint): string {
  const ended =
    incident.resolvedAt === null
      ? incident.status
      : `resolved after ${duration(incident.resolvedAt - incident.openedAt)}`;
  const where = `${momentText(incident.openedAt)}, ${ended}`;
  return `${paint(incident.severity, `#${incident.id} ${incident.severity}`)} ${printable(incident.title)} ${paint('dim', where)}`;
}

function incidentWords(incidents: RunSummary['incidents']): string {
  const words = Object.entries(incidents)
    .filter(([, n]) => n > 0)
    .map(([severity, n]) => `${n} ${severity}`);
  return words.length > 0 ? words.join(' · ') : 'none';
}

function intakeWords({ intake }: RunOverview): string {
  if (!intake) return '';
  return ` of ${count(intake.read)} read, ${count(intake.rejected)} rejected, ${plural(intake.duplicates, 'duplicate')}, ${count(intake.truncated)} truncated`;
}

/** `just now`, `5 min ago`, `3 h ago`, `12 days ago`. */
function age(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ago`;
  return `${plural(Math.floor(hours / 24), 'day')} ago`;
}

function ellipsis(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
