import { Type } from 'typebox';
import { WorkbenchError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { Micros } from '../sdk/index.ts';
import { playheadParameter, question, timeParameter } from './question.ts';
import { seriesNodes } from './series.ts';
import type { SeriesPoints } from './types.ts';

type Point = readonly [t: Micros, value: number];

/** Points of some series, thinned so that every peak and every dip stays. */
export const samples = question(
  Type.Object(
    {
      t: playheadParameter,
      from: Type.Optional(timeParameter('Start of the stretch, µs; 0.')),
      series: Type.String({
        pattern: '^[0-9]{1,9}(,[0-9]{1,9})*$',
        maxLength: limits.queryTextCharsMax,
        description: 'Ids of series, separated by commas.',
      }),
      points: Type.Optional(
        Type.Integer({
          minimum: 4,
          maximum: limits.chartPointsMax,
          description: 'Most points of one series, 300.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  (run, asked): SeriesPoints[] => {
    const to = run.playhead(asked.t);
    const from = Math.min(asked.from ?? 0, to);
    const ids = [...new Set(asked.series.split(',').map(Number))];
    if (ids.length > limits.chartSeriesMax) {
      const reason = `${ids.length} series in one question; the limit is ${limits.chartSeriesMax}`;
      throw new WorkbenchError('USAGE', { reason });
    }
    const nodes = seriesNodes(run, ids);
    const points = run.statement<[number, number, number], Point>(
      'SELECT t, value FROM sample WHERE series_id = ? AND t >= ? AND t <= ? ORDER BY t',
      'raw',
    );
    return ids.map((id) => {
      const series = nodes.find((node) => node.id === id);
      if (!series) throw new WorkbenchError('NOT_IN_RUN', { what: 'series', name: id });
      const most = asked.points ?? 300;
      return { series, points: thin(points.iterate(id, from, to), { from, to, most }) };
    });
  },
);

/**
 * Keeps the lowest and the highest point of each slice of time, and the first and the last of all,
 * so a line through the rest looks like a line through everything. Reads the points once.
 */
function thin(
  points: Iterable<Point>,
  span: { readonly from: Micros; readonly to: Micros; readonly most: number },
): readonly Point[] {
  const slices = Math.max(1, Math.floor((span.most - 2) / 2));
  const width = Math.max(1, Math.ceil((span.to - span.from + 1) / slices));
  const all: Point[] = [];
  const kept: Point[] = [];
  let count = 0;
  let slice = -1;
  let low: Point | undefined;
  let high: Point | undefined;
  let first: Point | undefined;
  let last: Point | undefined;
  const close = (): void => {
    if (!low || !high) return;
    if (low === high) kept.push(low);
    else kept.push(...(low[0] < high[0] ? [low, high] : [high, low]));
  };
  for (const point of points) {
    count++;
    // Few points are given as they are; more than that are only kept thinned.
    if (count <= span.most) all.push(point);
    first ??= point;
    last = point;
    const own = Math.floor((point[0] - span.from) / width);
    if (own !== slice) {
      close();
      slice = own;
      low = high = point;
    } else {
      if (low && point[1] < low[1]) low = point;
      if (high && point[1] > high[1]) high = point;
    }
  }
  if (count <= span.most) return all;
  close();
  if (first && kept[0] !== first) kept.unshift(first);
  if (last && kept.at(-1) !== last) kept.push(last);
  return kept;
}
