/**
 * The state of a run at a moment: the last keyframe before it, and the few events since. Never a
 * replay from zero, and never an event after the moment.
 */
import { healthStates, type HealthEvent, type HealthFigures } from '../health/model.ts';
import {
  applyHealthEvent,
  applyHumanEvent,
  applyIncidentEvent,
  emptyState,
  viewHealth,
  viewIncidents,
  type FoldedState,
  type HealthView,
  type IncidentView,
} from '../incident/index.ts';
import { WorkbenchError } from '../errors.ts';
import type { Micros } from '../sdk/index.ts';
import { humanEvents, incidentEventOf, type IncidentEventRow } from '../store/human-events.ts';
import { keysPerMicrosecond } from '../store/schema.ts';
import type { RunReader } from './reader.ts';

/** What people see at a moment. */
export interface Situation {
  readonly incidents: readonly IncidentView[];
  /** By id of the service. */
  readonly health: readonly HealthView[];
}

/**
 * The situation at `t`, a playhead of the reader.
 * @throws WorkbenchError RUN_FILE_DAMAGED where what is stored is not what a writer stores
 */
export function situationAt(run: RunReader, t: Micros): Situation {
  try {
    const state = foldAt(run, t);
    return { incidents: viewIncidents(state, t), health: viewHealth(state) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const reason = 'its events and keyframes do not fold to a state';
    throw new WorkbenchError('RUN_FILE_DAMAGED', { file: run.file, reason }, { cause: error });
  }
}

/** Folds all events with a time at or before `t`. */
function foldAt(run: RunReader, t: Micros): FoldedState {
  const keyframe = run.row<{ t: Micros; state: string }>(
    'SELECT t, state FROM keyframe WHERE t <= ? ORDER BY t DESC LIMIT 1',
    t,
  );
  const from = keyframe?.t ?? 0;
  // The keyframe is our own writer's JSON of such a state.
  const state = keyframe
    ? (JSON.parse(keyframe.state) as FoldedState)
    : emptyState({ services: run.serviceNames });
  // A key is at least `t * 4`: nothing at or after `from` has a smaller one.
  const low = from * keysPerMicrosecond;
  const incidentRows = run.rows<IncidentEventRow>(
    'SELECT t, incident, kind, payload FROM incident_event WHERE k >= ? AND k < ? AND t >= ? ORDER BY k',
    low,
    run.keyAfter('incident_event', t),
    from,
  );
  for (const row of incidentRows) applyIncidentEvent(state, incidentEventOf(row));
  const healthRows = run.rows<HealthEventRow>(
    'SELECT t, service_id, state, reason, payload FROM health_event WHERE k >= ? AND k < ? AND t >= ? ORDER BY k',
    low,
    run.keyAfter('health_event', t),
    from,
  );
  for (const row of healthRows) applyHealthEvent(state, healthEventOf(row));
  // People's events are few, may lie before the keyframe, and may be applied in any order.
  for (const event of humanEvents(run.db, t)) applyHumanEvent(state, event);
  return state;
}

interface HealthEventRow {
  readonly t: Micros;
  readonly service_id: number;
  readonly state: string;
  readonly reason: string;
  readonly payload: string;
}

function healthEventOf(row: HealthEventRow): HealthEvent {
  return {
    t: row.t,
    service: row.service_id,
    state: healthStates.find((known) => known === row.state) ?? 'unknown',
    reason: row.reason,
    // Our own writer made it from such figures.
    figures: JSON.parse(row.payload) as HealthFigures,
  };
}
