/**
 * Alerts and incidents as data. Incidents are event-sourced: `IncidentEvent`s are the truth, what a
 * person sees is `foldIncident` over them. The engine's events and people's events are two streams;
 * only the engine's is covered by the run's digest.
 */
import type { Micros } from '../sdk/index.ts';

export const incidentSeverities = ['critical', 'high', 'medium', 'low'] as const;
export type IncidentSeverity = (typeof incidentSeverities)[number];

export const incidentStatuses = [
  'open',
  'acknowledged',
  'investigating',
  'mitigated',
  'resolved',
] as const;
export type IncidentStatus = (typeof incidentStatuses)[number];

/** What a detector reported, with everything the engine adds. */
export interface Finding {
  readonly t: Micros;
  readonly detector: string;
  /** `Subject.key` of the detector's state. */
  readonly subject: string;
  /** Index of the service, or null for a finding about the whole run. */
  readonly service: number | null;
  /** Index of the series, where the state is kept per series. */
  readonly series: number | null;
  readonly severity: 'warning' | 'critical';
  readonly score: number;
  /** Id of the message, and its text with the values filled in. */
  readonly message: string;
  readonly body: string;
  readonly values: Readonly<Record<string, string | number>>;
  /** Usual distance between two records of the subject, µs; how long silence means nothing. */
  readonly cadenceUs: Micros;
}

/** One detector firing on one key. */
export interface Alert {
  /** `detector:subject`. */
  readonly fingerprint: string;
  readonly detector: string;
  readonly subject: string;
  readonly service: number | null;
  /** Index of the series it is about, if it is about one. */
  readonly series: number | null;
  readonly state: 'pending' | 'firing' | 'resolved';
  /** First finding of this episode. */
  readonly since: Micros;
  readonly lastFindingAt: Micros;
  readonly body: string;
  readonly score: number;
}

/** What the engine says about an incident. `t` is exact scenario time. */
export type IncidentEvent = { readonly t: Micros; readonly incident: number } & (
  | { readonly kind: 'opened'; readonly title: string; readonly severity: IncidentSeverity }
  | {
      readonly kind: 'alert-firing';
      readonly fingerprint: string;
      readonly detector: string;
      readonly service: number | null;
      readonly since: Micros;
      readonly body: string;
      readonly score: number;
    }
  | { readonly kind: 'alert-resolved'; readonly fingerprint: string }
  | { readonly kind: 'service-affected'; readonly service: number }
  | {
      readonly kind: 'severity-changed';
      readonly severity: IncidentSeverity;
      readonly reason: string;
    }
  | { readonly kind: 'title-changed'; readonly title: string }
  | { readonly kind: 'auto-resolved'; readonly reason: string }
  | { readonly kind: 'reopened'; readonly reason: string }
);

/** What people do to an incident. */
export const humanActions = [
  'acknowledge',
  'investigate',
  'mitigate',
  'resolve',
  'reopen',
  'note',
] as const;
export type HumanAction = (typeof humanActions)[number];

export interface HumanEvent {
  readonly t: Micros;
  readonly wallUnixMs: number;
  readonly actor: string;
  readonly incident: number;
  readonly action: HumanAction;
  readonly note: string;
}

/** An incident as people see it at one moment. Services and detectors by name. */
export interface IncidentView {
  readonly id: number;
  readonly title: string;
  readonly severity: IncidentSeverity;
  readonly status: IncidentStatus;
  readonly openedAt: Micros;
  /** Earliest finding behind it. */
  readonly firstSignalAt: Micros;
  readonly acknowledgedAt: Micros | null;
  readonly mitigatedAt: Micros | null;
  readonly resolvedAt: Micros | null;
  readonly services: readonly string[];
  readonly detectors: readonly string[];
  readonly alertsFiring: number;
  readonly alertsTotal: number;
  /** Steps that are legal now. */
  readonly legal: readonly HumanAction[];
}
