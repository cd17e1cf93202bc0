/** Users send far more, or far fewer, requests than usual. */
import { momentText, rateText } from '../../wording.ts';
import type { InsightCard } from '../model.ts';
import { highest, isSustained, lowest, readSeries, type Reading } from '../readings.ts';
import { finishCard, nameOf, newDraft, seriesWithRole, type Scene } from '../scene.ts';
import { beyondLimit } from '../strength.ts';

const surgeTimes = 1.8;
const dropTimes = 0.5;
/** Robust standard deviations that the extreme must lie away from usual. */
const sigmasMin = 6;
/** Median absolute deviation of a normal distribution to its standard deviation. */
const sigmaPerMad = 1.4826;

/** Only for services that users call: inside, traffic follows from what callers do. */
export function trafficAnomaly(scene: Scene, service: number): InsightCard | null {
  if (!scene.facts.services[service]?.entry) return null;
  for (const series of seriesWithRole(scene, service, 'request_rate')) {
    const reading = readSeries(scene.facts, scene.focus, series);
    const card = oneWay(scene, reading, 'surge') ?? oneWay(scene, reading, 'drop');
    if (card) return card;
  }
  return null;
}

function oneWay(scene: Scene, reading: Reading, way: 'surge' | 'drop'): InsightCard | null {
  const { series, usual, spread } = reading;
  const extreme = way === 'surge' ? highest(reading) : lowest(reading);
  if (!usual || !extreme || usual.value <= 0) return null;
  const margin = sigmasMin * sigmaPerMad * spread;
  const isBeyond = (value: number) =>
    way === 'surge'
      ? value >= surgeTimes * usual.value && value - usual.value >= margin
      : value <= dropTimes * usual.value && usual.value - value >= margin;
  if (!isBeyond(extreme.value) || !isSustained(reading, isBeyond)) return null;
  const name = nameOf(scene, series.service);
  const draft = newDraft(scene);
  const { cites, text } = draft;
  const verb = way === 'surge' ? 'rise' : 'fall';
  text.push(
    `Requests to ${name} ${verb} to ${rateText(extreme.value)} (${momentText(extreme.t)}) `,
  );
  text.push(cites.sample(series, extreme), `; ${rateText(usual.value)} was usual before `);
  text.push(cites.sample(series, usual), '.');
  text.push(
    way === 'surge'
      ? ' Users call it directly, so this comes from outside.'
      : ' Users call it directly: they cannot reach it, or have left.',
  );
  const limit = way === 'surge' ? surgeTimes : 1 / dropTimes;
  const times =
    way === 'surge' ? extreme.value / usual.value : usual.value / Math.max(1e-3, extreme.value);
  return finishCard(scene, draft, {
    category: 'traffic-anomaly',
    title: `Traffic to ${name} ${way === 'surge' ? 'surges' : 'collapses'}`,
    service: series.service,
    effect: beyondLimit(times, limit),
  });
}
