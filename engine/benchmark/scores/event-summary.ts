/** What outcomes of scenarios come to: the figures of one row of a table. */
import type { MatchedIncident, StreamOutcome } from './events.ts';

export interface EventSummary {
  readonly incidents: number;
  readonly caught: number;
  /** Alerts for nothing, and second ones of an incident. */
  readonly falseAlarms: number;
  readonly duplicates: number;
  /** Hits among hits and false alarms; null without any. */
  readonly precision: number | null;
  /** null without incidents, like F1. */
  readonly recall: number | null;
  readonly f1: number | null;
  /** null where nothing was watched. */
  readonly falseAlarmsPerHour: number | null;
  /** From the start of incidents, and from the first moment at which there was something to see. */
  readonly fromStart: Delays;
  readonly fromObservable: Delays;
  /** Incidents that were caught before there was anything to see: luck, or a wrong truth. */
  readonly caughtUnseen: number;
  /** Median share of an incident's length that had gone by when it was caught. */
  readonly medianShare: number | null;
}

export interface Delays {
  /** Of the incidents that were caught, ascending; negative where an alert came before. */
  readonly caughtUs: readonly number[];
  readonly medianUs: number | null;
  readonly p90Us: number | null;
  /** The same over all incidents, a missed one taken for its whole length. */
  readonly withMisses: { readonly median: Bound | null; readonly p90: Bound | null };
}

export interface Bound {
  readonly us: number;
  /** Whether it may be more: some of the delays up to this one are those of misses. */
  readonly isAtLeast: boolean;
}

const hourUs = 3_600_000_000;

export function summariseEvents(outcomes: readonly StreamOutcome[]): EventSummary {
  const incidents = outcomes.flatMap((outcome) => outcome.incidents);
  const caught = incidents.filter(({ caughtUs }) => caughtUs !== null).length;
  const falseAlarms = total(outcomes, ({ falseAlarmsUs }) => falseAlarmsUs.length);
  const watchedUs = total(outcomes, (outcome) => outcome.watchedUs);
  const recall = incidents.length === 0 ? null : caught / incidents.length;
  return {
    incidents: incidents.length,
    caught,
    falseAlarms,
    duplicates: total(outcomes, ({ duplicatesUs }) => duplicatesUs.length),
    precision: caught + falseAlarms === 0 ? null : caught / (caught + falseAlarms),
    recall,
    f1: recall === null ? null : (2 * caught) / (incidents.length + caught + falseAlarms),
    falseAlarmsPerHour: watchedUs > 0 ? falseAlarms / (watchedUs / hourUs) : null,
    fromStart: delaysOf(incidents, ({ startUs }) => startUs),
    fromObservable: delaysOf(incidents, ({ observableUs }) => observableUs),
    caughtUnseen: incidents.filter(
      ({ caughtUs, observableUs }) =>
        caughtUs !== null && observableUs !== null && caughtUs < observableUs,
    ).length,
    medianShare: medianShareOf(incidents),
  };
}

/** The value with at least this share of all at or below it: one that occurred. */
export function nearestRank(ascending: readonly number[], share: number): number | null {
  return ascending[rankOf(ascending.length, share)] ?? null;
}

function rankOf(count: number, share: number): number {
  return Math.max(0, Math.ceil(share * count) - 1);
}

function delaysOf(
  incidents: readonly MatchedIncident[],
  originOf: (incident: MatchedIncident) => number | null,
): Delays {
  const all = incidents.flatMap((incident) => {
    const origin = originOf(incident);
    if (origin === null) return [];
    const isMiss = incident.caughtUs === null;
    return [{ us: (incident.caughtUs ?? incident.endUs) - origin, isMiss }];
  });
  all.sort((a, b) => a.us - b.us);
  const caughtUs = all.filter(({ isMiss }) => !isMiss).map(({ us }) => us);
  const bound = (share: number): Bound | null => {
    const rank = rankOf(all.length, share);
    const us = all[rank]?.us;
    if (us === undefined) return null;
    // Of equal delays a miss may hide behind a hit.
    return { us, isAtLeast: all.some((delay) => delay.isMiss && delay.us <= us) };
  };
  return {
    caughtUs,
    medianUs: nearestRank(caughtUs, 0.5),
    p90Us: nearestRank(caughtUs, 0.9),
    withMisses: { median: bound(0.5), p90: bound(0.9) },
  };
}

function medianShareOf(incidents: readonly MatchedIncident[]): number | null {
  const shares = incidents.flatMap(({ startUs, endUs, caughtUs }) =>
    caughtUs === null || endUs <= startUs ? [] : [(caughtUs - startUs) / (endUs - startUs)],
  );
  return nearestRank(
    shares.sort((a, b) => a - b),
    0.5,
  );
}

function total(outcomes: readonly StreamOutcome[], of: (outcome: StreamOutcome) => number): number {
  return outcomes.reduce((sum, outcome) => sum + of(outcome), 0);
}
