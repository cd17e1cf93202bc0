/**
 * Findings to alerts: one alert per detector and subject, with `for` before it fires and hysteresis
 * before it ends. Pure: functions over a map.
 */
import type { Micros } from '../sdk/index.ts';
import type { Alert, Finding } from './model.ts';
import { incidentPolicy as policy } from './policy.ts';

export interface AlertState extends Alert {
  readonly cadenceUs: Micros;
}

/** Alerts by fingerprint; only pending and firing ones are kept. */
export type AlertBook = Map<string, AlertState>;

export function fingerprintOf(finding: Pick<Finding, 'detector' | 'subject'>): string {
  return `${finding.detector}:${finding.subject}`;
}

/** Takes one finding into `book`. */
export function takeFinding(book: AlertBook, finding: Finding): void {
  const fingerprint = fingerprintOf(finding);
  const before = book.get(fingerprint);
  const since = before?.since ?? finding.t;
  // A subject that speaks more rarely than `for` would need minutes for its second finding.
  const held = finding.cadenceUs >= policy.forUs || finding.t - since >= policy.forUs;
  const alert: AlertState = {
    fingerprint,
    detector: finding.detector,
    subject: finding.subject,
    service: finding.service,
    series: finding.series,
    state: before?.state === 'firing' || held ? 'firing' : 'pending',
    since,
    lastFindingAt: Math.max(before?.lastFindingAt ?? 0, finding.t),
    // The words of its strongest moment, so that what people read does not change every second.
    body: before && before.score >= finding.score ? before.body : finding.body,
    score: Math.max(before?.score ?? 0, finding.score),
    cadenceUs: finding.cadenceUs,
  };
  book.set(fingerprint, alert);
}

/** When an alert ends unless another finding comes. */
export function alertEndsAt(alert: AlertState): Micros {
  const least = alert.state === 'firing' ? policy.keepFiringUs : policy.pendingUs;
  return alert.lastFindingAt + Math.max(least, policy.keepFiringCadences * alert.cadenceUs);
}

/** Removes what has ended by `now` from `book`; returns the firing ones among it, by fingerprint. */
export function endAlerts(book: AlertBook, now: Micros): AlertState[] {
  const ended = [...book.values()].filter((alert) => alertEndsAt(alert) <= now);
  for (const alert of ended) book.delete(alert.fingerprint);
  return ended
    .filter((alert) => alert.state === 'firing')
    .map((alert): AlertState => ({ ...alert, state: 'resolved' }))
    .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
}
