/**
 * The timeline of an incident for a page that people read: what is said of many alerts and services at
 * one moment makes one line of each kind, and so do alerts that end while nothing else happens.
 */
import type { TimelineEntry } from '../../engine/query/types.ts';
import type { Micros } from '../../engine/sdk/index.ts';
import { momentText } from '../../engine/wording.ts';

export interface FoldedEntry {
  readonly t: Micros;
  readonly text: string;
  /** Set on what people did. */
  readonly actor: string | null;
}

const foldable = ['service-affected', 'alert-firing', 'alert-resolved'] as const;
type Foldable = (typeof foldable)[number];

/** Alerts of a moment that are told one by one, and of more than that the ones that are told. */
const alertsTold = 2;

export function foldedTimeline(timeline: readonly TimelineEntry[]): FoldedEntry[] {
  const folded: FoldedEntry[] = [];
  let i = 0;
  while (i < timeline.length) {
    const moment = momentFrom(timeline, i);
    folded.push(...moment.filter(({ kind }) => foldedKind(kind) === null));
    for (const kind of foldable) folded.push(...together(kind, moment));
    i += moment.length;
  }
  return folded;
}

function momentFrom(timeline: readonly TimelineEntry[], from: number): readonly TimelineEntry[] {
  const t = timeline[from]?.t;
  const ended = (entry: TimelineEntry): boolean => entry.kind === 'alert-resolved';
  const rest = timeline.slice(from);
  const moment = until(rest, (entry) => entry.t !== t);
  return moment.every(ended) ? until(rest, (entry) => !ended(entry)) : moment;
}

function until<E>(entries: readonly E[], isPast: (entry: E) => boolean): readonly E[] {
  const next = entries.findIndex(isPast);
  return next < 0 ? entries : entries.slice(0, next);
}

function foldedKind(kind: string): Foldable | null {
  return foldable.find((known) => known === kind) ?? null;
}

function together(kind: Foldable, moment: readonly TimelineEntry[]): FoldedEntry[] {
  const entries = moment.filter((entry) => entry.kind === kind);
  const [first] = entries;
  if (!first) return [];
  const { t } = first;
  const told = kind === 'service-affected' ? 1 : alertsTold;
  if (entries.length <= told) return entries;
  const number = entries.length;
  const texts = entries.map(({ text }) => text);
  switch (kind) {
    case 'service-affected': {
      const names = texts.map((text) => text.replace(/ is affected$/, ''));
      return [{ t, actor: null, text: `${number} services are affected: ${names.join(', ')}` }];
    }
    case 'alert-firing': {
      const some = texts.slice(0, alertsTold).map((text) => text.replace(/\.$/, ''));
      return [{ t, actor: null, text: `${number} alerts began, such as ${some.join('; ')}` }];
    }
    case 'alert-resolved': {
      const last = entries.at(-1)?.t ?? t;
      const by = last === t ? '' : ` by ${momentText(last)}`;
      return [{ t, actor: null, text: `${number} alerts ended${by}` }];
    }
    default:
      return kind satisfies never;
  }
}
