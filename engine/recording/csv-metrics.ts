/** What long and wide metric tables have in common. */
import { WorkbenchError } from '../errors.ts';
import { limits } from '../limits.ts';
import { seriesRoles } from '../sdk/index.ts';
import type { SeriesRole } from '../sdk/index.ts';
import type { RawSeries } from './raw-record.ts';
import { guessFromName } from './series-role.ts';

/** Usual names of a time column, most telling first. */
export const timeColumns = [
  'timestamp',
  'time',
  'ts',
  'datetime',
  'date',
  'unix_timestamp',
  'minute_unix',
];

/** Index of the first of the names that the header has, whatever its case; -1 where it has none. */
export function columnIndex(header: readonly string[], names: readonly string[]): number {
  const lower = header.map((name) => name.trim().toLowerCase());
  for (const name of names) {
    const found = lower.indexOf(name.toLowerCase());
    if (found >= 0) return found;
  }
  return -1;
}

/** As `columnIndex`, but the column must be there. Throws RECORDING_UNREADABLE. */
export function requireColumn(
  file: string,
  header: readonly string[],
  names: readonly string[],
): number {
  const found = columnIndex(header, names);
  if (found >= 0) return found;
  const reason = `it has no column ${names.map((name) => `"${name}"`).join(' or ')}; its columns are ${header.slice(0, 20).join(', ')}`;
  throw new WorkbenchError('RECORDING_UNREADABLE', { file, reason });
}

/** undefined for an empty cell or NaN, which is "unknown" and never 0; NaN for one that is no number. */
export function cellNumber(cell: string | undefined): number | undefined {
  const text = cell?.trim() ?? '';
  if (text === '' || text === 'NaN' || text === 'nan' || text === 'null') return undefined;
  // Number('0x10') and Number('Infinity') are numbers to JavaScript, but not to a table.
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : NaN;
}

/** A series with the factor that brings the table's numbers to its unit. */
export interface ScaledSeries {
  readonly series: RawSeries;
  readonly factor: number;
}

interface SeriesIdentity {
  readonly service: string;
  readonly metric: string;
  readonly unit?: string | undefined;
  readonly role?: unknown;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** A given unit or role beats what the name gives away. */
export function seriesOf({
  service,
  metric,
  unit,
  role,
  attributes,
}: SeriesIdentity): ScaledSeries {
  const guess = guessFromName(metric);
  const given: SeriesRole | undefined = seriesRoles.find((known) => known === role);
  const scaled = unit === undefined ? guess : fromUnit(unit);
  return {
    series: {
      service,
      name: metric,
      unit: scaled.unit,
      attributes: attributes ?? {},
      role: given ?? guess.role,
      rank: given ? 0 : 1,
      zeroIsDead: false,
    },
    factor: scaled.factor,
  };
}

/** Times and percentages are brought to the units that the roles have. */
function fromUnit(unit: string): { readonly unit: string; readonly factor: number } {
  if (unit === 'ms') return { unit: 's', factor: 1e-3 };
  if (unit === 'us') return { unit: 's', factor: 1e-6 };
  if (unit === '%') return { unit: '1', factor: 0.01 };
  return { unit: unit.slice(0, limits.scenarioNameCharsMax), factor: 1 };
}
