/** Something bounded only ever grows (memory, leases of a pool): when it will be full. */
import { lengthText, momentText, seriesAtStart, seriesText, valueText } from '../../wording.ts';
import type { SampleFact, SeriesFact, Span } from '../facts.ts';
import type { InsightCard } from '../model.ts';
import { addWitnesses, finishCard, nameOf, newDraft, type Scene } from '../scene.ts';
import { jumpShare, trendOf } from '../trend.ts';

const spanUs = 30 * 60_000_000;
const spanUsMin = 3 * 60_000_000;
const full = 0.98;
/** Mann–Kendall beyond chance, and a rise that is a rule rather than a tendency. */
const zMin = 4;
const tauMin = 0.6;
/** Growth over the span: points of a share, or a part of the first value. */
const growthMin = 0.1;
/** A jump is a change of load or of configuration, not a leak. */
const jumpShareMax = 0.4;
const memoryLike = /memory|heap|rss/i;
/** Whatever else is taken and has to be given back. */
const leakable = /leas|leak|pool|connections|handles|goroutine|threads/i;

export function leak(scene: Scene, service: number): InsightCard | null {
  const { to } = scene.focus.span;
  const span = { from: Math.max(0, to - spanUs), to };
  const candidates = scene.facts
    .series(service)
    .filter(
      ({ role, name }) =>
        role === 'saturation' || (role === null && (memoryLike.test(name) || leakable.test(name))),
    );
  for (const series of candidates) {
    const card = leakOf(scene, series, span);
    if (card) return card;
  }
  return null;
}

function leakOf(scene: Scene, series: SeriesFact, span: Span): InsightCard | null {
  const isShare = series.role === 'saturation';
  const samples = rising(scene.facts.samples(series.id, span), isShare);
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || last.t - first.t < spanUsMin) return null;
  const trend = trendOf(samples);
  if (!trend || trend.z < zMin || trend.tau < tauMin) return null;
  const growth = trend.slope * (last.t - first.t);
  const relative = isShare ? growth : growth / Math.max(1e-9, Math.abs(first.value));
  if (relative < growthMin || jumpShare(samples) > jumpShareMax) return null;
  if (trafficGrows(scene, series.service, { from: first.t, to: last.t })) return null;

  const name = nameOf(scene, series.service);
  const what = seriesText(series);
  const draft = newDraft(scene);
  const { cites, text } = draft;
  const usage = isShare ? `Use of the ${what}` : seriesAtStart(series);
  text.push(`${usage} of ${name} rises and does not come back down: from `);
  text.push(`${valueText(series, first.value)} `);
  text.push(`(${momentText(first.t)}) `, cites.sample(series, first));
  text.push(` to ${valueText(series, last.value)} (${momentText(last.t)}) `);
  text.push(cites.sample(series, last), ', while its traffic does not grow. ');
  text.push(`It typically gains ${valueText(series, trend.slope * 60_000_000)} a minute`);
  const isFull = isShare && last.value >= full;
  const leftUs = isShare && !isFull ? (1 - last.value) / trend.slope : null;
  const soon = leftUs === null ? '.' : `; at this pace it is full in ${lengthText(leftUs)}.`;
  text.push(isFull ? ' until it is full.' : soon);
  addWitnesses(scene, draft, series.service);
  return finishCard(scene, draft, {
    category: memoryLike.test(series.name) ? 'memory-leak' : 'saturation',
    title: `${seriesAtStart(series)} of ${name} ${growthText(isShare, isFull)}`,
    service: series.service,
    effect: Math.abs(trend.tau) * Math.min(1, relative * 2),
  });
}

function growthText(isShare: boolean, isFull: boolean): string {
  if (!isShare) return 'keeps growing';
  return isFull ? 'filled up and does not drain' : 'keeps filling up';
}

/** From the lowest point to the first one that is full: before is another story, after it cannot grow. */
function rising(samples: readonly SampleFact[], isShare: boolean): readonly SampleFact[] {
  const end = isShare ? samples.findIndex((sample) => sample.value >= full) : -1;
  const until = end < 0 ? samples : samples.slice(0, end + 1);
  let lowest = 0;
  until.forEach((sample, i) => {
    if (sample.value <= (until[lowest]?.value ?? Infinity)) lowest = i;
  });
  return until.slice(lowest);
}

/** More requests use more of everything: growth that follows traffic is no leak. */
function trafficGrows(scene: Scene, service: number, span: Span): boolean {
  return scene.facts
    .series(service)
    .filter((series) => series.role === 'request_rate')
    .some((series) => {
      const samples = scene.facts.samples(series.id, span);
      const trend = trendOf(samples);
      const first = samples[0]?.value ?? 0;
      if (!trend || trend.z < zMin) return false;
      return trend.slope * (span.to - span.from) > growthMin * Math.max(1e-9, first);
    });
}
