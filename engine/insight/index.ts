/** Claims about a run with the rows that carry them. */
export { analyse } from './analyst.ts';
export type {
  ChangeFact,
  FindingFact,
  HealthFact,
  IncidentFact,
  LogFact,
  RunFacts,
  SampleFact,
  SeriesFact,
  ServiceFact,
  Span,
} from './facts.ts';
export type { Evidence, InsightCard, InsightCategory, InsightText } from './model.ts';
