/** What happened to an incident, in plain words. */
import type { HumanAction, HumanEvent, IncidentEvent } from '../incident/model.ts';
import type { TimelineEntry } from './types.ts';

const done: Record<HumanAction, string> = {
  acknowledge: 'Acknowledged',
  investigate: 'Investigation began',
  mitigate: 'Marked as mitigated',
  resolve: 'Resolved',
  reopen: 'Reopened',
  note: 'Note',
};

/** Both streams in the order of scenario time; at the same moment the engine comes first. */
export function timelineOf(
  events: readonly IncidentEvent[],
  people: readonly HumanEvent[],
  serviceNames: readonly string[],
): TimelineEntry[] {
  const entries = [
    ...events.map((event): TimelineEntry => ({
      t: event.t,
      kind: event.kind,
      text: engineText(event, serviceNames),
      actor: null,
      wallUnixMs: null,
    })),
    ...people.map((event): TimelineEntry => ({
      t: event.t,
      kind: event.action,
      text: humanText(event),
      actor: event.actor,
      wallUnixMs: event.wallUnixMs,
    })),
  ];
  return entries.sort((a, b) => a.t - b.t);
}

function engineText(event: IncidentEvent, serviceNames: readonly string[]): string {
  switch (event.kind) {
    case 'opened':
      return `Opened with severity ${event.severity}: ${event.title}`;
    case 'alert-firing':
      return `${event.detector}: ${event.body}`;
    case 'alert-resolved':
      return `Alert ended: ${event.fingerprint}`;
    case 'service-affected':
      return `${serviceNames[event.service] ?? 'A service'} is affected`;
    case 'severity-changed':
      return `Severity is now ${event.severity}: ${event.reason}`;
    case 'title-changed':
      return `Now called: ${event.title}`;
    case 'auto-resolved':
      return `Resolved by itself: ${event.reason}`;
    case 'reopened':
      return `Reopened: ${event.reason}`;
    default:
      return event satisfies never;
  }
}

function humanText({ action, note }: HumanEvent): string {
  return note === '' ? done[action] : `${done[action]}: ${note}`;
}
