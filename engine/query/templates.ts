import { Type } from 'typebox';
import { limits } from '../limits.ts';
import type { Micros } from '../sdk/index.ts';
import { bucketUs, levels } from '../store/schema.ts';
import { KnownTemplates, type KnownTemplate } from './known-templates.ts';
import { countByTemplate, type Counted } from './template-counts.ts';
import { messageOfTemplate } from './template-message.ts';
import {
  levelsOf,
  levelsParameter,
  playheadParameter,
  question,
  servicesOf,
  servicesParameter,
  timeParameter,
} from './question.ts';
import type { RunReader } from './reader.ts';
import type { TemplateList, TemplateRow } from './types.ts';

/** A template is new for this long. */
const newForUs = 300_000_000;
/** At first every line is new, which says nothing. */
const learningUs = 120_000_000;
const defaultWindowUs = 900_000_000;
const servicesShownMax = 3;

/** Kinds of log lines in a window that ends at the playhead, most frequent first. */
export const templates = question(
  Type.Object(
    {
      t: playheadParameter,
      from: Type.Optional(
        timeParameter('Start of the window, µs, down to ten seconds; 15 min before t.'),
      ),
      limit: Type.Optional(
        Type.Integer({
          ...{ minimum: 1, maximum: limits.templateRowsMax },
          description: 'Templates, 200.',
        }),
      ),
      level: Type.Optional(levelsParameter),
      service: Type.Optional(servicesParameter),
    },
    { additionalProperties: false },
  ),
  (run, asked): TemplateList => {
    const t = run.playhead(asked.t);
    const wanted = asked.from ?? Math.max(0, t - defaultWindowUs);
    const earliest = Math.max(0, t - limits.templateWindowUsMax);
    const from = Math.floor(Math.min(t, Math.max(wanted, earliest)) / bucketUs) * bucketUs;
    const filter = {
      levels: levelsOf(asked.level),
      services: servicesOf(run, asked.service),
      templates: null,
    };
    const known = new KnownTemplates(run, t);
    const tallies = tallyByTemplate(known, countByTemplate(run, { from, t }, filter));
    const rows = [...tallies].map(([template, tally]) => rowOf(run, template, tally, t));
    // Of equal counts the newer one first: it is what people do not know yet.
    rows.sort((a, b) => b.count - a.count || b.id - a.id);
    return {
      t,
      from,
      mined: run.hasTemplates(),
      count: rows.length,
      fresh: rows.filter((row) => row.fresh).length,
      rows: [...rows.filter((row) => row.fresh), ...rows.filter((row) => !row.fresh)].slice(
        0,
        asked.limit ?? 200,
      ),
    };
  },
);

interface Tally {
  count: number;
  readonly byLevel: number[];
  readonly byService: Map<number, number>;
}

function tallyByTemplate(
  known: KnownTemplates,
  counts: readonly Counted[],
): ReadonlyMap<KnownTemplate, Tally> {
  const tallies = new Map<KnownTemplate, Tally>();
  for (const [id, service, level, count] of counts) {
    const template = known.of(id);
    if (!template) continue;
    const tally = tallies.get(template) ?? {
      count: 0,
      byLevel: [0, 0, 0, 0],
      byService: new Map(),
    };
    tallies.set(template, tally);
    tally.count += count;
    tally.byLevel[level] = (tally.byLevel[level] ?? 0) + count;
    tally.byService.set(service, (tally.byService.get(service) ?? 0) + count);
  }
  return tallies;
}

function rowOf(
  run: RunReader,
  { id, text, firstAt }: KnownTemplate,
  { count, byLevel, byService }: Tally,
  t: Micros,
): TemplateRow {
  const most = byLevel.indexOf(Math.max(...byLevel));
  const services = [...byService].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  return {
    id,
    ...shownTemplate(text),
    count,
    level: levels[most] ?? 'info',
    services: services.slice(0, servicesShownMax).map(([service]) => run.serviceName(service)),
    serviceCount: services.length,
    firstAt,
    fresh: firstAt >= learningUs && firstAt > t - newForUs,
  };
}

/** The text, shortened, and what people read first of it. */
function shownTemplate(text: string): Pick<TemplateRow, 'text' | 'message'> {
  const shown = text.slice(0, limits.shownBodyCharsMax);
  return { text: shown, message: messageOfTemplate(shown) };
}
