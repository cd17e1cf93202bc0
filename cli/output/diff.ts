/** Two runs side by side, as `runs diff` and the end of a fork tell them: a row for each thing. */
import type {
  DiffChange,
  DiffedFinding,
  DiffedHealth,
  DiffedIncident,
  DiffedObjective,
  DiffedProblems,
  DiffedRun,
  IncidentFacts,
  RunDiff,
} from '../../engine/query/diff-types.ts';
import type { Micros } from '../../engine/sdk/index.ts';
import { printable } from '../../engine/terminal-text.ts';
import { lengthText, momentText } from '../../engine/wording.ts';
import { diffTableLines, type DiffRow, type DiffSection } from './diff-table.ts';
import { count } from './format.ts';
import type { Paint, Tint } from './style.ts';

/** Findings that are shown; the rest is counted. */
const findingsShownMax = 20;

export interface DiffFrame {
  /** Of the terminal. */
  readonly columns: number;
  readonly paint: Paint;
}

export function diffLines(diff: RunDiff, frame: DiffFrame): string[] {
  const sections = [
    budgetSection(diff),
    incidentSection(diff),
    healthSection(diff),
    findingSection(diff),
    logSection(diff),
  ];
  return [...heading(diff, frame.paint), '', ...diffTableLines(sections, diff, frame)];
}

/** What a fork came to, beside its parent. */
export function outcomeLines(
  diff: OutcomeDiff,
  what: { readonly incidents: boolean },
  frame: DiffFrame,
): string[] {
  const incidents = what.incidents ? [incidentSection(diff)] : [];
  const sections = [budgetSection(diff), ...incidents, healthSection(diff)];
  const records = diff.parting
    ? [`${frame.paint('dim', 'records'.padEnd(10))}${partingText(diff.parting)}`, '']
    : [];
  return [...records, ...diffTableLines(sections, diff, frame)];
}

export type OutcomeDiff = Pick<RunDiff, 'a' | 'b' | 'parting' | 'budget' | 'incidents' | 'health'>;

function heading({ a, b, untilUs, alike, parting }: RunDiff, paint: Paint): string[] {
  const label = (text: string) => paint('dim', text.padEnd(10));
  const engines = [a, b].map((run) => printable(run.engineVersion)).join(' and ');
  const unlike = [
    ...(alike.scenario ? [] : ['the text of the scenario']),
    ...(alike.seed ? [] : [`the seed, ${a.seed} and ${b.seed}`]),
    ...(alike.engine ? [] : [`the engine, ${engines}`]),
    ...(alike.detectors ? [] : ['the detectors']),
  ];
  const both = `${printable(a.id)} → ${printable(b.id)}, up to ${momentText(untilUs)}`;
  return [
    `${paint('bold', printable(a.title))}  ${paint('dim', both)}`,
    ...(unlike.length > 0 ? [`${label('unlike')}${unlike.join('; ')}`] : []),
    ...[a, b].flatMap((run) => actionLine(run, label)),
    ...(parting ? [`${label('records')}${partingText(parting)}`] : []),
  ];
}

function actionLine({ id, inputs }: DiffedRun, label: (text: string) => string): string[] {
  if (inputs.length === 0) return [];
  const told = inputs.map(({ t, text }) => `${printable(text)} at ${momentText(t)}`);
  return [`${label('actions')}${told.join(', ')} in ${printable(id)}`];
}

function partingText({ sameUntil, differBy }: NonNullable<RunDiff['parting']>): string {
  const parts = [
    ...(sameUntil > 0 ? [`the same up to ${momentText(sameUntil)}`] : []),
    ...(differBy === null ? [] : [`different by ${momentText(differBy)}`]),
  ];
  return parts.length > 0 ? parts.join(', ') : 'nothing kept to compare by';
}

function budgetSection({ budget }: Pick<RunDiff, 'budget'>): DiffSection {
  const by =
    budget.source === 'users'
      ? 'by what users got'
      : 'by error ratios of the services that users call';
  return {
    title: 'error budget',
    rows: budget.objectives.map(objectiveRow),
    note: `minutes of full outage, ${by}`,
  };
}

function objectiveRow({ service, name, a, b, saved, minutes }: DiffedObjective): DiffRow {
  const row = { what: `${service} ${name}`, a: minutesText(a), b: minutesText(b) };
  if (saved === null) return { ...row, change: 'not counted in both', tint: 'dim' };
  if (saved === 0) return { ...row, change: 'the same', tint: 'dim' };
  const size = Math.abs(saved);
  const share =
    minutes !== null && minutes > 0
      ? `, ${Math.round((100 * size) / minutes)} % of ${minutesText(minutes)}`
      : '';
  return saved > 0
    ? { ...row, change: `saved ${minutesText(size)}${share}`, tint: 'ok' }
    : { ...row, change: `lost ${minutesText(size)}${share}`, tint: 'critical' };
}

function minutesText(minutes: number | null): string {
  if (minutes === null) return '–';
  return `${minutes.toFixed(minutes > 0 && minutes < 0.1 ? 3 : minutes < 10 ? 2 : 1)} min`;
}

function incidentSection({ incidents }: Pick<RunDiff, 'incidents'>): DiffSection {
  return { title: 'incidents', rows: incidents.map(incidentRow), note: null };
}

function incidentRow(found: DiffedIncident): DiffRow {
  const { a, b, opened, openedByUs, resolved, resolvedByUs } = found;
  const { severity, title } = b ?? a ?? { severity: 'low', title: '' };
  const row = { what: `${severity}: ${title}`, a: spanText(a), b: spanText(b) };
  if (!a || !b) return { ...row, change: opened, tint: a ? 'ok' : 'high' };
  const parts = [
    ...(opened === 'same' ? [] : [`opened ${byText(opened, openedByUs)}`]),
    ...(resolved === null || resolved === 'same'
      ? []
      : [`resolved ${resolution[resolved] ?? byText(resolved, resolvedByUs)}`]),
  ];
  if (parts.length === 0) return { ...row, change: 'the same', tint: 'dim' };
  return { ...row, change: parts.join(', '), tint: resolutionTint[resolved ?? 'same'] };
}

const resolution: Partial<Record<DiffChange, string>> = {
  missing: 'no more',
  extra: 'now',
};

const resolutionTint: Record<DiffChange, Tint> = {
  same: 'accent',
  earlier: 'ok',
  extra: 'ok',
  later: 'high',
  missing: 'high',
};

function spanText(incident: IncidentFacts | null): string {
  if (!incident) return '–';
  const { openedAt, resolvedAt } = incident;
  return `${momentText(openedAt)} – ${resolvedAt === null ? 'open' : momentText(resolvedAt)}`;
}

function byText(change: DiffChange, byUs: Micros | null): string {
  return byUs === null ? change : `${lengthText(Math.abs(byUs))} ${change}`;
}

function healthSection({ health }: Pick<RunDiff, 'health'>): DiffSection {
  const unwell = health.filter(({ a, b }) => a.unwellUs > 0 || b.unwellUs > 0);
  return { title: 'unwell', rows: unwell.map(healthRow), note: null };
}

function healthRow({ service, change, byUs, a, b }: DiffedHealth): DiffRow {
  const row = { what: service, a: unwellText(a), b: unwellText(b) };
  const by = b.unwellUs - a.unwellUs;
  const length = by === 0 ? '' : `${lengthText(Math.abs(by))} ${by < 0 ? 'less' : 'more'}`;
  const begun = change === 'earlier' || change === 'later' ? byText(change, byUs) : '';
  const tint = by < 0 ? 'ok' : by > 0 ? 'high' : 'dim';
  return { ...row, change: [length, begun].filter(Boolean).join(', ') || 'the same', tint };
}

function unwellText({ firstUnwellAt, unwellUs }: DiffedHealth['a']): string {
  if (firstUnwellAt === null) return 'never';
  return `${lengthText(unwellUs)} from ${momentText(firstUnwellAt)}`;
}

function findingSection({ findings }: RunDiff): DiffSection {
  const { differing, same, more } = findings;
  const hidden = differing.length - findingsShownMax;
  const note = [
    ...(hidden > 0 ? [`${count(hidden)} more differ`] : []),
    `${count(same)} the same`,
    ...(more ? ['there are more than were looked at'] : []),
  ];
  return {
    title: 'first findings',
    rows: differing.slice(0, findingsShownMax).map(findingRow),
    note: note.join(', '),
  };
}

function findingRow({ detector, subject, message, change, byUs, a, b }: DiffedFinding): DiffRow {
  const [timeA, timeB] = [a, b].map((facts) => (facts ? momentText(facts.firstAt) : '–'));
  const tint = change === 'missing' ? 'ok' : change === 'extra' ? 'high' : 'accent';
  return {
    what: `${detector}: ${message}, ${subject}`,
    a: timeA ?? '',
    b: timeB ?? '',
    change: byText(change, byUs),
    tint,
  };
}

function logSection({ problems }: RunDiff): DiffSection {
  return { title: 'logged', rows: problems.flatMap(problemRows), note: null };
}

function problemRows({ service, a, b }: DiffedProblems): DiffRow[] {
  return (['errors', 'warnings'] as const).flatMap((kind) => {
    const by = b[kind] - a[kind];
    if (by === 0) return [];
    const change = `${count(Math.abs(by))} ${by < 0 ? 'fewer' : 'more'}`;
    const row = { what: `${service} ${kind}`, a: count(a[kind]), b: count(b[kind]) };
    return [{ ...row, change, tint: by < 0 ? 'ok' : 'high' }];
  });
}
