import { Type } from 'typebox';
import { stretchesOf, uptimeOf } from '../health/index.ts';
import { healthStates, type HealthState } from '../health/model.ts';
import { viewIncidents, type IncidentView } from '../incident/index.ts';
import type { Micros } from '../sdk/index.ts';
import { foldAt } from './folded.ts';
import { trends } from './kpis.ts';
import { countByService } from './level-totals.ts';
import { playheadParameter, question } from './question.ts';
import type { RunReader } from './reader.ts';
import { healthOf } from './state.ts';
import type { ServiceCard } from './types.ts';

interface HealthChange {
  readonly t: Micros;
  readonly state: HealthState;
}

/** Stretches of one card; a service that flaps more often has a bar nobody can read. */
const stretchesMax = 500;

/** One card a service: health, uptime since the start of the run, neighbours, last incident. */
export const services = question(
  Type.Object({ t: playheadParameter }, { additionalProperties: false }),
  (run, asked): ServiceCard[] => {
    const t = run.playhead(asked.t);
    const folded = foldAt(run, t);
    const incidents = viewIncidents(folded, t);
    const ids = run.services.map((service) => service.id);
    const trendOf = trends(run, ids, t);
    const logs = countByService(run, ids, t);
    const changes = healthChanges(run, t);
    const window = { from: 0, to: t };
    return healthOf(run, folded, t).map((health, index): ServiceCard => {
      const { id, kind, entry } = run.services[index] ?? { id: -1, kind: '', entry: 0 };
      const own = changes.get(id) ?? [];
      const { uptime, coverage } = uptimeOf(own, window);
      const [debug, info, warn, error] = logs.get(id) ?? [0, 0, 0, 0];
      return {
        ...health,
        kind,
        entry: entry === 1,
        uptime,
        uptimeWindowUs: t,
        uptimeCoverage: coverage,
        lastIncident: lastIncident(incidents, health.service),
        callers: neighbours(run, 'callee_id', 'caller_id', id),
        callees: neighbours(run, 'caller_id', 'callee_id', id),
        history: stretchesOf(own, window).slice(-stretchesMax),
        trend: trendOf.get(id) ?? [],
        logs: { debug, info, warn, error },
      };
    });
  },
);

function healthChanges(run: RunReader, t: Micros): ReadonlyMap<number, readonly HealthChange[]> {
  const changes = new Map<number, HealthChange[]>();
  const rows = run.tuples<[service: number, t: Micros, state: string]>(
    'SELECT service_id, t, state FROM health_event WHERE k < ? ORDER BY k',
    run.keyAfter('health_event', t),
  );
  for (const [service, at, text] of rows) {
    const state = healthStates.find((known) => known === text) ?? 'unknown';
    const own = changes.get(service);
    if (own) own.push({ t: at, state });
    else changes.set(service, [{ t: at, state }]);
  }
  return changes;
}

function lastIncident(
  incidents: readonly IncidentView[],
  service: string,
): ServiceCard['lastIncident'] {
  let last: IncidentView | null = null;
  for (const incident of incidents) {
    if (!incident.services.includes(service)) continue;
    if (last === null || incident.openedAt >= last.openedAt) last = incident;
  }
  if (last === null) return null;
  const { id, title, openedAt, status } = last;
  return { id, title, openedAt, status };
}

function neighbours(
  run: RunReader,
  own: 'caller_id' | 'callee_id',
  other: 'caller_id' | 'callee_id',
  id: number,
): string[] {
  return run
    .tuples<[number]>(`SELECT ${other} FROM dependency WHERE ${own} = ? ORDER BY ${other}`, id)
    .map(([neighbour]) => run.serviceName(neighbour));
}
