import { Type } from 'typebox';
import { WorkbenchError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { Micros } from '../sdk/index.ts';
import { levels } from '../store/schema.ts';
import { countByService, sumOf, type LevelCounts } from './level-totals.ts';
import { logRowOf } from './log-row.ts';
import { KnownTemplates } from './known-templates.ts';
import { countMatches, scanLogs, type ResolvedFilter } from './log-scan.ts';
import {
  keyParameter,
  levelsOf,
  levelsParameter,
  playheadParameter,
  question,
  servicesOf,
  servicesParameter,
  templatesParameter,
} from './question.ts';
import type { RunReader } from './reader.ts';
import { countByTemplate } from './template-counts.ts';
import type { LogPage } from './types.ts';

/** A page of logs at or before `t`: the last ones, or those next to a row that is already shown. */
export const logs = question(
  Type.Object(
    {
      t: playheadParameter,
      before: Type.Optional(keyParameter('Rows before this key: the page above it.')),
      after: Type.Optional(keyParameter('Rows after this key: the page below it.')),
      limit: Type.Optional(
        Type.Integer({ minimum: 1, maximum: limits.logPageRowsMax, description: 'Rows, 200.' }),
      ),
      level: Type.Optional(levelsParameter),
      service: Type.Optional(servicesParameter),
      text: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: limits.searchCharsMax,
          description: 'Plain text anywhere in the body; A–Z match a–z.',
        }),
      ),
      template: Type.Optional(templatesParameter),
      trace: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: 'Trace id.' })),
    },
    { additionalProperties: false },
  ),
  (run, asked): LogPage => {
    if (asked.before !== undefined && asked.after !== undefined) {
      throw new WorkbenchError('USAGE', {
        reason: 'ask for logs before a row or after it, not both',
      });
    }
    if (asked.text?.includes('\0')) {
      // For SQLite the text would end there, and find everything.
      throw new WorkbenchError('USAGE', { reason: 'a search text cannot hold a NUL character' });
    }
    const t = run.playhead(asked.t);
    const filter: ResolvedFilter = {
      levels: levelsOf(asked.level),
      services: servicesOf(run, asked.service),
      text: asked.text ?? null,
      trace: asked.trace ?? null,
      templates: templatesOf(run, asked.template, t),
    };
    const end = run.keyAfter('log', t);
    const limit = asked.limit ?? 200;
    const scan = scanLogs(
      run,
      filter,
      {
        low: asked.after === undefined ? 0 : asked.after + 1,
        high: Math.min(asked.before ?? end, end),
        order: asked.after === undefined ? 'DESC' : 'ASC',
      },
      limit + 1,
    );
    const rows = scan.rows.slice(0, limit).map((row) => logRowOf(run, row));
    if (asked.after === undefined) rows.reverse();
    const totals = run.levelsUntil(t);
    return {
      rows,
      more: scan.rows.length > limit || scan.stoppedAt !== null,
      searchedTo:
        scan.stoppedAt === null ? null : scan.stoppedAt + (asked.after === undefined ? 1 : -1),
      total: sumOf(totals),
      matched: matched(run, filter, { t, end, totals }),
      byLevel: {
        debug: totals[0],
        info: totals[1],
        warn: totals[2],
        error: totals[3],
      },
    };
  },
);

/** The ids that rows of these templates bear, none before they are known; null where none was asked for. */
function templatesOf(
  run: RunReader,
  list: string | undefined,
  t: Micros,
): readonly number[] | null {
  if (list === undefined) return null;
  const known = new KnownTemplates(run, t);
  const ids = list.split(',').slice(0, limits.templateFilterMax).map(Number);
  return [...new Set(ids.flatMap((id) => known.of(id)?.members ?? []))];
}

/** Text and trace are counted by looking, the rest by rollups. */
function matched(
  run: RunReader,
  filter: ResolvedFilter,
  at: { readonly t: Micros; readonly end: number; readonly totals: LevelCounts },
): number | null {
  if (filter.text !== null || filter.trace !== null) {
    const isWithinBudget = sumOf(at.totals) <= limits.searchRowsMax;
    return isWithinBudget ? countMatches(run, filter, at.end) : null;
  }
  if (filter.templates !== null) {
    const counts = countByTemplate(run, { from: 0, t: at.t }, filter);
    return counts.reduce((sum, [, , , count]) => sum + count, 0);
  }
  const wanted = (counts: LevelCounts): number =>
    filter.levels === null
      ? sumOf(counts)
      : filter.levels.reduce((sum, level) => sum + (counts[levels.indexOf(level)] ?? 0), 0);
  if (filter.services === null) return wanted(at.totals);
  let sum = 0;
  for (const counts of countByService(run, filter.services, at.t).values()) sum += wanted(counts);
  return sum;
}
