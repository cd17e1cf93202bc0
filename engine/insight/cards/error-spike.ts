/** Requests of a service fail, or its log fills with errors, as they did not before. */
import { messageOf } from '../../log-message.ts';
import { healthPolicy } from '../../health/index.ts';
import { lengthText, momentText, shareText, valueText } from '../../wording.ts';
import type { LogFact } from '../facts.ts';
import type { InsightCard } from '../model.ts';
import { cleanLine, mostFrequentNew } from '../problem-lines.ts';
import { highest, isSustained, lowest, readSeries, type Reading } from '../readings.ts';
import {
  addWitnesses,
  finishCard,
  nameOf,
  newDraft,
  seriesWithRole,
  unwellCallees,
  unwellSign,
  type Draft,
  type Scene,
} from '../scene.ts';
import { beyondLimit } from '../strength.ts';

/** Errors must also be this many times what is usual: some services always fail a little. */
const timesUsualMin = 3;
const errorSeverity = 17;
const errorLinesMin = 10;

export function errorSpike(scene: Scene, service: number): InsightCard | null {
  return ofRequests(scene, service) ?? ofLines(scene, service);
}

function ofRequests(scene: Scene, service: number): InsightCard | null {
  const errors = [
    ...seriesWithRole(scene, service, 'error_ratio'),
    ...seriesWithRole(scene, service, 'availability'),
  ].map((series) => readSeries(scene.facts, scene.focus, series));
  let worst: { reading: Reading; ratio: number } | null = null;
  for (const reading of errors) {
    const ratio = failedShare(reading, worstOf(reading)?.value ?? null);
    const limit = limitOf(reading);
    const holds = isSustained(reading, (value) => (failedShare(reading, value) ?? 0) >= limit);
    if (ratio !== null && holds && ratio > (worst?.ratio ?? 0)) worst = { reading, ratio };
  }
  if (!worst) return null;
  const { reading, ratio } = worst;
  const peak = worstOf(reading);
  if (!peak) return null;
  const name = nameOf(scene, service);
  const draft = newDraft(scene);
  const { cites, text } = draft;
  const share = shareText(ratio);
  text.push(`Up to ${share} of the requests to ${name} fail (${momentText(peak.t)}) `);
  text.push(cites.sample(reading.series, peak));
  if (reading.usual) {
    const usual = valueText(reading.series, reading.usual.value);
    const what = reading.series.role === 'availability' ? 'an availability of ' : '';
    text.push(`; ${what}${usual} was usual before `, cites.sample(reading.series, reading.usual));
  }
  text.push('.');
  addNewLine(scene, draft, service);
  addCallees(scene, draft, service);
  addWitnesses(scene, draft, service);
  return finishCard(scene, draft, {
    category: 'error-spike',
    title: `${name} fails ${share} of requests`,
    service,
    effect: beyondLimit(ratio, healthPolicy.degradedErrorRatio),
  });
}

/** Where requests are not measured, the log's own errors are all there is. */
function ofLines(scene: Scene, service: number): InsightCard | null {
  const { facts, focus } = scene;
  const errors = (lines: readonly LogFact[]) => lines.filter((l) => l.severity >= errorSeverity);
  const now = errors(facts.problems(service, focus.span));
  const before = errors(facts.problems(service, focus.before));
  const length = (span: { from: number; to: number }) => Math.max(1, span.to - span.from);
  const expected = (before.length / length(focus.before)) * length(focus.span);
  const [first] = now;
  if (!first || now.length < errorLinesMin || now.length < timesUsualMin * expected) return null;
  const name = nameOf(scene, service);
  const draft = newDraft(scene);
  const during = lengthText(length(focus.span));
  draft.text.push(`${name} logs errors, the first since ${momentText(focus.span.from)} `);
  draft.text.push(`at ${momentText(first.t)} `, draft.cites.log(service, first));
  draft.text.push(`: at least ${now.length} in ${during}`);
  const earlier = `, against ${before.length} or more in the ${lengthText(length(focus.before))} before.`;
  draft.text.push(before.length > 0 ? earlier : '.');
  addNewLine(scene, draft, service);
  addCallees(scene, draft, service);
  addWitnesses(scene, draft, service);
  return finishCard(scene, draft, {
    category: 'error-spike',
    title: `${name} logs errors`,
    service,
    effect: beyondLimit(now.length, Math.max(errorLinesMin, timesUsualMin * expected)),
    // Lines are not requests: what users feel is unknown.
    weight: 0.8,
  });
}

function addNewLine(scene: Scene, { cites, text }: Draft, service: number): void {
  const { facts, focus } = scene;
  const now = facts.problems(service, focus.span);
  const found = mostFrequentNew(now, facts.problems(service, focus.before));
  if (!found || found.count < 2) return;
  const { example, count, of } = found;
  text.push(
    ` Far more frequent in its log than before: “${cleanLine(messageOf(example.body), 110)}” `,
    cites.log(service, example),
  );
  text.push(`, ${count} of the ${of} warnings and errors read since `);
  text.push(`${momentText(focus.span.from)} are of this kind.`);
}

function addCallees(scene: Scene, { cites, text }: Draft, service: number): void {
  const [callee] = unwellCallees(scene, service);
  if (callee === undefined) return;
  const sign = unwellSign(scene, callee);
  if (!sign) return;
  text.push(
    ` ${nameOf(scene, callee)}, which it calls, was found ${sign.state} too at ${momentText(sign.t)} `,
    cites.health(callee, sign),
  );
  text.push(': look there first.');
}

function limitOf(reading: Reading): number {
  const usual = failedShare(reading, reading.usual?.value ?? null) ?? 0;
  return Math.max(healthPolicy.degradedErrorRatio, timesUsualMin * usual);
}

function worstOf(reading: Reading) {
  return reading.series.role === 'availability' ? lowest(reading) : highest(reading);
}

function failedShare(reading: Reading, value: number | null): number | null {
  if (value === null) return null;
  return reading.series.role === 'availability' ? 1 - value : value;
}
