/** Levels of log lines, brought to OpenTelemetry's severity numbers 1–24. */
import { severityNumbers } from '../sdk/index.ts';
import type { SeverityNumber } from '../sdk/index.ts';

/** What the numbers of a level field mean; they run against each other, so a file may have to say. */
export type LevelScale = 'auto' | 'pino' | 'otel' | 'syslog';
export const levelScales: readonly LevelScale[] = ['auto', 'pino', 'otel', 'syslog'];

const names: Readonly<Record<string, SeverityNumber>> = {
  trace: severityNumbers.trace,
  finest: severityNumbers.trace,
  finer: severityNumbers.trace,
  verbose: severityNumbers.trace,
  silly: severityNumbers.trace,
  debug: severityNumbers.debug,
  fine: severityNumbers.debug,
  dbg: severityNumbers.debug,
  info: severityNumbers.info,
  information: severityNumbers.info,
  informational: severityNumbers.info,
  inf: severityNumbers.info,
  log: severityNumbers.info,
  notice: severityNumbers.info + 1,
  warn: severityNumbers.warn,
  warning: severityNumbers.warn,
  wrn: severityNumbers.warn,
  error: severityNumbers.error,
  err: severityNumbers.error,
  severe: severityNumbers.error,
  critical: severityNumbers.error + 1,
  crit: severityNumbers.error + 1,
  alert: severityNumbers.error + 2,
  fatal: severityNumbers.fatal,
  panic: severityNumbers.fatal,
  emerg: severityNumbers.fatal,
  emergency: severityNumbers.fatal,
};

/** Syslog's 0 (emergency) to 7 (debug). */
const syslog: readonly SeverityNumber[] = [21, 19, 18, 17, 13, 10, 9, 5];

/** undefined where the value says nothing; the caller decides what a line without a level is. */
export function parseSeverity(value: unknown, scale: LevelScale): SeverityNumber | undefined {
  if (typeof value === 'number') return fromNumber(value, scale);
  if (typeof value !== 'string') return undefined;
  const text = value.trim().toLowerCase();
  if (/^\d{1,2}$/.test(text)) return fromNumber(Number(text), scale);
  return names[text] ?? fromEnumName(text);
}

function fromNumber(value: number, scale: LevelScale): SeverityNumber | undefined {
  if (!Number.isInteger(value)) return undefined;
  if (scale === 'syslog') return syslog[value];
  const pino = value >= 10 && value % 10 === 0;
  if (scale === 'pino' || (scale === 'auto' && pino)) return fromPino(value);
  return value >= 1 && value <= 24 ? value : undefined;
}

/** 10 trace … 60 fatal; custom levels fall into the group below them. */
function fromPino(value: number): SeverityNumber | undefined {
  if (value < 1 || value > 100) return undefined;
  const groups = [1, 1, 5, 9, 13, 17, 21];
  return groups[Math.min(6, Math.floor(value / 10))];
}

/** OpenTelemetry's `SEVERITY_NUMBER_WARN2`, and `warn2`. */
function fromEnumName(text: string): SeverityNumber | undefined {
  const match = /^(?:severity_number_)?([a-z]+)([2-4])?$/.exec(text);
  const base = match ? names[match[1] ?? ''] : undefined;
  return base === undefined ? undefined : base + Number(match?.[2] ?? 1) - 1;
}
