/** A single series as a source, so that it is replayed by the same machinery as everything else. */
import type { BatchWriter } from '../../replay/batch.ts';
import type { Source } from '../../replay/source.ts';
import { limits } from '../../limits.ts';
import type { NabSeries } from '../nab-folder.ts';
import { usualCadenceUs } from '../onset-scores.ts';

/**
 * Scenario time of each row. Real series repeat times and run backward (a clock set back in autumn);
 * here time never does, by the least change, and every row keeps a moment of its own.
 */
export function rowTimesUs({ timesUs }: Pick<NabSeries, 'timesUs'>): Float64Array {
  const start = timesUs[0] ?? 0;
  const times = new Float64Array(timesUs.length);
  for (let row = 0; row < times.length; row++) {
    const told = Math.round((timesUs[row] as number) - start);
    times[row] = row === 0 ? 0 : Math.max(told, (times[row - 1] as number) + 1);
  }
  return times;
}

export function createSeriesSource(series: NabSeries): Source {
  const times = rowTimesUs(series);
  const { values } = series;
  const durationUs = (times[times.length - 1] ?? 0) + 1;
  let row = 0;
  return {
    header: {
      startUnixUs: series.timesUs[0] ?? 0,
      durationUs,
      services: [{ name: 'series', kind: 'service', entry: true }],
      dependencies: [],
      objectives: [],
      series: [
        {
          service: 0,
          name: 'value',
          unit: '1',
          attributes: {},
          role: null,
          cadenceUs: usualCadenceUs(series.timesUs),
          monotonic: false,
        },
      ],
      intervals: [],
      intake: null,
    },
    next(batch: BatchWriter) {
      if (row >= times.length) return null;
      const end = Math.min(times.length, row + limits.batchRecordsMax);
      for (; row < end; row++) batch.metric(times[row] as number, 0, values[row] as number);
      return { through: times[row] ?? durationUs };
    },
    close: () => undefined,
  };
}
