/** The timeline of an incident as a story: its turns stand out, what happened between them is folded. */
import type { TimelineEntry } from '../../../engine/query/types.ts';
import { plural } from '../format/plural.ts';

export type StoryPart =
  /** Status, severity, what people did and said. */
  | { readonly type: 'turn'; readonly entry: TimelineEntry }
  /** Alerts, services and names between two turns. */
  | { readonly type: 'between'; readonly entries: readonly TimelineEntry[] };

const between = ['alert-firing', 'alert-resolved', 'service-affected', 'title-changed'] as const;

export function storyOf(timeline: readonly TimelineEntry[]): readonly StoryPart[] {
  const parts: StoryPart[] = [];
  let gathered: TimelineEntry[] = [];
  const flush = () => {
    if (gathered.length > 0) parts.push({ type: 'between', entries: gathered });
    gathered = [];
  };
  for (const entry of timeline) {
    if (between.some((kind) => kind === entry.kind)) {
      gathered.push(entry);
      continue;
    }
    flush();
    parts.push({ type: 'turn', entry });
  }
  flush();
  return parts;
}

/** `4 alerts fired, 1 ended, 2 services affected`. */
export function summaryOf(entries: readonly TimelineEntry[]): string {
  const count = (kind: (typeof between)[number]) =>
    entries.filter((entry) => entry.kind === kind).length;
  const fired = count('alert-firing');
  const ended = count('alert-resolved');
  const services = count('service-affected');
  return [
    fired > 0 ? `${plural(fired, 'alert')} fired` : '',
    ended > 0 ? `${plural(ended, 'alert')} ended` : '',
    services > 0 ? `${plural(services, 'service')} affected` : '',
    count('title-changed') > 0 ? 'renamed' : '',
  ]
    .filter(Boolean)
    .join(', ');
}
