/**
 * A whole run in the size of a thumbnail: the mean of each series, and the number of records of each
 * service and stream, per stretch of time. Bounded whatever the run's length.
 */
import { limits } from '../../limits.ts';
import type { SourceHeader } from '../../replay/source.ts';
import type { Micros } from '../../sdk/index.ts';
import type { RecordObserver } from '../records.ts';

const shortestUs = 10_000_000;
export const countedStreams = ['log', 'span', 'change'] as const;

export interface Profile {
  readonly header: SourceHeader;
  readonly bucketUs: Micros;
  readonly buckets: number;
  /** Mean of a series in a bucket; NaN without a point. */
  readonly mean: (series: number, bucket: number) => number;
  /** Records of a service in a bucket; the stream by its index in `countedStreams`. */
  readonly records: (service: number, stream: number, bucket: number) => number;
}

export function profileObserver(header: SourceHeader): {
  readonly observer: RecordObserver;
  readonly profile: Profile;
} {
  const rows = header.series.length + countedStreams.length * header.services.length;
  const cells = header.durationUs * Math.max(rows, 1);
  const bucketUs = Math.max(shortestUs, Math.ceil(cells / limits.auditCellsMax));
  // The last points are of the very end.
  const buckets = Math.floor(header.durationUs / bucketUs) + 1;
  const sums = new Float64Array(header.series.length * buckets);
  const points = new Uint32Array(header.series.length * buckets);
  const counts = new Uint32Array(header.services.length * countedStreams.length * buckets);
  const bucketOf = (t: Micros): number => Math.min(buckets - 1, Math.floor(t / bucketUs));
  const recordCell = (service: number, stream: number, bucket: number): number =>
    (service * countedStreams.length + stream) * buckets + bucket;
  const count = (t: Micros, service: number, stream: number): void => {
    const cell = recordCell(service, stream, bucketOf(t));
    counts[cell] = (counts[cell] as number) + 1;
  };
  return {
    observer: {
      metric(t, series, value) {
        const cell = series * buckets + bucketOf(t);
        sums[cell] = (sums[cell] as number) + value;
        points[cell] = (points[cell] as number) + 1;
      },
      log: (t, service) => count(t, service, 0),
      span: (t, service) => count(t, service, 1),
      change: (t, service) => count(t, service, 2),
    },
    profile: {
      header,
      bucketUs,
      buckets,
      mean: (series, bucket) => {
        const cell = series * buckets + bucket;
        return (sums[cell] as number) / (points[cell] as number);
      },
      records: (service, stream, bucket) => counts[recordCell(service, stream, bucket)] as number,
    },
  };
}
