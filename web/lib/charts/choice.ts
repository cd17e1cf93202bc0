/** Which charts tell about a service: its known roles first, else whatever it measures. */
import type { SeriesNode } from '../../../engine/query/types.ts';
import type { Micros, SeriesRole } from '../../../engine/sdk/index.ts';
import type { Hue } from '../state/look.ts';

export interface ChartChoice {
  readonly title: string;
  readonly unit: string;
  readonly hue: Hue | 'accent';
  readonly series: readonly SeriesNode[];
}

/** Lines of one chart; more can't be told apart. */
const linesMax = 4;
const chartsMax = 4;

const roleCharts: readonly {
  readonly roles: readonly SeriesRole[];
  readonly title: string;
  readonly unit: string;
  readonly hue: ChartChoice['hue'];
}[] = [
  { roles: ['saturation'], title: 'Saturation', unit: 'share', hue: 'medium' },
  {
    roles: ['latency_p95', 'latency_p99', 'latency_mean', 'latency_p50'],
    title: 'Latency',
    unit: 's',
    hue: 'high',
  },
  { roles: ['request_rate'], title: 'Requests', unit: '{request}/s', hue: 'low' },
  { roles: ['error_ratio', 'availability'], title: 'Error rate', unit: 'share', hue: 'critical' },
];

const roleWord: Partial<Record<SeriesRole, string>> = {
  latency_p95: 'Latency p95',
  latency_p99: 'Latency p99',
  latency_mean: 'Latency mean',
  latency_p50: 'Latency p50',
  availability: 'Availability',
};

export function chartsFor(series: readonly SeriesNode[], service: string): readonly ChartChoice[] {
  const own = series.filter((one) => one.service === service);
  const known = roleCharts.flatMap((chart): ChartChoice[] => {
    const role = chart.roles.find((candidate) => own.some((one) => one.role === candidate));
    if (!role) return [];
    const lines = own.filter((one) => one.role === role).slice(0, linesMax);
    return [
      { title: roleWord[role] ?? chart.title, unit: chart.unit, hue: chart.hue, series: lines },
    ];
  });
  const rest = own
    .filter((one) => one.role === null)
    .map((one): ChartChoice => ({ title: one.name, unit: one.unit, hue: 'accent', series: [one] }));
  return [...known, ...rest].slice(0, chartsMax);
}

/** What tells the lines of one chart apart. */
export function lineName(series: SeriesNode): string {
  const values = Object.values(series.attributes);
  return values.length > 0 ? values.join(' ') : series.name;
}

type Point = readonly [t: Micros, value: number];

/**
 * Puts a hole where nothing was measured for far longer than usual, so that a line never claims
 * what nobody saw.
 */
export function withGaps(points: readonly Point[]): readonly { x: number; y: number }[] {
  const steps = points.slice(1).map((point, index) => point[0] - (points[index]?.[0] ?? 0));
  const usual = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  const drawn: { x: number; y: number }[] = [];
  points.forEach(([t, value], index) => {
    const step = steps[index - 1] ?? 0;
    if (usual > 0 && step > usual * 5) drawn.push({ x: t - 1, y: NaN });
    drawn.push({ x: t, y: value });
  });
  return drawn;
}
