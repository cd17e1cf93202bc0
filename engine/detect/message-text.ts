/** The text of a finding: its message's template with values filled in. */
import type { Subject } from '../sdk/index.ts';
import { numberText, seriesAtStart, seriesText, valueText } from '../wording.ts';

/**
 * Fills a template's `{placeholders}`; `{name:unit}` writes a number in the unit of the subject's
 * series. `{service}` and `{metric}` need no value. One without a value stays as it is, to be seen.
 */
export function fill(
  template: string,
  values: Readonly<Record<string, string | number>>,
  { service, series }: Subject,
): string {
  return template.replace(/\{(\w+)(:unit)?\}/g, (whole, name: string, ...found: unknown[]) => {
    const [unit, at] = found;
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (typeof value === 'number') {
      return unit !== undefined && series ? valueText(series, value) : numberText(value);
    }
    if (value !== undefined) return value;
    if (name === 'metric' && series) return at === 0 ? seriesAtStart(series) : seriesText(series);
    return name === 'service' ? service : whole;
  });
}
