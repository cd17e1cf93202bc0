/** Where and when the analyst looks: an incident's services and time, or what is unwell right now. */
import type { Micros } from '../sdk/index.ts';
import type { HealthFact, RunFacts, Span } from './facts.ts';

export interface Focus {
  /** Services with symptoms; empty where everything is well. */
  readonly affected: readonly number[];
  /** The affected services and what they call: a cause may be silent itself. */
  readonly nearby: readonly number[];
  /** When it happened, as far as the playhead. */
  readonly span: Span;
  /** What it is compared with. */
  readonly before: Span;
  /** From the first signal of the incident on, uncut; null where no incident says which one that is. */
  readonly episode: Span | null;
}

const minuteUs = 60_000_000;
/** Symptoms begin before detectors are sure of them. */
const leadUs = 2 * minuteUs;
const beforeUs = 20 * minuteUs;
/** A card reads at most this much of a long incident, its beginning: there the cause is. */
const spanUsMax = 40 * minuteUs;
/** Findings of this age still count as "now". */
const recentUs = 10 * minuteUs;
const servicesMax = 12;

/** The focus on an incident, or on what is unwell at the playhead; null for an unknown incident. */
export function findFocus(facts: RunFacts, incident: number | undefined): Focus | null {
  if (incident === undefined) return focusNow(facts);
  const found = facts.incident(incident);
  if (!found) return null;
  const to = Math.min(facts.playhead, found.resolvedAt ?? facts.playhead);
  const life = { from: found.firstSignalAt, to };
  return focusOn(facts, { services: found.services, happened: life, episode: life });
}

function focusNow(facts: RunFacts): Focus {
  const to = facts.playhead;
  const onsets = new Map<number, Micros>();
  for (const { id } of facts.services) {
    const onset = onsetOf(facts.healthEvents(id, { from: 0, to }));
    if (onset !== null) onsets.set(id, onset);
  }
  for (const { service, t } of facts.findings({ from: Math.max(0, to - recentUs), to })) {
    if (service !== null) onsets.set(service, Math.min(t, onsets.get(service) ?? t));
  }
  const affected = [...onsets].sort((a, b) => a[1] - b[1]).map(([service]) => service);
  const from = affected.length > 0 ? Math.min(...onsets.values()) : Math.max(0, to - recentUs);
  // What is recent moves with the playhead; when the incident began does not.
  const signals = affected.flatMap((service) =>
    signalOf(facts, service, onsets.get(service) ?? to),
  );
  const signal = signals.length > 0 ? Math.min(...signals) : null;
  return focusOn(facts, {
    services: affected,
    happened: { from: Math.min(from, signal ?? from), to },
    episode: signal === null ? null : { from: signal, to },
  });
}

/** The first signal of the incident that an onset of a service belongs to, or none. */
function signalOf(facts: RunFacts, service: number, onset: Micros): Micros[] {
  const incident = facts.incidentOf(service);
  if (!incident) return [];
  const isOver = incident.resolvedAt !== null && incident.resolvedAt < onset;
  return isOver ? [] : [incident.firstSignalAt];
}

/** Since when a service has been unwell without a pause; null where it is well or unknown now. */
function onsetOf(events: readonly HealthFact[]): Micros | null {
  let onset: Micros | null = null;
  for (const event of events.toReversed()) {
    if (event.state !== 'degraded' && event.state !== 'down') return onset;
    onset = event.t;
  }
  return onset;
}

function focusOn(
  facts: RunFacts,
  {
    services,
    happened,
    episode,
  }: {
    readonly services: readonly number[];
    readonly happened: Span;
    readonly episode: Span | null;
  },
): Focus {
  const affected = services.slice(0, servicesMax);
  const called = affected.flatMap((service) => facts.callees(service));
  const from = Math.max(0, happened.from - leadUs);
  return {
    affected,
    nearby: [...new Set([...affected, ...called])].slice(0, 2 * servicesMax),
    span: { from, to: Math.min(happened.to, from + spanUsMax) },
    before: { from: Math.max(0, from - beforeUs), to: from - 1 },
    episode,
  };
}
