/** A bounded resource (pool, queue, CPU, memory) is used up, what waits for it, and what came before. */
import { messageOf } from '../../log-message.ts';
import { lengthText, momentText, seriesAtStart, shareText } from '../../wording.ts';
import type { SampleFact } from '../facts.ts';
import type { InsightCard } from '../model.ts';
import { cleanLine } from '../problem-lines.ts';
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

/** From here on requests wait: queues grow without bound as the share goes to one. */
export const saturatedShare = 0.9;
/** A rise begins where the share is this much above usual. */
const riseShare = 0.1;
/** A change this long before the rise may have to do with it. */
const changeLeadUs = 5 * 60_000_000;
const waiting =
  /pool|timed? ?out|time-?out|exhaust|saturat|queue|wait|reject|no free|out of memory|overload/i;

export function saturation(scene: Scene, service: number): InsightCard | null {
  let worst: Reading | null = null;
  for (const series of seriesWithRole(scene, service, 'saturation')) {
    const reading = readSeries(scene.facts, scene.focus, series);
    const holds = isSustained(reading, (value) => value >= saturatedShare);
    // What is always full is a way of working, not news.
    const isNews = (reading.usual?.value ?? 0) < saturatedShare;
    const most = highest(reading)?.value ?? 0;
    if (holds && isNews && most > ((worst && highest(worst)?.value) ?? 0)) worst = reading;
  }
  const peak = worst && highest(worst);
  if (!worst || !peak) return null;
  const name = nameOf(scene, service);
  const what = seriesAtStart(worst.series);
  const draft = newDraft(scene);
  const { cites, text } = draft;
  text.push(`${what} of ${name} reaches ${shareText(peak.value)} (${momentText(peak.t)}) `);
  text.push(cites.sample(worst.series, peak));
  if (worst.usual) {
    text.push(`; ${shareText(worst.usual.value)} was usual before `);
    text.push(cites.sample(worst.series, worst.usual));
  }
  text.push('.');
  addWaiting(scene, draft, service);
  addChange(scene, draft, { service, rise: riseOf(scene, worst, peak) });
  addWitnesses(scene, draft, service);
  return finishCard(scene, draft, {
    category: 'saturation',
    title: `${what} of ${name} is used up`,
    service,
    effect: 0.5 + (peak.value - saturatedShare) / (2 * (1 - saturatedShare)),
  });
}

function addWaiting(scene: Scene, { cites, text }: Draft, service: number): void {
  const lines = scene.facts.problems(service, scene.focus.span);
  const about = lines.filter((line) => waiting.test(line.body));
  const [first] = about;
  if (!first) return;
  text.push(` ${about.length} of the ${lines.length} warnings and errors read since `);
  text.push(`${momentText(scene.focus.span.from)} speak of waiting or `);
  text.push(
    `refusing, such as “${cleanLine(messageOf(first.body), 110)}” `,
    cites.log(service, first),
    '.',
  );
}

function addChange(
  scene: Scene,
  { cites, text }: Draft,
  about: { readonly service: number; readonly rise: SampleFact | null },
): void {
  const { service, rise } = about;
  if (!rise) return;
  const span = { from: Math.max(0, rise.t - changeLeadUs), to: rise.t };
  const change = scene.facts.changes(service, span).at(-1);
  if (!change) return;
  const note = change.note ? ` (${cleanLine(change.note, 80)})` : '';
  text.push(` It began to rise ${lengthText(rise.t - change.t)} after a ${change.kind} of `);
  text.push(`${nameOf(scene, service)}${note} `, cites.change(service, change), '.');
}

/** The first sample of the rise to the peak, which may have begun before anybody noticed. */
function riseOf({ facts, focus }: Scene, reading: Reading, peak: SampleFact): SampleFact | null {
  const from = reading.usual?.value ?? 0;
  const span = { from: focus.before.from, to: peak.t };
  const samples = facts.samples(reading.series.id, span);
  const last = samples.findLastIndex((sample) => sample.value < from + riseShare);
  return samples[last + 1] ?? null;
}
