/**
 * Which incident of one run is which of the other. Numbers and titles follow from what was seen first,
 * so they move when a second does: incidents are the same where they are about the same services at
 * about the same time. The likest pair goes first, and takes both out.
 */
import type { IncidentView } from '../incident/model.ts';
import { limits } from '../limits.ts';
import type { Micros } from '../sdk/index.ts';
import { changeOf, differenceOf } from './diff-change.ts';
import type { DiffedIncident, IncidentFacts } from './diff-types.ts';
import { situationAt } from './folded.ts';
import type { RunReader } from './reader.ts';

/** By the time of opening. */
export function diffIncidents(a: RunReader, b: RunReader, until: Micros): DiffedIncident[] {
  const [left, right] = [incidentsOf(a, until), incidentsOf(b, until)];
  const partners = pair(left, right);
  const found = left.map((incident) => aligned(incident, partners.get(incident) ?? null));
  const taken = new Set(partners.values());
  for (const incident of right) if (!taken.has(incident)) found.push(aligned(null, incident));
  return found.sort((one, other) => openingOf(one) - openingOf(other));
}

function incidentsOf(run: RunReader, until: Micros): readonly IncidentFacts[] {
  const { incidents } = situationAt(run, until);
  return incidents.slice(0, limits.diffIncidentsMax).map(factsOf);
}

function factsOf(view: IncidentView): IncidentFacts {
  const { id, title, severity, services, openedAt, resolvedAt } = view;
  return { id, title, severity, services, openedAt, resolvedAt };
}

function aligned(a: IncidentFacts | null, b: IncidentFacts | null): DiffedIncident {
  const [openedA, openedB] = [a?.openedAt ?? null, b?.openedAt ?? null];
  const [resolvedA, resolvedB] = [a?.resolvedAt ?? null, b?.resolvedAt ?? null];
  return {
    a,
    b,
    opened: changeOf(openedA, openedB) ?? 'same',
    openedByUs: differenceOf(openedA, openedB),
    resolved: a && b ? changeOf(resolvedA, resolvedB) : null,
    resolvedByUs: differenceOf(resolvedA, resolvedB),
  };
}

function openingOf({ a, b }: DiffedIncident): Micros {
  return a?.openedAt ?? b?.openedAt ?? 0;
}

function pair(
  left: readonly IncidentFacts[],
  right: readonly IncidentFacts[],
): ReadonlyMap<IncidentFacts, IncidentFacts> {
  const candidates = left
    .flatMap((a) => right.map((b) => ({ a, b, likeness: likeness(a, b) })))
    .filter((candidate) => candidate.likeness >= likenessMin)
    // Of equals the older ones first: the sort is stable, and both lists are in order.
    .sort((one, other) => other.likeness - one.likeness);
  const partners = new Map<IncidentFacts, IncidentFacts>();
  const taken = new Set<IncidentFacts>();
  for (const { a, b } of candidates) {
    if (partners.has(a) || taken.has(b)) continue;
    partners.set(a, b);
    taken.add(b);
  }
  return partners;
}

/** Half of the services, minutes apart; or the same title and time with other services. */
const likenessMin = 0.7;
/** Distance in time that counts half, µs. */
const halfUs = 300_000_000;

/** 0 to 2: up to one for the services, and half a one each for the words of the title and the time. */
function likeness(a: IncidentFacts, b: IncidentFacts): number {
  const apart = Math.abs(a.openedAt - b.openedAt);
  return (
    shared(a.services, b.services) +
    shared(wordsOf(a.title), wordsOf(b.title)) / 2 +
    halfUs / (halfUs + apart) / 2
  );
}

function wordsOf(title: string): readonly string[] {
  // Figures differ in what is otherwise the same sentence.
  return title.toLowerCase().match(/\p{L}{3,}/gu) ?? [];
}

/** Share of what either has that both have, 0–1. */
function shared(a: readonly string[], b: readonly string[]): number {
  const [left, right] = [new Set(a), new Set(b)];
  const both = [...left].filter((item) => right.has(item)).length;
  const either = left.size + right.size - both;
  return either === 0 ? 0 : both / either;
}
