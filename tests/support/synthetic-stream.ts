/** A made-up run for tests of folds: a header, and records packed into the columns of one batch. */
import { BatchWriter, makeSlot, noText } from '../../engine/replay/batch.ts';
import type { SeriesInfo, SourceHeader } from '../../engine/replay/source.ts';
import type { SeriesRole } from '../../engine/sdk/index.ts';

export const second = 1_000_000;
export const minute = 60 * second;

export interface ServiceShape {
  readonly name: string;
  readonly entry?: boolean;
  readonly calls?: readonly string[];
  readonly roles?: readonly SeriesRole[];
}

/** Series are numbered service by service, in the order of the roles. */
export function headerOf(
  shapes: readonly ServiceShape[],
  options: Partial<SourceHeader> & { readonly cadenceUs?: number } = {},
): SourceHeader {
  const index = (name: string) => shapes.findIndex((shape) => shape.name === name);
  const { cadenceUs = 10 * second, ...rest } = options;
  const series = shapes.flatMap((shape, service) =>
    (shape.roles ?? []).map((role): SeriesInfo => ({
      service,
      name: role,
      unit: '1',
      attributes: {},
      role,
      cadenceUs,
      monotonic: false,
    })),
  );
  return {
    startUnixUs: 0,
    durationUs: 60 * minute,
    services: shapes.map(({ name, entry = false }) => ({ name, kind: 'service', entry })),
    dependencies: shapes.flatMap((shape, caller) =>
      (shape.calls ?? []).map((callee) => ({
        caller,
        callee: index(callee),
        kind: 'call' as const,
      })),
    ),
    objectives: [],
    series,
    intervals: [],
    intake: null,
    ...rest,
  };
}

export type StreamRecord =
  | { readonly t: number; readonly series: number; readonly value: number }
  | { readonly t: number; readonly service: number; readonly severity: number };

/** One batch with the records in order of time. */
export function batchOf(records: readonly StreamRecord[]): BatchWriter {
  const batch = new BatchWriter(makeSlot());
  for (const record of [...records].sort((a, b) => a.t - b.t)) {
    const taken =
      'series' in record
        ? batch.metric(record.t, record.series, record.value)
        : batch.log(record.t, record.service, record.severity, { ...noText, body: 'line' });
    if (!taken) throw new Error('the test has more records than one batch holds');
  }
  return batch;
}

/** A point of `series` every `every` µs in `[from, to)`. */
export function points(
  series: number,
  from: number,
  to: number,
  value: number | ((t: number) => number),
  every = 10 * second,
): StreamRecord[] {
  const records: StreamRecord[] = [];
  for (let t = from; t < to; t += every) {
    records.push({ t, series, value: typeof value === 'number' ? value : value(t) });
  }
  return records;
}
