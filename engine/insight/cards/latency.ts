/** A service answers much more slowly than it usually does, and whether its callees explain that. */
import { healthPolicy } from '../../health/index.ts';
import { momentText, seriesText, valueText } from '../../wording.ts';
import type { SeriesFact } from '../facts.ts';
import type { InsightCard } from '../model.ts';
import { highest, isSustained, readSeries, type Reading } from '../readings.ts';
import {
  addWitnesses,
  finishCard,
  nameOf,
  newDraft,
  seriesWithRole,
  type Draft,
  type Scene,
} from '../scene.ts';
import { beyondLimit } from '../strength.ts';

const latencyRoles = ['latency_p95', 'latency_p99', 'latency_mean', 'latency_p50'] as const;

export function latency(scene: Scene, service: number): InsightCard | null {
  const slow = slowest(scene, service);
  const peak = slow && highest(slow);
  if (!slow?.usual || !peak) return null;
  const name = nameOf(scene, service);
  const what = seriesText(slow.series);
  const draft = newDraft(scene);
  const { cites, text } = draft;
  const value = valueText(slow.series, peak.value);
  text.push(`The ${what} of ${name} rises to ${value} (${momentText(peak.t)}) `);
  text.push(cites.sample(slow.series, peak));
  text.push(`; ${valueText(slow.series, slow.usual.value)} was usual before `);
  text.push(cites.sample(slow.series, slow.usual), '.');
  addCallees(scene, draft, service);
  addWitnesses(scene, draft, service);
  return finishCard(scene, draft, {
    category: 'latency',
    title: `${name} is slow (${what} ${value})`,
    service,
    effect: beyondLimit(peak.value, limitOver(slow.usual.value)),
  });
}

/** The reading furthest beyond its own limit; null where none is. */
function slowest(scene: Scene, service: number): Reading | null {
  let worst: { reading: Reading; times: number } | null = null;
  for (const reading of readings(scene, service)) {
    const peak = highest(reading);
    if (!reading.usual || !peak) continue;
    const limit = limitOver(reading.usual.value);
    const times = peak.value / limit;
    const holds = isSustained(reading, (value) => value > limit);
    if (holds && times > (worst?.times ?? 1)) worst = { reading, times };
  }
  return worst?.reading ?? null;
}

/** All series of the best latency role that the service has. */
function readings(scene: Scene, service: number): Reading[] {
  for (const role of latencyRoles) {
    const found: SeriesFact[] = seriesWithRole(scene, service, role);
    if (found.length > 0) return found.map((s) => readSeries(scene.facts, scene.focus, s));
  }
  return [];
}

function addCallees(scene: Scene, { cites, text }: Draft, service: number): void {
  const callees = scene.facts.callees(service).filter((callee) => callee !== service);
  const slow = callees.find((callee) => slowest(scene, callee) !== null);
  const reading = slow === undefined ? null : slowest(scene, slow);
  const peak = reading && highest(reading);
  if (slow !== undefined && reading && peak) {
    const name = nameOf(scene, slow);
    text.push(` ${name}, which it calls, rises to ${valueText(reading.series, peak.value)} too `);
    text.push(cites.sample(reading.series, peak), ': look there first.');
    return;
  }
  for (const callee of callees) {
    const [own] = readings(scene, callee);
    const most = own && highest(own);
    if (!own || !most) continue;
    const name = nameOf(scene, callee);
    text.push(` No callee that is measured is slow (${name}: `);
    text.push(`${valueText(own.series, most.value)} at most `, cites.sample(own.series, most));
    text.push('): the time is lost here, or on the way.');
    return;
  }
}

function limitOver(usual: number): number {
  const { latencyFactor, latencyMarginSeconds } = healthPolicy;
  return Math.max(latencyFactor * usual, usual + latencyMarginSeconds);
}
