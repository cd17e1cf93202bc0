/**
 * Scores by incident: was there an alert while it went on, how soon, and how often was there one for
 * nothing. Ours to define, because the published ones mix incidents with rows: an alert is the onset
 * of a detection, one alert catches one incident, the first alert of an incident is a hit and all
 * others are duplicates, which count neither for nor against. All times are µs of scenario time.
 */

export interface TrueIncident {
  readonly startUs: number;
  /** An alert at this very moment still counts. */
  readonly endUs: number;
  /** The first moment at which anything can be seen of it; null where nobody knows. */
  readonly observableUs: number | null;
}

/** How far outside of an incident an alert still counts for it. */
export interface MatchSlack {
  readonly earlyUs: number;
  readonly lateUs: number;
}

export const noSlack: MatchSlack = { earlyUs: 0, lateUs: 0 };

/** What a detector said in one scenario, and what was true. */
export interface AlertedStream {
  readonly incidents: readonly TrueIncident[];
  /** Onsets, in any order. */
  readonly alertsUs: readonly number[];
  /** For how long alerts could have come: the scenario without the detector's warm-up. */
  readonly watchedUs: number;
}

export interface MatchedIncident extends TrueIncident {
  /** null where it was missed. */
  readonly caughtUs: number | null;
}

export interface StreamOutcome {
  readonly incidents: readonly MatchedIncident[];
  /** Ascending; where to look at them. */
  readonly duplicatesUs: readonly number[];
  readonly falseAlarmsUs: readonly number[];
  readonly watchedUs: number;
}

/** As many incidents are caught as there can be: each alert goes to the one that ends first. */
export function matchAlerts(
  { incidents, alertsUs, watchedUs }: AlertedStream,
  { earlyUs, lateUs }: MatchSlack = noSlack,
): StreamOutcome {
  const caught = new Array<number | null>(incidents.length).fill(null);
  const byEnd = [...incidents.entries()].sort(
    ([, a], [, b]) => a.endUs - b.endUs || a.startUs - b.startUs,
  );
  const duplicatesUs: number[] = [];
  const falseAlarmsUs: number[] = [];
  for (const t of [...alertsUs].sort((a, b) => a - b)) {
    const around = byEnd.filter(
      ([, { startUs, endUs }]) => t >= startUs - earlyUs && t <= endUs + lateUs,
    );
    const free = around.find(([i]) => caught[i] === null);
    if (free) caught[free[0]] = t;
    else (around.length > 0 ? duplicatesUs : falseAlarmsUs).push(t);
  }
  return {
    incidents: incidents.map((one, i) => ({ ...one, caughtUs: caught[i] ?? null })),
    duplicatesUs,
    falseAlarmsUs,
    watchedUs,
  };
}

export interface AlertRule {
  /** A row alerts if its score is at least this. */
  readonly threshold: number;
  /** Rows that alert no further apart than this are one alert, at the time of its first row. */
  readonly cooldownUs: number;
  /** The end of the detector's warm-up: no alert before. */
  readonly fromUs: number;
}

/** Onsets of alerts in a series of scores, rows in the order of time. */
export function alertOnsets(
  {
    timesUs,
    scores,
  }: { readonly timesUs: Readonly<Float64Array>; readonly scores: Readonly<Float64Array> },
  { threshold, cooldownUs, fromUs }: AlertRule,
): readonly number[] {
  const onsets: number[] = [];
  let last = -Infinity;
  for (let row = 0; row < timesUs.length; row++) {
    const t = timesUs[row] as number;
    if (!((scores[row] as number) >= threshold) || t < fromUs) continue;
    if (t - last > cooldownUs) onsets.push(t);
    last = t;
  }
  return onsets;
}
