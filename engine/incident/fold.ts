/**
 * What people see of incidents and health at a moment: a fold of the engine's events and of people's
 * events, the same code live and on seek. The state is JSON and is stored in keyframes.
 *
 * People's events may be appended at any playhead, also before a keyframe. So the fold only collects
 * the moments that decide a status, and the view merges the two streams by time: it does not matter
 * in which order the streams were applied to each other.
 */
import type { HealthEvent, HealthFigures, HealthState } from '../health/index.ts';
import type { Micros } from '../sdk/index.ts';
import { legalActions, statusAfter } from './lifecycle.ts';
import type {
  HumanAction,
  HumanEvent,
  IncidentEvent,
  IncidentSeverity,
  IncidentStatus,
  IncidentView,
} from './model.ts';

export interface FoldedHealth {
  state: HealthState;
  reason: string;
  since: Micros;
  figures: HealthFigures;
}

export interface FoldedIncident {
  id: number;
  title: string;
  severity: IncidentSeverity;
  openedAt: Micros;
  firstSignalAt: Micros;
  /** Indexes of services, in the order in which they joined. */
  services: number[];
  detectors: string[];
  firing: string[];
  alerts: string[];
  /** Moments of the engine that can change the status, in order. */
  moments: { t: Micros; kind: 'firing' | 'auto-resolved' | 'reopened' }[];
  /** What people did, in order; notes are left out. */
  actions: { t: Micros; action: HumanAction }[];
}

export interface FoldedState {
  services: string[];
  /** By index of the service. */
  health: FoldedHealth[];
  /** By number of the incident. */
  incidents: Record<string, FoldedIncident>;
}

/** A `ServiceHealth` of the query contract, as of the service's last event. */
export interface HealthView extends HealthFigures {
  readonly service: string;
  readonly state: HealthState;
  readonly reason: string;
  readonly since: Micros;
}

/** The state before the first event. */
export function emptyState(header: { readonly services: readonly string[] }): FoldedState {
  const nothing: HealthFigures = { requestRate: null, errorRatio: null, latencyP95: null };
  return {
    services: [...header.services],
    health: header.services.map(() => ({
      state: 'unknown',
      reason: 'no data yet',
      since: 0,
      figures: nothing,
    })),
    incidents: {},
  };
}

/** Applies one event of the engine, in place, and gives the state back; events must come in order. */
export function applyIncidentEvent(state: FoldedState, event: IncidentEvent): FoldedState {
  const incident = state.incidents[event.incident];
  if (event.kind === 'opened') state.incidents[event.incident] = opened(event);
  else if (incident) change(incident, event);
  return state;
}

/** Applies one change of health, in place, and gives the state back. */
export function applyHealthEvent(state: FoldedState, event: HealthEvent): FoldedState {
  const { state: now, reason, t: since, figures } = event;
  if (event.service < state.health.length) {
    state.health[event.service] = { state: now, reason, since, figures };
  }
  return state;
}

/** Applies one event of a person, in place, and gives the state back; engine events may be ahead. */
export function applyHumanEvent(state: FoldedState, event: HumanEvent): FoldedState {
  const incident = state.incidents[event.incident];
  if (!incident || event.action === 'note') return state;
  // Appended at an earlier playhead than the last one: keep the order of the scenario.
  const at = incident.actions.findLastIndex((action) => action.t <= event.t) + 1;
  incident.actions.splice(at, 0, { t: event.t, action: event.action });
  return state;
}

/** The incidents at `t`, by number; what people did after `t` is left out. */
export function viewIncidents(state: FoldedState, t: Micros): IncidentView[] {
  return Object.values(state.incidents)
    .filter((incident) => incident.openedAt <= t)
    .map((incident) => viewIncident(state, incident, t));
}

/** The health of every service, as of its last event. */
export function viewHealth(state: FoldedState): HealthView[] {
  return state.health.map((health, service) => ({
    service: state.services[service] ?? '',
    state: health.state,
    reason: health.reason,
    since: health.since,
    ...health.figures,
  }));
}

interface Life {
  readonly status: IncidentStatus;
  readonly acknowledgedAt: Micros | null;
  readonly mitigatedAt: Micros | null;
  readonly resolvedAt: Micros | null;
}

const newLife: Life = {
  status: 'open',
  acknowledgedAt: null,
  mitigatedAt: null,
  resolvedAt: null,
};

function viewIncident(state: FoldedState, incident: FoldedIncident, t: Micros): IncidentView {
  const life = lifeOf(incident, t);
  return {
    id: incident.id,
    title: incident.title,
    severity: incident.severity,
    ...life,
    openedAt: incident.openedAt,
    firstSignalAt: incident.firstSignalAt,
    services: incident.services.map((service) => state.services[service] ?? ''),
    detectors: incident.detectors,
    alertsFiring: incident.firing.length,
    alertsTotal: incident.alerts.length,
    legal: legalActions(life.status),
  };
}

/** Merges the engine's moments and people's actions by time; at one time the engine comes first. */
function lifeOf(incident: FoldedIncident, until: Micros): Life {
  let life = newLife;
  let next = 0;
  for (const { t, action } of incident.actions) {
    if (t > until) break;
    if (t < incident.openedAt) continue;
    for (; (incident.moments[next]?.t ?? Infinity) <= t; next++) {
      life = afterMoment(life, incident.moments[next]);
    }
    life = afterAction(life, action, t);
  }
  for (; next < incident.moments.length; next++) life = afterMoment(life, incident.moments[next]);
  return life;
}

function afterMoment(life: Life, moment: FoldedIncident['moments'][number] | undefined): Life {
  if (moment?.kind === 'auto-resolved') {
    return life.status === 'resolved'
      ? life
      : { ...life, status: 'resolved', resolvedAt: moment.t };
  }
  // Both a reopening and an alert after somebody resolved it: a new episode needs a new owner.
  return life.status === 'resolved' ? newLife : life;
}

/** An action that has become illegal, because something came before it later on, does nothing. */
function afterAction(life: Life, action: HumanAction, t: Micros): Life {
  const status = statusAfter(life.status, action);
  if (status === null) return life;
  switch (status) {
    case 'open':
      return action === 'reopen' ? newLife : life;
    case 'acknowledged':
      return { ...life, status, acknowledgedAt: life.acknowledgedAt ?? t };
    case 'investigating':
      return { ...life, status, mitigatedAt: null };
    case 'mitigated':
      return { ...life, status, mitigatedAt: t };
    case 'resolved':
      return action === 'resolve' ? { ...life, status, resolvedAt: t } : life;
    default:
      return status satisfies never;
  }
}

function change(incident: FoldedIncident, event: Exclude<IncidentEvent, { kind: 'opened' }>): void {
  switch (event.kind) {
    case 'alert-firing':
      addOnce(incident.firing, event.fingerprint);
      addOnce(incident.alerts, event.fingerprint);
      addOnce(incident.detectors, event.detector);
      incident.firstSignalAt = Math.min(incident.firstSignalAt, event.since);
      incident.moments.push({ t: event.t, kind: 'firing' });
      return;
    case 'alert-resolved':
      incident.firing = incident.firing.filter((alert) => alert !== event.fingerprint);
      return;
    case 'service-affected':
      addOnce(incident.services, event.service);
      return;
    case 'severity-changed':
      incident.severity = event.severity;
      return;
    case 'title-changed':
      incident.title = event.title;
      return;
    case 'auto-resolved':
    case 'reopened':
      incident.moments.push({ t: event.t, kind: event.kind });
      return;
    default:
      event satisfies never;
  }
}

function opened(event: Extract<IncidentEvent, { kind: 'opened' }>): FoldedIncident {
  return {
    id: event.incident,
    title: event.title,
    severity: event.severity,
    openedAt: event.t,
    firstSignalAt: event.t,
    services: [],
    detectors: [],
    firing: [],
    alerts: [],
    moments: [],
    actions: [],
  };
}

function addOnce<T>(list: T[], item: T): void {
  if (!list.includes(item)) list.push(item);
}
