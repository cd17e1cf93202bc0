/** What the palette offers, and which of it answers to what a person typed. */
import type { Micros } from '../../../engine/sdk/index.ts';
import { formatPlayhead, parsePlayhead } from '../format/time.ts';

export type OfferKind = 'page' | 'run' | 'incident' | 'service' | 'time' | 'action';

export interface Offer {
  readonly kind: OfferKind;
  readonly title: string;
  /** What tells it from others of the same title. */
  readonly detail?: string;
  /** The key that does the same. */
  readonly key?: string;
  readonly act: () => void;
}

/** More would not be read; a longer query is quicker. */
const offersMax = 12;

/**
 * The offers in which every word of the query occurs, best first: a title that begins with it, then
 * words that do, then the rest, each in the order in which they are offered.
 */
export function matching(offers: readonly Offer[], query: string): readonly Offer[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return offers
    .map((offer) => ({ offer, rank: rankOf(offer, words) }))
    .filter(({ rank }) => rank < Infinity)
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, offersMax)
    .map(({ offer }) => offer);
}

function rankOf(offer: Offer, words: readonly string[]): number {
  // It was made of the query, and may spell it differently.
  if (offer.kind === 'time') return -1;
  const title = offer.title.toLowerCase();
  const text = `${title} ${offer.detail?.toLowerCase() ?? ''} ${offer.kind}`;
  if (!words.every((word) => text.includes(word))) return Infinity;
  const [first = ''] = words;
  if (title.startsWith(first)) return 0;
  return new RegExp(`[^a-z0-9]${escaped(first)}`).test(title) ? 1 : 2;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** `12:30`, `t+1:02:30.5`: a moment to go to. A bare number is rather a name. */
export function timeOffer(query: string, seek: (t: Micros) => void): readonly Offer[] {
  const text = query.trim().replace(/^(t\+|:)/i, '');
  const t = text.includes(':') ? parsePlayhead(text) : null;
  if (t === null) return [];
  return [{ kind: 'time', title: `Go to T+${formatPlayhead(t)}`, act: () => seek(t) }];
}
