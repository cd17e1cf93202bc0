import { Type } from 'typebox';
import { stretchesOf, uptimeOf } from '../health/index.ts';
import { healthStates, type HealthState } from '../health/model.ts';
import type { IncidentView } from '../incident/model.ts';
import type { Interval, Micros } from '../sdk/index.ts';
import { situationAt } from './folded.ts';
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
const stretchesMax = 200;
/** Uptime and history are told over the last day, µs, so that a long run costs no more than a short one. */
const uptimeWindowMaxUs = 86_400_000_000;

/** One card a service: health, uptime over the last day, neighbours, last incident. */
export const services = question(
  Type.Object({ t: playheadParameter }, { additionalProperties: false }),
  (run, asked): ServiceCard[] => {
    const t = run.playhead(asked.t);
    const { incidents, health: healthByService } = situationAt(run, t);
    const ids = run.services.map((service) => service.id);
    const trendOf = trends(run, ids, t);
    const logs = countByService(run, ids, t);
    const window = { from: Math.max(0, t - uptimeWindowMaxUs), to: t };
    const changes = healthChanges(run, window);
    return healthOf(run, healthByService, t).map((health, index): ServiceCard => {
      const { id, kind, entry } = run.services[index] ?? { id: -1, kind: '', entry: 0 };
      const own = changes.get(id) ?? [];
      const { uptime, coverage } = uptimeOf(own, window);
      const [debug, info, warn, error] = logs.get(id) ?? [0, 0, 0, 0];
      return {
        ...health,
        kind,
        entry: entry === 1,
        uptime,
        uptimeWindowUs: window.to - window.from,
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

/** Changes of state in the window, and the last one before it, by service. */
function healthChanges(
  run: RunReader,
  window: Interval,
): ReadonlyMap<number, readonly HealthChange[]> {
  const changes = new Map<number, HealthChange[]>();
  const low = run.keyAfter('health_event', window.from);
  const earlier = run.services.flatMap(({ id }) =>
    run.tuples<[service: number, t: Micros, state: string]>(
      'SELECT service_id, t, state FROM health_event WHERE service_id = ? AND k < ? ORDER BY k DESC LIMIT 1',
      id,
      low,
    ),
  );
  const rows = run.tuples<[service: number, t: Micros, state: string]>(
    'SELECT service_id, t, state FROM health_event WHERE k >= ? AND k < ? ORDER BY k',
    low,
    run.keyAfter('health_event', window.to),
  );
  for (const [service, at, text] of [...earlier, ...rows]) {
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
