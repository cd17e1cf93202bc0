/**
 * The one question that looks past the playhead: when is the next mark, incident or record? It tells
 * the moment, which is where a person asked to go, and nothing of what lies there.
 */
import { Type } from 'typebox';
import type { Micros } from '../sdk/index.ts';
import { scanLogs, type ResolvedFilter } from './log-scan.ts';
import { clusterWidth } from './markers.ts';
import {
  levelsOf,
  levelsParameter,
  playheadParameter,
  question,
  servicesOf,
  servicesParameter,
} from './question.ts';
import type { KeyedTable, RunReader } from './reader.ts';
import type { Neighbour } from './types.ts';

const kinds = ['mark', 'incident', 'record'] as const;

/** When the nearest mark, incident or log record before or after `t` is. */
export const neighbour = question(
  Type.Object(
    {
      t: playheadParameter,
      kind: Type.Enum([...kinds], { description: 'What to go to. A mark is drawn on the strip.' }),
      direction: Type.Enum(['next', 'previous'], { description: 'After `t`, or before it.' }),
      level: Type.Optional(levelsParameter),
      service: Type.Optional(servicesParameter),
    },
    { additionalProperties: false },
  ),
  (run, asked): Neighbour => {
    const t = run.playhead(asked.t);
    const isNext = asked.direction === 'next';
    switch (asked.kind) {
      case 'record': {
        const filter = {
          levels: levelsOf(asked.level),
          services: servicesOf(run, asked.service),
          text: null,
          trace: null,
          templates: null,
        };
        return record(run, filter, { t, isNext });
      }
      case 'incident':
        return { t: opening(run, { t, isNext }), searchedTo: null };
      default:
        return { t: mark(run, { t, isNext }), searchedTo: null };
    }
  },
);

interface From {
  readonly t: Micros;
  readonly isNext: boolean;
}

function record(run: RunReader, filter: ResolvedFilter, from: From): Neighbour {
  const { low, high } = keysOf(run, 'log', from);
  const order = from.isNext ? 'ASC' : 'DESC';
  const { rows, stoppedAt } = scanLogs(run, filter, { low, high, order }, 1);
  const [found] = rows;
  if (found) return { t: found[1], searchedTo: null };
  const stop =
    stoppedAt === null
      ? undefined
      : run.row<{ t: Micros }>('SELECT t FROM log WHERE k = ?', stoppedAt);
  return { t: null, searchedTo: stop?.t ?? null };
}

function opening(run: RunReader, from: From): Micros | null {
  return timeOf(run, 'incident_event', from, `AND kind = 'opened'`);
}

/** Marks are what the strip draws: changes, incidents, and clusters of findings. */
function mark(run: RunReader, from: From): Micros | null {
  const times = [
    timeOf(run, 'change', from),
    opening(run, from),
    from.isNext ? nextCluster(run, from.t) : previousCluster(run, from.t),
  ].filter((t) => t !== null);
  if (times.length === 0) return null;
  return from.isNext ? Math.min(...times) : Math.max(...times);
}

/** A cluster is drawn at its first finding. */
function nextCluster(run: RunReader, t: Micros): Micros | null {
  const width = clusterWidth(run);
  const start = t - (t % width);
  const own = timeOf(run, 'finding', { t: start - 1, isNext: true });
  if (own === null || own > t) return own;
  return timeOf(run, 'finding', { t: start + width - 1, isNext: true });
}

function previousCluster(run: RunReader, t: Micros): Micros | null {
  const last = timeOf(run, 'finding', { t, isNext: false });
  if (last === null) return null;
  const start = last - (last % clusterWidth(run));
  return timeOf(run, 'finding', { t: start - 1, isNext: true });
}

/** Time of the first row after a moment, or of the last one before it. */
function timeOf(run: RunReader, table: KeyedTable, from: From, condition = ''): Micros | null {
  const { low, high } = keysOf(run, table, from);
  const found = run.row<{ t: Micros }>(
    `SELECT t FROM ${table} WHERE k >= ? AND k < ? ${condition}
     ORDER BY k ${from.isNext ? 'ASC' : 'DESC'} LIMIT 1`,
    low,
    high,
  );
  return found?.t ?? null;
}

/** Keys of the rows after a moment, as far as they are stored; or of those before it. */
function keysOf(
  run: RunReader,
  table: KeyedTable,
  { t, isNext }: From,
): { readonly low: number; readonly high: number } {
  if (!isNext) return { low: 0, high: run.keyAfter(table, t - 1) };
  return {
    low: run.keyAfter(table, t),
    high: run.keyAfter(table, run.playhead(Number.MAX_SAFE_INTEGER)),
  };
}
