/** Alerts, incidents and what people see of them. */
export { Correlator, type Correlated } from './correlate.ts';
export {
  applyHealthEvent,
  applyHumanEvent,
  applyIncidentEvent,
  emptyState,
  viewHealth,
  viewIncidents,
  type FoldedState,
  type HealthView,
} from './fold.ts';
export { checkTransition, legalActions, statusAfter } from './lifecycle.ts';
export { incidentPolicy } from './policy.ts';
export { humanActions, incidentSeverities } from './model.ts';
export type {
  Alert,
  Finding,
  HumanAction,
  HumanEvent,
  IncidentEvent,
  IncidentSeverity,
  IncidentStatus,
  IncidentView,
} from './model.ts';
