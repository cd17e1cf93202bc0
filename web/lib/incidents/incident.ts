/** What the page says about incidents: order, ages, the words of the steps. */
import type { HumanAction, IncidentView } from '../../../engine/incident/model.ts';
import type { FindingRow } from '../../../engine/query/types.ts';
import type { Micros } from '../../../engine/sdk/index.ts';
import { severityOrder } from '../state/look.ts';

export const actionWord: Readonly<Record<HumanAction, string>> = {
  acknowledge: 'Acknowledge',
  investigate: 'Investigate',
  mitigate: 'Mitigate',
  resolve: 'Resolve',
  reopen: 'Reopen',
  note: 'Add note',
};

/** Active is all that is not resolved: an acknowledged incident still hurts. */
export function isActive(incident: IncidentView): boolean {
  return incident.status !== 'resolved';
}

/** Worst first, then oldest first. */
export function byUrgency(a: IncidentView, b: IncidentView): number {
  const rank = (incident: IncidentView) => severityOrder.indexOf(incident.severity);
  return Number(isActive(b)) - Number(isActive(a)) || rank(a) - rank(b) || a.openedAt - b.openedAt;
}

/** What the panels are about: the chosen incident, else the most urgent active one. */
export function focusIncident(
  sorted: readonly IncidentView[],
  chosen: number | null,
): IncidentView | undefined {
  return sorted.find((one) => one.id === chosen) ?? sorted.find(isActive);
}

/** How long it has been open; frozen once it is resolved. */
export function ageOf(incident: IncidentView, t: Micros): Micros {
  return Math.max(0, (incident.resolvedAt ?? t) - incident.openedAt);
}

export interface Milestone {
  readonly word: string;
  /** Null: not reached yet. */
  readonly t: Micros | null;
  /** Time since the first signal. */
  readonly after: Micros | null;
}

export function milestones(incident: IncidentView): readonly Milestone[] {
  const reached: readonly (readonly [string, Micros | null])[] = [
    ['First signal', incident.firstSignalAt],
    ['Opened', incident.openedAt],
    ['Acknowledged', incident.acknowledgedAt],
    ['Mitigated', incident.mitigatedAt],
    ['Resolved', incident.resolvedAt],
  ];
  return reached.map(([word, t]) => ({
    word,
    t,
    after: t === null ? null : t - incident.firstSignalAt,
  }));
}

export interface FoldedFinding {
  /** The one with the highest score speaks for all. */
  readonly finding: FindingRow;
  readonly count: number;
  readonly from: Micros;
  readonly to: Micros;
}

/** One entry for what one detector keeps saying of one subject; the newest come first. */
export function foldFindings(findings: readonly FindingRow[]): readonly FoldedFinding[] {
  const folded = new Map<string, FoldedFinding>();
  for (const finding of findings) {
    const key = `${finding.detector} ${finding.subject}`;
    const known = folded.get(key);
    if (!known) {
      folded.set(key, { finding, count: 1, from: finding.t, to: finding.t });
      continue;
    }
    folded.set(key, {
      finding: finding.score > known.finding.score ? finding : known.finding,
      count: known.count + 1,
      from: Math.min(known.from, finding.t),
      to: Math.max(known.to, finding.t),
    });
  }
  return [...folded.values()].toSorted((a, b) => b.to - a.to || b.count - a.count);
}
