/** The life of an incident: which steps people may take from which status. */
import { WorkbenchError } from '../errors.ts';
import type { HumanAction, IncidentStatus, IncidentView } from './model.ts';

/** Where an action leads; a note leads nowhere. */
const leadsTo = {
  acknowledge: 'acknowledged',
  investigate: 'investigating',
  mitigate: 'mitigated',
  resolve: 'resolved',
  reopen: 'open',
  note: null,
} as const satisfies Record<HumanAction, IncidentStatus | null>;

/**
 * Somebody must own an incident (acknowledge) before it can be worked on or closed; a mitigation that
 * did not hold goes back to investigating. Notes are always welcome.
 */
const legal: Readonly<Record<IncidentStatus, readonly HumanAction[]>> = {
  open: ['acknowledge', 'note'],
  acknowledged: ['investigate', 'mitigate', 'resolve', 'note'],
  investigating: ['mitigate', 'resolve', 'note'],
  mitigated: ['investigate', 'resolve', 'note'],
  resolved: ['reopen', 'note'],
};

/** Steps that are legal from a status. */
export function legalActions(status: IncidentStatus): readonly HumanAction[] {
  return legal[status];
}

/** The status after an action; the same one for a note; null where the action is illegal. */
export function statusAfter(status: IncidentStatus, action: HumanAction): IncidentStatus | null {
  if (!legal[status].includes(action)) return null;
  return leadsTo[action] ?? status;
}

/** Gives the status after the action, or throws ILLEGAL_TRANSITION naming the legal steps. */
export function checkTransition(
  incident: Pick<IncidentView, 'id' | 'status'>,
  action: HumanAction,
): IncidentStatus {
  const after = statusAfter(incident.status, action);
  if (after !== null) return after;
  throw new WorkbenchError('ILLEGAL_TRANSITION', {
    incident: incident.id,
    from: incident.status,
    to: leadsTo[action] ?? incident.status,
    legal: legal[incident.status].join(', '),
  });
}
