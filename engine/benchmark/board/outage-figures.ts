/** The figures of one entry on outages: was each caught, how soon, and how often was it for nothing. */
import type { OutageOutcome } from '../model.ts';
import type { StoredPlay } from '../results/schema.ts';
import { matchAlerts, type StreamOutcome } from '../scores/events.ts';
import { summariseEvents } from '../scores/event-summary.ts';
import { bootstrapInterval } from '../statistics/bootstrap.ts';
import type { RandomFraction } from '../statistics/shuffle.ts';
import type { Column, Figure } from './model.ts';

/** One play and what an entry made of it. */
export interface PlayedOutage {
  readonly play: StoredPlay;
  readonly outcome: OutageOutcome;
  readonly matched: StreamOutcome;
}

/** An outage counts as caught in time up to so long after users begin to feel it. */
export const inTimeUs = 3 * 60_000_000;

export const outageColumns: readonly Column[] = [
  column(
    'f1',
    'F1',
    'share',
    'high',
    'Of incidents as a run opens them, no threshold chosen: the harmonic mean of precision and recall.',
  ),
  column(
    'precision',
    'precision',
    'share',
    'high',
    'Incidents that it opened in an outage, among those and false alarms; second ones of an outage count neither way.',
  ),
  column('recall', 'recall', 'share', 'high', 'Outages in which it opened an incident.'),
  column(
    'in_time',
    'in time',
    'share',
    'high',
    'Outages with an incident before the third minute of user impact.',
  ),
  column(
    'false_alarms',
    'false alarms',
    '/h',
    'low',
    'Incidents that it opened outside of outages, per hour of scenario time.',
  ),
  column(
    'delay_observable',
    'delay',
    's',
    'low',
    'Median from the first moment at which anything can be seen to the incident; missed ones left out.',
  ),
  column(
    'delay_onset',
    'delay from onset',
    's',
    'low',
    'Median from the beginning of the fault, which may be long before anything can be seen.',
  ),
];

export function column(
  id: string,
  title: string,
  unit: Column['unit'],
  better: Column['better'],
  says: string,
): Column {
  return { id, title, unit, better, says };
}

export function playedOutage(play: StoredPlay, outcome: OutageOutcome): PlayedOutage {
  const { incidents = [], durationUs = 0 } = play.truth ?? {};
  const alertsUs = outcome.opened.map(({ t }) => t);
  return { play, outcome, matched: matchAlerts({ incidents, alertsUs, watchedUs: durationUs }) };
}

/**
 * What one scenario is worth, 0 to 1: the F1 of its incidents; where there are none, 1 for silence and
 * 0 for an alarm.
 */
export function outageScore({ matched }: PlayedOutage): number {
  return summariseEvents([matched]).f1 ?? Number(matched.falseAlarmsUs.length === 0);
}

export function outageFigures(
  byItem: readonly (readonly PlayedOutage[])[],
  random: (name: string) => RandomFraction,
): Record<string, Figure | null> {
  const played = byItem.flat();
  const figure = (
    name: string,
    statistic: (plays: readonly PlayedOutage[]) => number | null,
  ): Figure | null => {
    const value = statistic(played);
    if (value === null) return null;
    const interval = bootstrapInterval(byItem, (sample) => statistic(sample.flat()), {
      random: random(name),
    });
    return { value, interval };
  };
  const event = (
    name: string,
    of: (summary: ReturnType<typeof summariseEvents>) => number | null,
  ) => figure(name, (plays) => of(summariseEvents(plays.map(({ matched }) => matched))));
  return {
    f1: event('f1', ({ f1 }) => f1),
    precision: event('precision', ({ precision }) => precision),
    recall: event('recall', ({ recall }) => recall),
    in_time: figure('in_time', inTimeShare),
    false_alarms: event('false_alarms', ({ falseAlarmsPerHour }) => falseAlarmsPerHour),
    delay_observable: event('delay_observable', ({ fromObservable }) =>
      seconds(fromObservable.medianUs),
    ),
    delay_onset: event('delay_onset', ({ fromStart }) => seconds(fromStart.medianUs)),
  };
}

/** Of plays whose users feel something; null where there is none. */
function inTimeShare(plays: readonly PlayedOutage[]): number | null {
  const felt = plays.flatMap(({ play, matched }) => {
    const impactUs = play.truth?.firstUserImpactUs ?? null;
    const [first] = matched.incidents;
    if (impactUs === null || !first) return [];
    return [first.caughtUs !== null && first.caughtUs <= impactUs + inTimeUs];
  });
  return felt.length === 0 ? null : felt.filter(Boolean).length / felt.length;
}

function seconds(us: number | null): number | null {
  return us === null ? null : us / 1e6;
}
