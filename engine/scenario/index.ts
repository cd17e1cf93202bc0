/** Scenario files: their format, and the way from a file to the engine's model of it. */
export { loadScenario, parseScenario, scenarioReader } from './load.ts';
export type { Complaint } from './report.ts';
export type { ParseResult, ScenarioReader } from './load.ts';
export { scenarioJsonSchema } from './json-schema.ts';
export type { CodeFrame, Problem, ProblemKind } from './problem.ts';
export { formatProblems } from './format-problems.ts';
export { formatMicros, parseUnit } from './units.ts';
export { formatAction, parseAction } from './actions.ts';

export type { RecordedScenario, Scenario, SimulatedScenario, SourceFormat } from './model.ts';
