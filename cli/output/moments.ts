/** The events of a range by moment: what happened at one time is told together. */
import type { HealthEvent } from '../../engine/health/model.ts';
import type { IncidentEvent } from '../../engine/incident/model.ts';
import type { RunEvents } from '../../engine/replay/index.ts';
import type { Micros } from '../../engine/sdk/index.ts';

export interface Moment {
  readonly t: Micros;
  readonly changes: RunEvents['changes'][number][];
  readonly health: HealthEvent[];
  readonly incidents: IncidentEvent[];
}

export function momentsOf({ changes, healthEvents, incidentEvents }: RunEvents): Moment[] {
  const moments = new Map<Micros, Moment>();
  const at = (t: Micros): Moment => {
    const moment = moments.get(t) ?? { t, changes: [], health: [], incidents: [] };
    moments.set(t, moment);
    return moment;
  };
  for (const change of changes) at(change.t).changes.push(change);
  for (const event of healthEvents) at(event.t).health.push(event);
  for (const event of incidentEvents) at(event.t).incidents.push(event);
  return [...moments.values()].sort((a, b) => a.t - b.t);
}
