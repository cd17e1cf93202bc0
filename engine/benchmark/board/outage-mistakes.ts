/** What an entry got wrong in outages, and what it would gain without each mistake. */
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
  return one.matched.incidents.flatMap((incident, i) => {
    if (incident.caughtUs !== null) return [];
    const mended = one.matched.incidents.map((other, j) =>
      j === i ? { ...other, caughtUs: other.startUs } : other,
    );
    const cost = share * gain(one, { incidents: mended });
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
  return one.matched.falseAlarmsUs.map((t, i) => {
    const others = one.matched.falseAlarmsUs.filter((_, j) => j !== i);
    return {
      ...place(one, t, Math.min(t + alarmUs, one.matched.watchedUs)),
      kind: 'false-alarm',
      title: saidAt(one, t),
      cost: share * gain(one, { falseAlarmsUs: others }),
    };
  });
}

function gain(one: PlayedOutage, mended: Partial<PlayedOutage['matched']>): number {
  return outageScore({ ...one, matched: { ...one.matched, ...mended } }) - outageScore(one);
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
