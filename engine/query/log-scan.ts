/**
 * Finds the rows of a page of logs. The rowid is the order of the run, so a page is a walk along it;
 * what a filter leaves rare is found by an index instead. Every walk is bounded: one that could pass
 * over any number of rows looks at `limits.searchRowsMax` of them and says where it stopped.
 */
import { limits } from '../limits.ts';
import { levelBounds, levels, type Level } from '../store/schema.ts';
import { logColumns, shownColumns, type StoredLog } from './log-row.ts';
import type { RunReader } from './reader.ts';

/** A log filter with its names resolved; null filters nothing. */
export interface ResolvedFilter {
  readonly levels: readonly Level[] | null;
  readonly services: readonly number[] | null;
  readonly text: string | null;
  readonly trace: string | null;
  /** Ids that the rows bear. */
  readonly templates: readonly number[] | null;
}

/** A stretch of keys, half-open, and the end that the page starts from. */
export interface KeyRange {
  readonly low: number;
  readonly high: number;
  readonly order: 'ASC' | 'DESC';
}

export interface Scan {
  /** At most `limit`, in the order of the range. */
  readonly rows: StoredLog[];
  /** Where the walk stopped before the page was full: go on from here. */
  readonly stoppedAt: number | null;
}

/** Services that are looked up one by one; more than that are found sooner by walking. */
const servicesBySeekMax = 8;
/** From the first severity of `log_problems`. */
const problemSeverities = Array.from({ length: 12 }, (_, i) => 13 + i);

export function scanLogs(
  run: RunReader,
  filter: ResolvedFilter,
  range: KeyRange,
  limit: number,
): Scan {
  const { services, text, trace, templates } = filter;
  if (range.low >= range.high || filter.levels?.length === 0) return { rows: [], stoppedAt: null };
  const isLooked = text !== null || trace !== null || templates !== null;
  const isOpen = filter.levels === null && services === null && !isLooked;
  if (isOpen) return { rows: plainPage(run, range, limit), stoppedAt: null };
  if (!isLooked && run.isIndexed()) {
    if (filter.levels?.every((level) => level === 'warn' || level === 'error')) {
      return {
        rows: problemPage(run, { ...filter, levels: filter.levels }, range, limit),
        stoppedAt: null,
      };
    }
    if (filter.levels === null && services !== null && services.length <= servicesBySeekMax) {
      return { rows: servicePage(run, services, range, limit), stoppedAt: null };
    }
  }
  return walk(run, filter, range, limit);
}

function plainPage(run: RunReader, range: KeyRange, limit: number): StoredLog[] {
  return run.tuples<StoredLog>(
    `SELECT ${shownColumns} FROM log WHERE k >= ? AND k < ? ORDER BY k ${range.order} LIMIT ?`,
    range.low,
    range.high,
    limit,
  );
}

/** Warnings and errors by `log_problems`: one seek per service and severity, however rare they are. */
function problemPage(
  run: RunReader,
  filter: { readonly levels: readonly Level[]; readonly services: readonly number[] | null },
  range: KeyRange,
  limit: number,
): StoredLog[] {
  // SQLite takes a partial index only where the text of the query implies its condition.
  const sql = `SELECT k FROM log INDEXED BY log_problems
    WHERE service_id = ? AND severity = ? AND severity >= 13 AND k >= ? AND k < ?
    ORDER BY k ${range.order} LIMIT ?`;
  const wanted = problemSeverities.filter((severity) =>
    filter.levels.some((level) => {
      const [from, to] = levelBounds[levels.indexOf(level)] ?? [0, 0];
      return severity >= from && severity < to;
    }),
  );
  const seeks = (filter.services ?? run.services.map((s) => s.id)).flatMap((service) =>
    wanted.map((severity) => [service, severity] as const),
  );
  return rowsOf(run, mergeKeys(run, sql, seeks, range, limit), range);
}

function servicePage(
  run: RunReader,
  services: readonly number[],
  range: KeyRange,
  limit: number,
): StoredLog[] {
  const sql = `SELECT k FROM log INDEXED BY log_by_service
    WHERE service_id = ? AND k >= ? AND k < ? ORDER BY k ${range.order} LIMIT ?`;
  const seeks = services.map((service) => [service] as const);
  return rowsOf(run, mergeKeys(run, sql, seeks, range, limit), range);
}

/** The first `limit` keys of many ordered lists; a full page narrows the range of the next list. */
function mergeKeys(
  run: RunReader,
  sql: string,
  seeks: readonly (readonly number[])[],
  range: KeyRange,
  limit: number,
): number[] {
  const sign = range.order === 'ASC' ? 1 : -1;
  let { low, high } = range;
  let keys: number[] = [];
  for (const seek of seeks) {
    const found = run.tuples<[number]>(sql, ...seek, low, high, limit);
    if (found.length === 0) continue;
    for (const [key] of found) keys.push(key);
    keys.sort((a, b) => sign * (a - b));
    if (keys.length < limit) continue;
    keys = keys.slice(0, limit);
    const last = keys[limit - 1] ?? 0;
    if (range.order === 'ASC') high = last;
    else low = last + 1;
  }
  return keys;
}

function rowsOf(run: RunReader, keys: readonly number[], range: KeyRange): StoredLog[] {
  return run.tuples<StoredLog>(
    `SELECT ${shownColumns} FROM log WHERE k IN (SELECT value FROM json_each(?)) ORDER BY k ${range.order}`,
    JSON.stringify(keys),
  );
}

/**
 * Looks at the next `searchRowsMax` rows of the range and keeps what matches.
 * The inner query is bounded, the outer one stops as soon as the page is full.
 */
function walk(run: RunReader, filter: ResolvedFilter, range: KeyRange, limit: number): Scan {
  const { sql, values } = condition(filter);
  const within = 'log WHERE k >= ? AND k < ?';
  const bounds = [range.low, range.high];
  const rows = run.tuples<StoredLog>(
    `SELECT ${shownColumns} FROM (
       SELECT ${logColumns}, template_id FROM ${within} ORDER BY k ${range.order} LIMIT ${limits.searchRowsMax}
     ) WHERE ${sql} LIMIT ?`,
    ...bounds,
    ...values,
    limit,
  );
  if (rows.length === limit) return { rows, stoppedAt: null };
  const [stop] = run.tuples<[number]>(
    `SELECT k FROM ${within} ORDER BY k ${range.order} LIMIT 1 OFFSET ${limits.searchRowsMax}`,
    ...bounds,
  );
  return { rows, stoppedAt: stop?.[0] ?? null };
}

/** Exact number of matching rows before `high`, or null where that takes more than the budget. */
export function countMatches(run: RunReader, filter: ResolvedFilter, high: number): number | null {
  const { sql, values } = condition(filter);
  const [counts] = run.tuples<[seen: number, matched: number]>(
    `SELECT count(*), count(*) FILTER (WHERE ${sql}) FROM (
       SELECT ${logColumns}, template_id FROM log WHERE k < ? LIMIT ${limits.searchRowsMax + 1}
     )`,
    ...values,
    high,
  );
  if (!counts || counts[0] > limits.searchRowsMax) return null;
  return counts[1];
}

/** The filter as SQL over the columns of `log`. */
function condition(filter: ResolvedFilter): { readonly sql: string; readonly values: unknown[] } {
  const parts: string[] = [];
  const values: unknown[] = [];
  if (filter.levels !== null) {
    parts.push(`(${filter.levels.map(levelCondition).join(' OR ') || 'FALSE'})`);
  }
  if (filter.services !== null) {
    parts.push('service_id IN (SELECT value FROM json_each(?))');
    values.push(JSON.stringify(filter.services));
  }
  if (filter.templates !== null) {
    parts.push('template_id IN (SELECT value FROM json_each(?))');
    values.push(JSON.stringify(filter.templates));
  }
  if (filter.trace !== null) {
    parts.push('trace_id = ?');
    values.push(filter.trace);
  }
  if (filter.text !== null) {
    parts.push(`body LIKE ? ESCAPE '\\'`);
    values.push(`%${filter.text.replace(/[\\%_]/g, '\\$&')}%`);
  }
  return { sql: parts.join(' AND ') || 'TRUE', values };
}

function levelCondition(level: Level): string {
  const index = levels.indexOf(level);
  const [from, to] = levelBounds[index] ?? [0, 0];
  const above = index === 0 ? 'TRUE' : `severity >= ${from}`;
  return index === levels.length - 1 ? above : `(${above} AND severity < ${to})`;
}
