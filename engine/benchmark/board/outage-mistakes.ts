/** What an entry got wrong in outages, and what each mistake costs. */
import type { Micros } from '../../sdk/index.ts';
import type { MatchedIncident } from '../scores/events.ts';
import type { Mistake } from './details.ts';
import { inTimeUs, outageScore, type PlayedOutage } from './outage-figures.ts';

/** What is looked at of an alarm for nothing. */
const alarmUs = 60_000_000;

/** From the worst to the least. */
export function outageMistakes(played: readonly PlayedOutage[]): Mistake[] {
  const items = new Set(played.map(({ play }) => play.item)).size;
  return played
    .flatMap((one) => {
      const plays = played.filter(({ play }) => play.item === one.play.item).length;
      // The ranking is a mean over items, and that of an item a mean over its plays.
      const share = 1 / (items * plays);
      return [...misses(one, share), ...lateOnes(one), ...falseAlarms(one, share)];
    })
    .sort((a, b) => b.cost - a.cost || lengthOf(b) - lengthOf(a));
}

function misses(one: PlayedOutage, share: number): Mistake[] {
  const { incidents } = one.matched;
  return incidents.flatMap((incident, i) => {
    if (incident.caughtUs !== null) return [];
    const cost = share * lossOf(one, { incidents: caughtBut(incidents, i), falseAlarmsUs: [] });
    return [{ ...incidentMistake(one, incident, 'miss'), cost }];
  });
}

/** The ranking does not ask how late, so it costs nothing there. */
function lateOnes(one: PlayedOutage): Mistake[] {
  const impactUs = one.play.truth?.firstUserImpactUs ?? null;
  const [first] = one.matched.incidents;
  if (impactUs === null || !first || first.caughtUs === null) return [];
  if (first.caughtUs <= impactUs + inTimeUs) return [];
  const mistake = incidentMistake(one, first, 'late');
  return [{ ...mistake, untilUs: first.caughtUs, title: saidAt(one, first.caughtUs), cost: 0 }];
}

function falseAlarms(one: PlayedOutage, share: number): Mistake[] {
  const { incidents, falseAlarmsUs, watchedUs } = one.matched;
  return falseAlarmsUs.map((t) => ({
    ...place(one, t, Math.min(t + alarmUs, watchedUs)),
    kind: 'false-alarm',
    title: saidAt(one, t),
    cost: share * lossOf(one, { incidents: caughtBut(incidents, -1), falseAlarmsUs: [t] }),
  }));
}

/** Beside another mistake one more may cost nothing: what counts is what it would cost alone. */
function lossOf(one: PlayedOutage, alone: Partial<PlayedOutage['matched']>): number {
  return 1 - outageScore({ ...one, matched: { ...one.matched, ...alone } });
}

function caughtBut(incidents: readonly MatchedIncident[], missed: number): MatchedIncident[] {
  return incidents.map((incident, i) => ({
    ...incident,
    caughtUs: i === missed ? null : incident.startUs,
  }));
}

function incidentMistake(
  one: PlayedOutage,
  { startUs, endUs }: MatchedIncident,
  kind: Mistake['kind'],
): Omit<Mistake, 'cost'> {
  return { ...place(one, startUs, endUs), kind, title: 'nothing was opened' };
}

function place({ play }: PlayedOutage, tUs: Micros, untilUs: Micros) {
  return { item: play.item, seed: play.seed, tUs, untilUs, rows: null, score: null };
}

function saidAt({ outcome }: PlayedOutage, t: Micros): string {
  return outcome.opened.find((opened) => opened.t === t)?.title ?? '';
}

function lengthOf({ tUs, untilUs }: Mistake): number {
  return untilUs - tUs;
}
