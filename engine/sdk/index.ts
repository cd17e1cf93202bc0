/** The public door of the workbench: `incident-workbench/sdk`. */
export { defineDetector, dependencyKinds } from './detector.ts';
export type {
  Config,
  DependencyKind,
  Detector,
  FindingSeverity,
  HookContext,
  Hooks,
  InitContext,
  Interval,
  Objective,
  Option,
  Options,
  Per,
  Plain,
  ReportedFinding,
  Score,
  Subject,
  Topology,
} from './detector.ts';
export { changeKinds, seriesRoles, severityNumbers } from './records.ts';
export type {
  Attributes,
  Change,
  ChangeKind,
  LogRecord,
  LogTemplate,
  MetricPoint,
  Micros,
  RecordKind,
  Series,
  SeriesRole,
  SeverityNumber,
  Span,
  TelemetryRecord,
} from './records.ts';
