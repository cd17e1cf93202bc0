/**
 * Alerts to incidents: which incident an alert belongs to (time and topology), how far an incident
 * reaches, how bad it is, and when it is over. Functions over plain data; every change is an event.
 */
import type { Micros } from '../sdk/index.ts';
import { lengthText } from '../wording.ts';
import type { AlertState } from './alerts.ts';
import type { IncidentEvent, IncidentSeverity } from './model.ts';
import { incidentPolicy as policy } from './policy.ts';
import { isWorse, judgeSeverity } from './severity.ts';
import { proposeTitle, settleTitle, type TitleState } from './title.ts';
import { isUnwell, type World } from './world.ts';

/** What the engine remembers of an incident while it can still change. */
export interface ActiveIncident {
  readonly id: number;
  /** Affected services, in the order in which they joined. */
  readonly services: number[];
  /** Those of them that were unwell while it went on. */
  readonly unwell: Set<number>;
  /** Fingerprints: firing now, and all that ever fired here. */
  firing: string[];
  readonly known: string[];
  slowestCadenceUs: Micros;
  lastActivityAt: Micros;
  /** Since when there has been neither an alert nor an unwell service. */
  quietSince: Micros | null;
  resolvedAt: Micros | null;
  severity: IncidentSeverity;
  /** A lower severity that is waiting to prove itself: since when, and the worst seen meanwhile. */
  lower: { readonly since: Micros; readonly worst: IncidentSeverity } | null;
  readonly title: TitleState;
}

export interface IncidentBook {
  nextId: number;
  /** Fingerprints of the firing alerts that are in an incident. */
  readonly placed: Set<string>;
  incidents: ActiveIncident[];
}

/**
 * Puts firing alerts into incidents. Those that some incident reaches go first: it may then reach the
 * next one, which would else open an incident of its own. One that is not worth an incident waits: it
 * joins when something near it is, or opens one when it has become surer.
 */
export function placeAlerts(book: IncidentBook, world: World, now: Micros): IncidentEvent[] {
  const waiting = [...world.alerts.values()].filter(
    ({ state, fingerprint }) => state === 'firing' && !book.placed.has(fingerprint),
  );
  const events: IncidentEvent[] = [];
  while (waiting.length > 0) {
    let next = waiting.findIndex((alert) => incidentFor(book, world, alert, now));
    if (next < 0) next = waiting.findIndex((alert) => isWorthOpening(world, alert));
    const [alert] = next < 0 ? [] : waiting.splice(next, 1);
    if (!alert) return events;
    book.placed.add(alert.fingerprint);
    events.push(...placeAlert(book, world, alert, now));
  }
  return events;
}

/** Sure, and about something that people feel or that is known to run out; or its service is unwell. */
function isWorthOpening(world: World, { service, series, score }: AlertState): boolean {
  if (service !== null && isUnwell(world, service)) return true;
  return score >= policy.openScore && (series === null || (world.isTelling[series] ?? true));
}

/** Puts an alert that has just begun to fire into its incident, opening or reopening one if needed. */
function placeAlert(
  book: IncidentBook,
  world: World,
  alert: AlertState,
  now: Micros,
): IncidentEvent[] {
  const found = incidentFor(book, world, alert, now);
  const incident = found ?? newIncident(book, world, alert, now);
  const id = { t: now, incident: incident.id };
  const events: IncidentEvent[] = [];
  if (!incident.firing.includes(alert.fingerprint)) incident.firing.push(alert.fingerprint);
  if (!incident.known.includes(alert.fingerprint)) incident.known.push(alert.fingerprint);
  incident.slowestCadenceUs = Math.max(incident.slowestCadenceUs, alert.cadenceUs);
  incident.lastActivityAt = now;
  incident.quietSince = null;
  const reached = reach(book, world, incident, alert.service);
  if (!found) {
    incident.severity = judgeSeverity(world, incident.services).severity;
    settleTitle(incident.title, proposeTitle(world, incident.services, incident.firing), now);
    const title = incident.title.current.text;
    events.push({ ...id, kind: 'opened', title, severity: incident.severity });
  } else if (found.resolvedAt !== null) {
    const pause = lengthText(now - found.resolvedAt);
    events.push({ ...id, kind: 'reopened', reason: `an alert fires ${pause} after it resolved` });
    found.resolvedAt = null;
  }
  for (const service of reached) events.push({ ...id, kind: 'service-affected', service });
  const { fingerprint, detector, service, since, body, score } = alert;
  const firing = { fingerprint, detector, service, since, body, score };
  events.push({ ...id, kind: 'alert-firing', ...firing });
  events.push(...reviewIncident(book, world, incident, now));
  return events;
}

/** Takes an alert that has ended out of its incident. */
export function removeAlert(book: IncidentBook, alert: AlertState, now: Micros): IncidentEvent[] {
  const { fingerprint } = alert;
  book.placed.delete(fingerprint);
  const incident = book.incidents.find((i) => i.firing.includes(fingerprint));
  if (!incident) return [];
  incident.firing = incident.firing.filter((other) => other !== fingerprint);
  incident.lastActivityAt = now;
  return [{ t: now, incident: incident.id, kind: 'alert-resolved', fingerprint }];
}

/** Brings every incident up to date with health, alerts and the clock; forgets what is long over. */
export function reviewIncidents(book: IncidentBook, world: World, now: Micros): IncidentEvent[] {
  book.incidents = book.incidents.filter(
    (incident) => incident.resolvedAt === null || now - incident.resolvedAt <= policy.reopenUs,
  );
  return book.incidents
    .filter((incident) => incident.resolvedAt === null)
    .flatMap((incident) => reviewIncident(book, world, incident, now));
}

function reviewIncident(
  book: IncidentBook,
  world: World,
  incident: ActiveIncident,
  now: Micros,
): IncidentEvent[] {
  const id = { t: now, incident: incident.id };
  const events: IncidentEvent[] = [];
  for (const service of reach(book, world, incident, null)) {
    events.push({ ...id, kind: 'service-affected', service });
  }
  const severity = settleSeverity(incident, world, now);
  if (severity) events.push({ ...id, kind: 'severity-changed', ...severity });
  const proposed = proposeTitle(world, incident.services, incident.firing);
  const title = settleTitle(incident.title, proposed, now);
  if (title !== null) events.push({ ...id, kind: 'title-changed', title });
  const over = settleQuiet(incident, world, now);
  if (over !== null) events.push({ ...id, kind: 'auto-resolved', reason: over });
  return events;
}

/**
 * An alert belongs first to the incident of its own service, then to one that it would reopen, then
 * to one about a direct neighbour that is still going on.
 */
function incidentFor(
  book: IncidentBook,
  world: World,
  alert: AlertState,
  now: Micros,
): ActiveIncident | null {
  const { service, fingerprint } = alert;
  const same = (incident: ActiveIncident) =>
    incident.known.includes(fingerprint) ||
    (service !== null &&
      incident.services.includes(service) &&
      (isBusy(incident, world) || !isSideEffect(world, alert)));
  const going = book.incidents.filter((incident) => incident.resolvedAt === null);
  const over = book.incidents.filter(
    ({ resolvedAt }) => resolvedAt !== null && now - resolvedAt <= policy.reopenUs,
  );
  const recent = going.filter((incident) => isActive(incident, world, now));
  // A finding about the whole run says nothing about where: the latest incident is the best guess.
  const near = (incident: ActiveIncident) =>
    service !== null && incident.services.some((s) => world.neighbours[s]?.includes(service));
  return (
    going.find(same) ??
    over.findLast(same) ??
    (service === null ? recent.at(-1) : recent.find(near)) ??
    null
  );
}

/** Traffic that changes at a well service is no sign that its old trouble is back: others' may be. */
function isSideEffect(world: World, { service, series }: AlertState): boolean {
  return (
    series !== null &&
    world.isTraffic[series] === true &&
    !(service !== null && isUnwell(world, service))
  );
}

function isBusy(incident: ActiveIncident, world: World): boolean {
  return incident.firing.length > 0 || incident.services.some((s) => isUnwell(world, s));
}

function isActive(incident: ActiveIncident, world: World, now: Micros): boolean {
  return isBusy(incident, world) || now - incident.lastActivityAt <= policy.joinUs;
}

function newIncident(
  book: IncidentBook,
  world: World,
  alert: AlertState,
  now: Micros,
): ActiveIncident {
  const title = proposeTitle(world, [], [alert.fingerprint]);
  const incident: ActiveIncident = {
    id: book.nextId++,
    services: [],
    unwell: new Set(),
    firing: [],
    known: [],
    slowestCadenceUs: 0,
    lastActivityAt: now,
    quietSince: null,
    resolvedAt: null,
    severity: 'low',
    lower: null,
    title: {
      current: title ?? { text: alert.body, key: alert.fingerprint, rank: 'alert', figure: 0 },
      since: now,
      next: null,
    },
  };
  book.incidents.push(incident);
  return incident;
}

/**
 * Grows the affected services by `joining` and by unwell neighbours, step by step along the calls.
 * Returns what is new. A service that another open incident holds stays there.
 */
function reach(
  book: IncidentBook,
  world: World,
  incident: ActiveIncident,
  joining: number | null,
): number[] {
  const before = incident.services.length;
  if (joining !== null && !incident.services.includes(joining)) incident.services.push(joining);
  const taken = new Set(
    book.incidents.filter((i) => i.resolvedAt === null).flatMap((i) => i.services),
  );
  // The list grows while it is walked: what joins brings its own neighbours.
  for (const service of incident.services) {
    const neighbours = world.neighbours[service] ?? [];
    for (const neighbour of [...neighbours].sort((a, b) => a - b)) {
      if (taken.has(neighbour) || !isUnwell(world, neighbour)) continue;
      taken.add(neighbour);
      incident.services.push(neighbour);
    }
  }
  return incident.services.slice(before);
}

/**
 * Up at once, down when the lower severity has held. While everything is well again it stays, so that
 * an incident that is over still says how bad it was.
 */
function settleSeverity(
  incident: ActiveIncident,
  world: World,
  now: Micros,
): { severity: IncidentSeverity; reason: string } | null {
  const judged = judgeSeverity(world, incident.services);
  if (isWorse(judged.severity, incident.severity)) {
    incident.severity = judged.severity;
    incident.lower = null;
    return judged;
  }
  if (judged.severity === incident.severity || judged.severity === 'low') {
    incident.lower = null;
    return null;
  }
  const { lower } = incident;
  const worst = lower && isWorse(lower.worst, judged.severity) ? lower.worst : judged.severity;
  const since = lower?.since ?? now;
  incident.lower = { since, worst };
  if (now - since < policy.lowerSeverityUs) return null;
  incident.severity = worst;
  incident.lower = null;
  return { severity: worst, reason: `${judged.reason}, no worse for ${lengthText(now - since)}` };
}

/** Marks the incident resolved when it has been quiet long enough; returns why. */
function settleQuiet(incident: ActiveIncident, world: World, now: Micros): string | null {
  const unwell = incident.services.filter((service) => isUnwell(world, service));
  for (const service of unwell) incident.unwell.add(service);
  if (incident.firing.length > 0 || unwell.length > 0) {
    incident.quietSince = null;
    if (unwell.length > 0) incident.lastActivityAt = now;
    return null;
  }
  incident.quietSince ??= now;
  const quiet = now - incident.quietSince;
  if (quiet < Math.max(policy.quietUs, policy.quietCadences * incident.slowestCadenceUs)) {
    return null;
  }
  incident.resolvedAt = now;
  const recovered = [...incident.unwell].map((service) => world.names[service] ?? '');
  const well = recovered.length > 0 ? `; healthy again: ${recovered.join(', ')}` : '';
  return `no alert for ${lengthText(quiet)}${well}`;
}
