/** Text of a record, brought within the limits. Control characters are data and stay; output sanitises. */
import { limits } from '../limits.ts';

/** Ends a text that was cut, so that nobody takes the cut for the end of the line. */
export const cutMarker = '… [truncated]';

export interface Fitted {
  readonly text: string;
  readonly cut: boolean;
}

/** At most `max` UTF-16 units, never half a character, a lone surrogate replaced by U+FFFD. */
export function fitText(text: string, max: number = limits.bodyCharsMax): Fitted {
  const whole = text.length <= max;
  const kept = whole ? text : text.slice(0, max - cutMarker.length).replace(/[\uD800-\uDBFF]$/, '');
  const sound = wellFormed(kept);
  return whole ? { text: sound, cut: false } : { text: sound + cutMarker, cut: true };
}

const surrogate = /[\uD800-\uDFFF]/;

/** With the `u` flag a class of surrogates matches only those that stand alone. */
export function wellFormed(text: string): string {
  return surrogate.test(text) ? text.replace(/\p{Surrogate}/gu, '\uFFFD') : text;
}

const control = /[\u0000-\u001f\u007f-\u009f]/g;

/** A name of a service or a metric: one line, no control characters, bounded; '' where nothing is left. */
export function cleanName(value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  return wellFormed(String(value))
    .replace(control, '\uFFFD')
    .trim()
    .slice(0, limits.scenarioNameCharsMax);
}

type Value = string | number | boolean;

export interface FittedAttributes {
  /** A JSON object, or '' where there are none. */
  readonly json: string;
  readonly cut: boolean;
}

/**
 * Attributes as one flat object: nested keys joined by dots, lists as JSON. Later keys are left out
 * once the limits are reached.
 */
export function fitAttributes(
  source: Readonly<Record<string, unknown>>,
  without: readonly string[] = [],
): FittedAttributes {
  // No prototype: a key may be called `__proto__`.
  const flat: Flat = { values: Object.create(null) as Flat['values'], count: 0, cut: false };
  for (const key in source) {
    if (!without.includes(key)) flatten(flat, key, source[key], 1);
  }
  if (flat.count === 0) return { json: '', cut: flat.cut };
  const json = JSON.stringify(flat.values);
  return json.length <= limits.attributesCharsMax
    ? { json, cut: flat.cut }
    : { json: shorten(flat.values), cut: true };
}

interface Flat {
  readonly values: Record<string, Value>;
  count: number;
  cut: boolean;
}

function flatten(flat: Flat, key: string, value: unknown, depth: number): void {
  if (value === null || value === undefined) return;
  if (flat.count >= limits.attributesMax) {
    flat.cut = true;
    return;
  }
  if (typeof value === 'number' || typeof value === 'boolean') {
    flat.values[key] = value;
    flat.count += 1;
    return;
  }
  if (typeof value === 'object' && !Array.isArray(value) && depth < limits.attributesDepthMax) {
    for (const [inner, item] of Object.entries(value)) {
      flatten(flat, `${key}.${inner}`, item, depth + 1);
    }
    return;
  }
  const { text, cut } = fitText(
    typeof value === 'string' ? value : JSON.stringify(value),
    limits.attributeCharsMax,
  );
  flat.values[wellFormed(key)] = text;
  flat.count += 1;
  if (cut) flat.cut = true;
}

/** Leaves out the last attributes until the rest fits. */
function shorten(values: Readonly<Record<string, Value>>): string {
  const parts: string[] = [];
  let chars = 2;
  for (const [key, value] of Object.entries(values)) {
    const part = `${JSON.stringify(key)}:${JSON.stringify(value)}`;
    chars += part.length + 1;
    if (chars > limits.attributesCharsMax) break;
    parts.push(part);
  }
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}
