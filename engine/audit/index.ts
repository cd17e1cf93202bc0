/** Audits: whether a scenario is fair, honest and worth playing, and why. */
export { auditRecorded, auditSimulated } from './audit.ts';
export type { AuditSimulatedOptions } from './audit.ts';
export type { AuditOptions } from './evidence.ts';
export { proposeClues } from './propose.ts';
export type { ProposeOptions } from './propose.ts';
export type {
  ActionFacts,
  Audit,
  ClueFacts,
  Finding,
  Level,
  Measure,
  OneLineFacts,
  PlayFacts,
  RequestCounts,
  RuleName,
  RuleResult,
} from './model.ts';
