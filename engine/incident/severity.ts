/** Severity from what users feel, not from the loudest metric. */
import { incidentSeverities, type IncidentSeverity } from './model.ts';
import type { World } from './world.ts';

export interface Judged {
  readonly severity: IncidentSeverity;
  readonly reason: string;
}

/** How bad it is now for the affected services; `low` where none is known to be unwell. */
export function judgeSeverity(world: World, services: readonly number[]): Judged {
  let worst: Judged = { severity: 'low', reason: 'no affected service is known to be unwell' };
  for (const service of services) {
    const judged = ofService(world, service);
    if (isWorse(judged.severity, worst.severity)) worst = judged;
  }
  return worst;
}

export function isWorse(a: IncidentSeverity, b: IncidentSeverity): boolean {
  return incidentSeverities.indexOf(a) < incidentSeverities.indexOf(b);
}

function ofService(world: World, service: number): Judged {
  const state = world.health[service]?.lastKnown;
  const name = world.names[service] ?? '';
  const facing = world.entry[service] ? `${name}, which users call,` : name;
  if (state === 'down') {
    const severity = world.entry[service] ? 'critical' : 'high';
    return { severity, reason: `${facing} is down` };
  }
  if (state === 'degraded') {
    const severity = world.entry[service] ? 'high' : 'medium';
    return { severity, reason: `${facing} is degraded` };
  }
  return { severity: 'low', reason: '' };
}
