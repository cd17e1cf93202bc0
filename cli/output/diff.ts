/** Two runs side by side, as `runs diff` and the end of a fork tell them: a row for each thing. */
import type {
  DiffChange,
  DiffLimit,
  DiffedFinding,
  DiffedHealth,
  DiffedIncident,
  DiffedObjective,
  DiffedProblems,
  DiffedRun,
  IncidentFacts,
  RunDiff,
} from '../../engine/query/diff-types.ts';
import { printable } from '../../engine/terminal-text.ts';
import { momentText } from '../../engine/wording.ts';
import { exactText, lengthApart, momentsApart } from './diff-length.ts';
import { diffTableLines, type DiffRow, type DiffSection } from './diff-table.ts';
import { count } from './format.ts';
import type { Paint, Tint } from './style.ts';

/** Findings that are shown; the rest is counted. */
const findingsShownMax = 20;

export interface DiffFrame {
  /** Of the terminal; Infinity where nothing is cut. */
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
  const label = (text: string) => frame.paint('dim', text.padEnd(10));
  const facts = [
    ...(diff.limitedBy ? [`${label('compared')}${untilText(diff)}`] : []),
    ...(diff.parting ? [`${label('records')}${partingText(diff.parting)}`] : []),
  ];
  const above = facts.length > 0 ? [...facts, ''] : [];
  return [...above, ...diffTableLines(sections, diff, frame)];
}

export type OutcomeDiff = Pick<
  RunDiff,
  'a' | 'b' | 'untilUs' | 'limitedBy' | 'parting' | 'budget' | 'incidents' | 'health'
>;

function heading(diff: RunDiff, paint: Paint): string[] {
  const { a, b, alike, parting, limitedBy } = diff;
  const label = (text: string) => paint('dim', text.padEnd(10));
  const engines = [a, b].map((run) => printable(run.engineVersion)).join(' and ');
  const unlike = [
    ...(alike.scenario ? [] : ['the text of the scenario']),
    ...(alike.seed ? [] : [`the seed, ${a.seed} and ${b.seed}`]),
    ...(alike.engine ? [] : [`the engine, ${engines}`]),
    ...(alike.detectors ? [] : ['the detectors']),
  ];
  const until = `${limitedBy ? 'compared ' : ''}${untilText(diff)}`;
  const both = `${printable(a.id)} → ${printable(b.id)}, ${until}`;
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

/** `up to T+15:03, where shop-1 was interrupted`. */
function untilText({ untilUs, limitedBy }: Pick<RunDiff, 'untilUs' | 'limitedBy'>): string {
  const until = `up to ${momentText(untilUs)}`;
  return limitedBy ? `${until}, ${limitText(limitedBy)}` : until;
}

function limitText({ run, state }: DiffLimit): string {
  const id = printable(run);
  switch (state) {
    case 'interrupted':
      return `where ${id} was interrupted`;
    case 'failed':
      return `where ${id} failed`;
    case 'running':
    case 'paused':
      return `which is as far as ${id} has got: it is ${state}`;
    case 'completed':
    case 'degraded':
      return `where ${id} ends`;
    default:
      return state satisfies never;
  }
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
  const digits = digitsOf(Math.max(a ?? 0, b ?? 0));
  const row = {
    what: `${service} ${name}`,
    a: a === null ? '–' : `${a.toFixed(digits)} min`,
    b: b === null ? '–' : `${b.toFixed(digits)} min`,
  };
  if (a === null || b === null || saved === null) {
    return { ...row, change: 'not counted in both', tint: 'dim' };
  }
  // The difference of what is shown, whose sign nothing but dust can turn.
  const size = Math.abs(Number(a.toFixed(digits)) - Number(b.toFixed(digits)));
  if (Number(size.toFixed(digits)) === 0) return { ...row, change: 'the same', tint: 'dim' };
  const share = minutes !== null && minutes > 0 ? `, ${budgetText(size, minutes)}` : '';
  return saved > 0
    ? { ...row, change: `saved ${size.toFixed(digits)} min${share}`, tint: 'ok' }
    : { ...row, change: `lost ${size.toFixed(digits)} min${share}`, tint: 'critical' };
}

/** `5 % of the 43.2 min budget`, and of more than all of it `62 times the 0.30 min budget`. */
function budgetText(size: number, minutes: number): string {
  const budget = `the ${minutes.toFixed(digitsOf(minutes))} min budget`;
  const times = size / minutes;
  if (times <= 1) return `${Math.round(100 * times)} % of ${budget}`;
  return `${times.toFixed(times < 9.95 ? 1 : 0)} times ${budget}`;
}

/** Figures that are held against each other have as many as the greatest of them. */
function digitsOf(minutes: number): number {
  return minutes > 0 && minutes < 0.1 ? 3 : minutes < 10 ? 2 : 1;
}

function incidentSection({ incidents }: Pick<RunDiff, 'incidents'>): DiffSection {
  return { title: 'incidents', rows: incidents.map(incidentRow), note: null };
}

function incidentRow(found: DiffedIncident): DiffRow {
  const { a, b, opened, resolved } = found;
  const { severity, title } = b ?? a ?? { severity: 'low', title: '' };
  const row = { what: `${severity}: ${title}`, a: spanText(a), b: spanText(b) };
  if (!a || !b) return { ...row, change: opened, tint: a ? 'ok' : 'high' };
  const parts = [
    ...(opened === 'same' ? [] : [`opened ${byText(opened, a.openedAt, b.openedAt)}`]),
    ...(resolved === null || resolved === 'same'
      ? []
      : [`resolved ${resolution[resolved] ?? byText(resolved, a.resolvedAt, b.resolvedAt)}`]),
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

function byText(change: DiffChange, a: number | null, b: number | null): string {
  if (a === null || b === null) return change;
  return `${exactText(Math.abs(momentsApart(a, b)))} ${change}`;
}

function healthSection({ health }: Pick<RunDiff, 'health'>): DiffSection {
  const unwell = health.filter(({ a, b }) => a.unwellUs > 0 || b.unwellUs > 0);
  return { title: 'unwell', rows: unwell.map(healthRow), note: null };
}

function healthRow({ service, began, a, b }: DiffedHealth): DiffRow {
  const row = { what: service, a: unwellText(a), b: unwellText(b) };
  const by = lengthApart(a.unwellUs, b.unwellUs);
  const length = by === 0 ? '' : `${exactText(Math.abs(by))} ${by < 0 ? 'less' : 'more'}`;
  const isMoved = began === 'earlier' || began === 'later';
  const begun = isMoved ? byText(began, a.firstUnwellAt, b.firstUnwellAt) : '';
  const tint = by < 0 ? 'ok' : by > 0 ? 'high' : 'dim';
  return { ...row, change: [length, begun].filter(Boolean).join(', ') || 'the same', tint };
}

function unwellText({ firstUnwellAt, unwellUs }: DiffedHealth['a']): string {
  if (firstUnwellAt === null) return 'never';
  return `${exactText(unwellUs)} from ${momentText(firstUnwellAt)}`;
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

function findingRow({ detector, subject, message, change, a, b }: DiffedFinding): DiffRow {
  const [timeA, timeB] = [a, b].map((facts) => (facts ? momentText(facts.firstAt) : '–'));
  const tint = change === 'missing' ? 'ok' : change === 'extra' ? 'high' : 'accent';
  return {
    what: `${detector}: ${message}, ${subject}`,
    a: timeA ?? '',
    b: timeB ?? '',
    change: byText(change, a?.firstAt ?? null, b?.firstAt ?? null),
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
