/** The public door of the workbench: `incident-workbench/sdk`. */
export { defineDetector } from './detector.ts';
export type {
  Config,
  Detector,
  FindingSeverity,
  HookContext,
  Hooks,
  InitContext,
  Interval,
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
