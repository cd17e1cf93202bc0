/** Slots of a template: `{n}` and `{m}` 0–999, `{ip}`, `{hex}`, `{user}`, `{ms}`. */
import { mix } from '../mix.ts';

/** The template with a value in each slot; the same bits give the same text. */
export function fillSlots(template: string, bits: number): string {
  let open = template.indexOf('{');
  if (open < 0) return template;
  let text = '';
  let from = 0;
  for (let slot = 1; open >= 0; slot++) {
    const close = template.indexOf('}', open);
    const value = close < 0 ? null : valueOf(template.slice(open + 1, close), mix(bits, slot));
    if (value !== null) {
      text += template.slice(from, open) + value;
      from = close + 1;
    }
    // Braces of JSON and the like are no slots, but may hold some.
    open = template.indexOf('{', value === null ? open + 1 : from);
  }
  return text + template.slice(from);
}

function valueOf(slot: string, bits: number): string | null {
  switch (slot) {
    case 'n':
    case 'm':
      return String(bits % 1000);
    case 'ip':
      return `10.8.${(bits >>> 8) & 127}.${10 + ((bits >>> 20) % 200)}`;
    case 'hex':
      return bits.toString(16).padStart(8, '0');
    case 'user':
      return `u-${10_000 + (bits % 80_000)}`;
    case 'ms':
      // Most are short: 1 to about 3000, as many below 55 as above.
      return String(Math.floor(Math.exp((bits / 4294967296) * 8)) + 1);
    default:
      return null;
  }
}
