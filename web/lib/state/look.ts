/** How each state looks: a hue, a shape and a word, always together. */
import type { IncidentSeverity, IncidentStatus } from '../../../engine/incident/model.ts';
import type { HealthState } from '../../../engine/health/model.ts';
import type { RunState } from '../../../engine/query/types.ts';
import type { Level } from '../../../engine/store/schema.ts';

/** Names of the six state hues of `tokens.css`. */
export type Hue = 'critical' | 'high' | 'medium' | 'low' | 'ok' | 'unknown';

export interface Look {
  readonly hue: Hue;
  readonly shape: string;
  readonly word: string;
}

/** Worst first. */
export const severityOrder: readonly IncidentSeverity[] = ['critical', 'high', 'medium', 'low'];
export const healthOrder: readonly HealthState[] = ['down', 'degraded', 'healthy', 'unknown'];

export const severityLook: Readonly<Record<IncidentSeverity, Look>> = {
  critical: { hue: 'critical', shape: '▲', word: 'Critical' },
  high: { hue: 'high', shape: '◆', word: 'High' },
  medium: { hue: 'medium', shape: '■', word: 'Medium' },
  low: { hue: 'low', shape: '●', word: 'Low' },
};

export const healthLook: Readonly<Record<HealthState, Look>> = {
  down: { hue: 'critical', shape: '▲', word: 'Down' },
  degraded: { hue: 'high', shape: '◆', word: 'Degraded' },
  healthy: { hue: 'ok', shape: '✓', word: 'Healthy' },
  unknown: { hue: 'unknown', shape: '?', word: 'No data' },
};

export const statusLook: Readonly<Record<IncidentStatus, Look>> = {
  open: { hue: 'critical', shape: '○', word: 'Open' },
  acknowledged: { hue: 'high', shape: '◔', word: 'Acknowledged' },
  investigating: { hue: 'medium', shape: '◑', word: 'Investigating' },
  mitigated: { hue: 'low', shape: '◕', word: 'Mitigated' },
  resolved: { hue: 'ok', shape: '✓', word: 'Resolved' },
};

/** The status in the hue of the severity while it is active, so that a row has one hue. */
export function activeLook(status: IncidentStatus, severity: IncidentSeverity): Look {
  const look = statusLook[status];
  return status === 'resolved' ? look : { ...look, hue: severityLook[severity].hue };
}

export const runStateLook: Readonly<Record<RunState, Look>> = {
  running: { hue: 'low', shape: '▶', word: 'Running' },
  paused: { hue: 'medium', shape: '❚❚', word: 'Paused' },
  completed: { hue: 'ok', shape: '✓', word: 'Completed' },
  degraded: { hue: 'high', shape: '◆', word: 'Degraded' },
  interrupted: { hue: 'high', shape: '■', word: 'Interrupted' },
  failed: { hue: 'critical', shape: '▲', word: 'Failed' },
};

export const levelLook: Readonly<Record<Level, Look>> = {
  error: { hue: 'critical', shape: '▲', word: 'ERROR' },
  warn: { hue: 'high', shape: '◆', word: 'WARN' },
  info: { hue: 'unknown', shape: '●', word: 'INFO' },
  debug: { hue: 'unknown', shape: '○', word: 'DEBUG' },
};

/** Tailwind reads class names from the source, so they stand here whole. */
export const hueText: Readonly<Record<Hue, string>> = {
  critical: 'text-critical',
  high: 'text-high',
  medium: 'text-medium',
  low: 'text-low',
  ok: 'text-ok',
  unknown: 'text-unknown',
};

/** Text on the soft ground of its own or another hue. */
export const hueTextOnSoft: Readonly<Record<Hue, string>> = {
  critical: 'text-critical-on-soft',
  high: 'text-high-on-soft',
  medium: 'text-medium-on-soft',
  low: 'text-low-on-soft',
  ok: 'text-ok-on-soft',
  unknown: 'text-unknown-on-soft',
};

export const hueSoft: Readonly<Record<Hue, string>> = {
  critical: 'bg-critical-soft text-critical-on-soft',
  high: 'bg-high-soft text-high-on-soft',
  medium: 'bg-medium-soft text-medium-on-soft',
  low: 'bg-low-soft text-low-on-soft',
  ok: 'bg-ok-soft text-ok-on-soft',
  unknown: 'bg-unknown-soft text-unknown-on-soft',
};

export const hueFill: Readonly<Record<Hue, string>> = {
  critical: 'bg-critical',
  high: 'bg-high',
  medium: 'bg-medium',
  low: 'bg-low',
  ok: 'bg-ok',
  unknown: 'bg-line-strong',
};
