/** Hints: retries that multiply load, the resource that will run out first, the slowest callee. */
import { seriesAtStart, shareText, valueText } from '../../wording.ts';
import type { SampleFact, SeriesFact } from '../facts.ts';
import type { InsightCard } from '../model.ts';
import { highest, isSustained, lowerMedian, readSeries } from '../readings.ts';
import { finishCard, nameOf, newDraft, seriesWithRole, type Scene } from '../scene.ts';
import { beyondLimit } from '../strength.ts';
import { saturatedShare } from './saturation.ts';

const hintWeight = 0.5;
/** A callee's traffic grows this much while no caller's grows more than that: calls are repeated. */
const amplifiedTimes = 1.5;
const steadyTimes = 1.15;
/** Robust standard deviations that a rate must have grown by; few requests vary widely. */
const sigmasMin = 6;
/** Median absolute deviation of a normal distribution to its standard deviation. */
const sigmaPerMad = 1.4826;
/** A resource used less than this has room enough. */
const usedShareMin = 0.5;
/** A callee whose p95 is this share of its caller's is where time can be won. */
const slowCalleeShare = 0.5;
const worthSeconds = 0.02;

export function retryAmplification(scene: Scene, service: number): InsightCard | null {
  const callers = scene.facts.callers(service).filter((caller) => caller !== service);
  const growth = rateGrowth(scene, service);
  if (!growth || growth.times < amplifiedTimes || callers.length === 0) return null;
  const callersGrowth = callers.map((caller) => rateGrowth(scene, caller));
  if (!callersGrowth.every((g) => g !== null && g.times <= steadyTimes)) return null;
  const [first] = callersGrowth;
  if (!first) return null;
  const name = nameOf(scene, service);
  const caller = nameOf(scene, first.series.service);
  const draft = newDraft(scene);
  const { cites, text } = draft;
  text.push(`${name} gets ${valueText(growth.series, growth.most.value)} `);
  text.push(cites.sample(growth.series, growth.most));
  text.push(` instead of ${valueText(growth.series, growth.usual.value)} `);
  text.push(cites.sample(growth.series, growth.usual));
  text.push(`, while ${caller}, which calls it, gets no more than usual: `);
  text.push(`${valueText(first.series, first.most.value)} at most `);
  text.push(cites.sample(first.series, first.most));
  text.push('. Calls are repeated; limit retries, and let them back off.');
  return finishCard(scene, draft, {
    category: 'performance',
    title: `Retries multiply the calls to ${name}`,
    service,
    effect: beyondLimit(growth.times, amplifiedTimes),
    weight: 0.7,
  });
}

/** For a healthy run: what would run out first if traffic grew. */
export function leastHeadroom(scene: Scene, services: readonly number[]): InsightCard | null {
  let most: { series: SeriesFact; usual: SampleFact } | null = null;
  for (const service of services) {
    for (const series of seriesWithRole(scene, service, 'saturation')) {
      const usual = lowerMedian(scene.facts.samples(series.id, scene.focus.span));
      if (usual && usual.value > (most?.usual.value ?? usedShareMin)) most = { series, usual };
    }
  }
  if (!most) return null;
  const { series, usual } = most;
  const name = nameOf(scene, series.service);
  const draft = newDraft(scene);
  draft.text.push(`${seriesAtStart(series)} of ${name} is the most used resource: `);
  draft.text.push(`${shareText(usual.value)} in the middle `, draft.cites.sample(series, usual));
  draft.text.push('. If traffic grows, this runs out first.');
  return finishCard(scene, draft, {
    category: 'performance',
    title: `${seriesAtStart(series)} of ${name} has the least headroom`,
    service: series.service,
    effect: (usual.value - usedShareMin) / (saturatedShare - usedShareMin),
    weight: hintWeight,
  });
}

/** For a healthy run: the callee that most of a user-facing service's time goes to. */
export function slowestCallee(scene: Scene, entry: number): InsightCard | null {
  const own = usualLatency(scene, entry);
  if (!own) return null;
  let slowest: { series: SeriesFact; usual: SampleFact } | null = null;
  for (const callee of scene.facts.callees(entry)) {
    const found = callee === entry ? null : usualLatency(scene, callee);
    if (found && found.usual.value > (slowest?.usual.value ?? worthSeconds)) slowest = found;
  }
  if (!slowest || slowest.usual.value < slowCalleeShare * own.usual.value) return null;
  const caller = nameOf(scene, entry);
  const callee = nameOf(scene, slowest.series.service);
  const draft = newDraft(scene);
  const { cites, text } = draft;
  text.push(`Of the services that ${caller} calls, ${callee} has the highest p95: `);
  text.push(`${valueText(slowest.series, slowest.usual.value)} in the middle `);
  text.push(cites.sample(slowest.series, slowest.usual));
  text.push(`, against ${valueText(own.series, own.usual.value)} of ${caller} itself `);
  text.push(cites.sample(own.series, own.usual), '. Time won there is felt by users.');
  return finishCard(scene, draft, {
    category: 'performance',
    title: `${callee} is the slowest call of ${caller}`,
    service: slowest.series.service,
    effect: Math.min(1, slowest.usual.value / own.usual.value) * 0.5,
    weight: hintWeight,
  });
}

function usualLatency(
  scene: Scene,
  service: number,
): { series: SeriesFact; usual: SampleFact } | null {
  const [series] = seriesWithRole(scene, service, 'latency_p95');
  const usual = series && lowerMedian(scene.facts.samples(series.id, scene.focus.span));
  return series && usual ? { series, usual } : null;
}

function rateGrowth(
  scene: Scene,
  service: number,
): { series: SeriesFact; usual: SampleFact; most: SampleFact; times: number } | null {
  // Several series are several endpoints, whose mix may change: no claim then.
  const [series, ...others] = seriesWithRole(scene, service, 'request_rate');
  if (!series || others.length > 0) return null;
  const reading = readSeries(scene.facts, scene.focus, series);
  const most = highest(reading);
  if (!reading.usual || !most || reading.usual.value <= 0) return null;
  const usual = reading.usual;
  const times = most.value / usual.value;
  const margin = sigmasMin * sigmaPerMad * reading.spread;
  const isBeyond = (value: number) =>
    value >= amplifiedTimes * usual.value && value - usual.value >= margin;
  const held = isBeyond(most.value) && isSustained(reading, isBeyond);
  return { series, usual, most, times: held ? times : Math.min(times, steadyTimes) };
}
