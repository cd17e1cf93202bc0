/**
 * Minute aggregates of all spans of a Nezha day: durations of each service, calls and network time
 * of each edge. A minute's figure can be known only when the minute is over, so it is stamped with
 * its end. Network time (what the caller waits beyond what the callee works) is the only place where
 * a network delay shows; it belongs to the callee, with the caller as `peer`.
 */
import type { SeriesRole } from '../sdk/index.ts';
import { requireColumn } from './csv-metrics.ts';
import type { Intake } from './intake.ts';
import { readMetricTable } from './metric-table.ts';
import { selects } from './nezha-selection.ts';
import type { Selection } from './nezha-selection.ts';
import type { RawRecord, RawSeries } from './raw-record.ts';
import { cleanName } from './text-fields.ts';

const minuteUs = 60e6;
const milliseconds = 1e-3;

interface Aggregate {
  readonly name: string;
  readonly unit: string;
  readonly factor: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly role?: SeriesRole;
}

const serviceColumns: Readonly<Record<string, Aggregate>> = {
  entry_spans: { name: 'span.count', unit: '{span}', factor: 1, attributes: {} },
  duration_p50_ms: quantile('span.duration', '0.5', 'latency_p50'),
  duration_p90_ms: quantile('span.duration', '0.9'),
  duration_p99_ms: quantile('span.duration', '0.99'),
};

const edgeColumns: Readonly<Record<string, Aggregate>> = {
  calls: { name: 'edge.calls', unit: '{call}', factor: 1, attributes: {} },
  client_p50_ms: quantile('edge.client.duration', '0.5'),
  client_p90_ms: quantile('edge.client.duration', '0.9'),
  network_p50_ms: quantile('edge.network.duration', '0.5'),
  network_p90_ms: quantile('edge.network.duration', '0.9'),
};

function quantile(name: string, q: string, role?: SeriesRole): Aggregate {
  const aggregate = { name, unit: 's', factor: milliseconds, attributes: { quantile: q } };
  return role ? { ...aggregate, role } : aggregate;
}

export function readNezhaServiceSpans(
  file: string,
  selection: Selection,
  intake: Intake,
): AsyncGenerator<readonly RawRecord[]> {
  return read({
    file,
    selection,
    intake,
    aggregates: serviceColumns,
    service: 'service',
    peer: null,
  });
}

export function readNezhaEdgeSpans(
  file: string,
  selection: Selection,
  intake: Intake,
): AsyncGenerator<readonly RawRecord[]> {
  return read({
    file,
    selection,
    intake,
    aggregates: edgeColumns,
    service: 'callee',
    peer: 'caller',
  });
}

interface Table {
  readonly file: string;
  readonly selection: Selection;
  readonly intake: Intake;
  readonly aggregates: Readonly<Record<string, Aggregate>>;
  /** Columns with the names of the series' service and of the other end. */
  readonly service: string;
  readonly peer: string | null;
}

function read({ file, selection, intake, aggregates, service, peer }: Table) {
  return readMetricTable(file, intake, (header) => {
    const time = requireColumn(file, header, ['minute_unix']);
    const serviceAt = requireColumn(file, header, [service]);
    const peerAt = peer === null ? -1 : requireColumn(file, header, [peer]);
    const columns = header.flatMap((name, index) => {
      const aggregate = Object.hasOwn(aggregates, name) ? aggregates[name] : undefined;
      if (!aggregate) return [];
      const series = (row: readonly string[]) =>
        seriesOf(aggregate, cleanName(row[serviceAt]), cleanName(row[peerAt]));
      return [{ index, series, factor: aggregate.factor }];
    });
    return {
      time,
      key: (row: readonly string[]) => `${row[serviceAt]}\0${row[peerAt]}`,
      columns,
      delayUs: minuteUs,
      selects: (us: number) => selects(selection, us - minuteUs) && selects(selection, us - 1),
    };
  });
}

function seriesOf(aggregate: Aggregate, service: string, peer: string): RawSeries {
  return {
    service,
    name: aggregate.name,
    unit: aggregate.unit,
    attributes: peer === '' ? aggregate.attributes : { ...aggregate.attributes, peer },
    role: aggregate.role ?? null,
    rank: 0,
    zeroIsDead: true,
  };
}
