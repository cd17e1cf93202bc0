/** Which request rate a series is about: a ratio of three requests is chance, one of a thousand is not. */
import type { SourceHeader } from '../replay/source.ts';
import { statisticKeys } from '../wording.ts';

/**
 * For each series the index of its service's request rate: the one with the same attributes, or the
 * only one there is; null where the service's requests are not measured.
 */
export function rateSeriesOf(header: Pick<SourceHeader, 'series'>): readonly (number | null)[] {
  const rates = new Map<number, { readonly series: number; readonly about: string }[]>();
  header.series.forEach((series, index) => {
    if (series.role !== 'request_rate') return;
    const known = rates.get(series.service) ?? [];
    rates.set(series.service, [...known, { series: index, about: aboutOf(series.attributes) }]);
  });
  return header.series.map(({ service, attributes }) => {
    const own = rates.get(service) ?? [];
    const same = own.find(({ about }) => about === aboutOf(attributes));
    return same?.series ?? (own.length === 1 ? (own[0]?.series ?? null) : null);
  });
}

function aboutOf(attributes: Readonly<Record<string, string>>): string {
  const entries = Object.entries(attributes).filter(([key]) => !statisticKeys.has(key));
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
