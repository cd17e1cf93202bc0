import { limits } from '../limits.ts';
import { seriesRoles } from '../sdk/index.ts';
import { textsOf } from './json-column.ts';
import type { RunReader } from './reader.ts';
import type { SeriesNode } from './types.ts';

interface SeriesRow {
  readonly id: number;
  readonly service_id: number;
  readonly name: string;
  readonly unit: string;
  readonly attributes: string;
  readonly role: string | null;
  readonly cadence: number;
}

/** Series of a run by id; all of them where `ids` is null. */
export function seriesNodes(run: RunReader, ids: readonly number[] | null): SeriesNode[] {
  const columns = 'id, service_id, name, unit, attributes, role, cadence';
  const found =
    ids === null
      ? run.rows<SeriesRow>(`SELECT ${columns} FROM series ORDER BY id LIMIT ${limits.seriesMax}`)
      : run.rows<SeriesRow>(
          `SELECT ${columns} FROM series WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id`,
          JSON.stringify(ids),
        );
  return found.map((row) => ({
    id: row.id,
    service: run.serviceName(row.service_id),
    name: row.name,
    unit: row.unit,
    attributes: textsOf(row.attributes),
    role: seriesRoles.find((role) => role === row.role) ?? null,
    cadenceUs: row.cadence,
  }));
}
