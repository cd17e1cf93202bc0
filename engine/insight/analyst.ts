/**
 * The embedded analyst: looks at what is unwell, makes every card that the rows carry, and gives the
 * strongest. Where nothing is unwell it gives hints, or nothing: no card is an answer too.
 */
import { errorSpike } from './cards/error-spike.ts';
import { latency } from './cards/latency.ts';
import { leak } from './cards/leak.ts';
import { leastHeadroom, retryAmplification, slowestCallee } from './cards/performance.ts';
import { saturation } from './cards/saturation.ts';
import { trafficAnomaly } from './cards/traffic-anomaly.ts';
import type { RunFacts } from './facts.ts';
import { findFocus } from './focus.ts';
import type { InsightCard, InsightCategory } from './model.ts';
import type { Scene } from './scene.ts';

const cardsMax = 6;
/** Cards of one category: the third slow service says little that the first did not. */
const perCategoryMax = 2;
/** Services looked at where nothing is unwell. */
const servicesMax = 30;

/** Cards for one incident, or for the run at the playhead; strongest first. */
export function analyse(facts: RunFacts, incident?: number): InsightCard[] {
  const focus = findFocus(facts, incident);
  if (!focus) return [];
  const scene: Scene = { facts, focus };
  const isWell = focus.affected.length === 0;
  if (isWell && incident !== undefined) return [];
  return strongest(isWell ? hints(scene) : troubles(scene));
}

function troubles(scene: Scene): (InsightCard | null)[] {
  const { facts, focus } = scene;
  // What users send matters wherever it is felt.
  const entries = facts.services.filter((service) => service.entry).map((service) => service.id);
  return [
    ...focus.affected.flatMap((service) => [errorSpike(scene, service), latency(scene, service)]),
    ...focus.nearby.flatMap((service) => [
      saturation(scene, service),
      leak(scene, service),
      retryAmplification(scene, service),
    ]),
    ...entries.slice(0, servicesMax).map((service) => trafficAnomaly(scene, service)),
  ];
}

/** A leak is worth most before anything is felt, so it is looked for in health as well. */
function hints(scene: Scene): (InsightCard | null)[] {
  const services = scene.facts.services.slice(0, servicesMax);
  const ids = services.map((service) => service.id);
  const entries = services.filter((service) => service.entry).map((service) => service.id);
  return [
    ...ids.map((service) => leak(scene, service)),
    leastHeadroom(scene, ids),
    ...entries.map((service) => slowestCallee(scene, service)),
  ];
}

function strongest(cards: readonly (InsightCard | null)[]): InsightCard[] {
  const counts = new Map<InsightCategory, number>();
  return cards
    .filter((card) => card !== null)
    .sort((a, b) => b.strength - a.strength)
    .filter((card) => {
      const count = (counts.get(card.category) ?? 0) + 1;
      counts.set(card.category, count);
      return count <= perCategoryMax;
    })
    .slice(0, cardsMax);
}
