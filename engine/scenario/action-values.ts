/** The values of actions, behind the equals sign. */
import type { Micros } from '../sdk/index.ts';
import type { Answer } from './action-targets.ts';
import type { ServiceModel } from './model.ts';
import { clipped } from './suggestion.ts';
import { parseUnit } from './units.ts';

const wholeNumber = /^(0|[1-9][0-9]{0,9})$/;

export function readCount(
  text: string,
  { what, most }: { what: string; most: number },
): Answer<number> {
  const count = Number(text);
  if (wholeNumber.test(text) && count >= 1 && count <= most) return { value: count };
  return { problem: `"${clipped(text)}" is no number of ${what}`, hint: `from 1 to ${most}` };
}

/** An instance by its number. */
export function readInstance(text: string, service: ServiceModel | undefined): Answer<number> {
  const known = service?.instancesMax ?? 0;
  if (wholeNumber.test(text) && Number(text) < known) return { value: Number(text) };
  const problem = `no instance ${clipped(text)} of ${service?.name ?? ''}`;
  return { problem, hint: known === 1 ? 'there is 0 alone' : `from 0 to ${known - 1}` };
}

export function readWhich(
  text: string,
  service: ServiceModel | undefined,
): Answer<number | 'all' | 'rolling'> {
  if (text === 'all' || text === 'rolling') return { value: text };
  const instance = readInstance(text, service);
  if (!('problem' in instance)) return instance;
  return { ...instance, hint: `all, rolling, or the number of one: ${instance.hint ?? ''}` };
}

export function readShare(text: string): Answer<number> {
  const parsed = parseUnit('share', text);
  return 'problem' in parsed ? { problem: parsed.problem } : parsed;
}

export function readDuration(text: string): Answer<Micros> {
  const parsed = parseUnit('duration', text);
  if ('problem' in parsed) return { problem: parsed.problem };
  return parsed.value > 0 ? parsed : { problem: `"${clipped(text)}" must be more than zero` };
}
