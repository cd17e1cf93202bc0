/** The last lines of a run: what came of it, where it is, what to type next. */
import { incidentSeverities, type IncidentView } from '../../engine/incident/index.ts';
import type { Run, RunOutcome } from '../../engine/replay/index.ts';
import { printable } from '../../engine/terminal-text.ts';
import { momentText } from '../../engine/wording.ts';
import { bytes, count, duration, plural, times } from './format.ts';
import { nearPath } from './next.ts';
import type { Paint, Tint } from './style.ts';

export interface SummaryFacts {
  readonly run: Run;
  readonly outcome: RunOutcome;
  readonly incidents: readonly IncidentView[];
  readonly wallMs: number;
  /** Size of the run file. */
  readonly bytes: number;
  readonly cwd: string;
}

const stateTint: Record<RunOutcome['state'], Tint> = {
  completed: 'ok',
  degraded: 'high',
  interrupted: 'high',
  failed: 'critical',
};

export function summaryLines(facts: SummaryFacts, paint: Paint): string[] {
  const { run, outcome } = facts;
  const label = (text: string): string => paint('dim', text.padEnd(10));
  const shownFile = nearPath(facts.cwd, run.file);
  const lines = [
    '',
    `${paint(stateTint[outcome.state], outcome.state)}${outcome.reason ? ` ${printable(outcome.reason)}` : ''}`,
    `${label('speed')}${duration(outcome.throughUs)} in ${(facts.wallMs / 1000).toFixed(1)} s, ${times(outcome.throughUs / 1000 / facts.wallMs)} real time`,
    `${label('incidents')}${incidentCount(facts.incidents)}`,
    ...facts.incidents.map((incident) => `${' '.repeat(10)}${incidentLine(incident, paint)}`),
    `${label('detectors')}${outcome.detectors.map(detectorWord).join(' · ')}`,
    ...noticeLines(outcome, paint),
    ...intakeLine(facts, label),
    `${label('run file')}${printable(shownFile)} ${paint('dim', `(${bytes(facts.bytes)})`)}`,
  ];
  if (outcome.digest) lines.push(`${label('digest')}${outcome.digest}`);
  return lines;
}

/** `1 critical · 2 low`. */
export function incidentCount(incidents: readonly Pick<IncidentView, 'severity'>[]): string {
  if (incidents.length === 0) return 'none';
  // The worst comes first.
  return incidentSeverities
    .map((known) => [incidents.filter(({ severity }) => severity === known).length, known] as const)
    .filter(([n]) => n > 0)
    .map(([n, severity]) => `${n} ${severity}`)
    .join(' · ');
}

function incidentLine(incident: IncidentView, paint: Paint): string {
  const opened = momentText(incident.openedAt);
  const ended =
    incident.resolvedAt === null
      ? incident.status
      : `resolved after ${duration(incident.resolvedAt - incident.openedAt)}`;
  const title = printable(incident.title);
  return `${paint(incident.severity, `#${incident.id} ${incident.severity}`)} ${title} ${paint('dim', `${opened}, ${ended}`)}`;
}

function detectorWord(total: RunOutcome['detectors'][number]): string {
  const failed = total.failure ? ', failed' : '';
  const restarts = total.restarts > 0 ? `, ${plural(total.restarts, 'restart')}` : '';
  const rejected = total.findingsRejected > 0 ? `, ${count(total.findingsRejected)} rejected` : '';
  const dropped = total.findingsDropped > 0 ? `, ${count(total.findingsDropped)} dropped` : '';
  return `${printable(total.detector)} ${plural(total.findings, 'finding')}${dropped}${rejected}${restarts}${failed}`;
}

/** What people should know of detectors that did not fail. */
function noticeLines({ detectors }: RunOutcome, paint: Paint): string[] {
  return detectors
    .filter(({ notice, failure }) => notice !== '' && failure === '')
    .map(({ detector, notice }) => {
      return `${' '.repeat(10)}${paint('dim', `${printable(detector)}: ${printable(notice)}`)}`;
    });
}

/** Read = stored + rejected + duplicates: nothing is dropped silently. */
function intakeLine({ run }: SummaryFacts, label: (text: string) => string): string[] {
  const intake = run.header.intake;
  if (!intake) return [];
  const parts = [
    `${count(intake.read)} read`,
    `${count(intake.stored)} stored`,
    `${count(intake.rejected)} rejected`,
    `${plural(intake.duplicates, 'duplicate')}`,
    `${count(intake.truncated)} truncated`,
  ];
  return [`${label('records')}${parts.join(' · ')}`];
}
