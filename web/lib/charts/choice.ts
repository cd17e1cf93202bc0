/** Which charts tell about a service: its known roles first, else whatever it measures. */
import type { SeriesNode } from '../../../engine/query/types.ts';
import type { Micros, SeriesRole } from '../../../engine/sdk/index.ts';
import type { Hue } from '../state/look.ts';

export interface ChartChoice {
  /** Different for each chart of a service. */
  readonly id: string;
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
      {
        id: role,
        title: roleWord[role] ?? chart.title,
        unit: chart.unit,
        hue: chart.hue,
        series: lines,
      },
    ];
  });
  return [...known, ...byName(own.filter((one) => one.role === null))].slice(0, chartsMax);
}

/** One chart a metric: its series differ by attributes alone, and are the lines of it. */
function byName(series: readonly SeriesNode[]): readonly ChartChoice[] {
  const groups = new Map<string, SeriesNode[]>();
  for (const one of series) {
    const group = groups.get(`${one.name} ${one.unit}`);
    if (group) group.push(one);
    else groups.set(`${one.name} ${one.unit}`, [one]);
  }
  return [...groups].map(([id, [first, ...others]]) => ({
    id,
    title: first?.name ?? '',
    unit: first?.unit ?? '',
    hue: 'accent',
    series: first ? [first, ...others].slice(0, linesMax) : [],
  }));
}

export interface ChartWindow {
  readonly us: Micros;
  readonly words: string;
}

const minute = 60_000_000;
/** Steps of measurement that a window should hold: fewer are points, not a course. */
const stepsMin = 36;
const windows: readonly [ChartWindow, ...ChartWindow[]] = [
  { us: 15 * minute, words: 'last 15 min' },
  { us: 60 * minute, words: 'last hour' },
  { us: 3 * 60 * minute, words: 'last 3 h' },
  { us: 6 * 60 * minute, words: 'last 6 h' },
  { us: 24 * 60 * minute, words: 'last 24 h' },
  { us: 7 * 24 * 60 * minute, words: 'last 7 days' },
];

/** The stretch of time that shows the course of these series, by how often they are measured. */
export function windowFor(series: readonly SeriesNode[]): ChartWindow {
  const cadences = series.map((one) => one.cadenceUs).toSorted((a, b) => a - b);
  const usual = cadences[Math.floor(cadences.length / 2)] ?? 0;
  return windows.find((one) => one.us >= usual * stepsMin) ?? windows.at(-1) ?? windows[0];
}

/** What tells the lines of one chart apart. */
export function lineName(series: SeriesNode): string {
  const values = Object.values(series.attributes);
  return values.length > 0 ? values.join(' ') : series.name;
}

type Point = readonly [t: Micros, value: number];

export interface UsualRange {
  readonly low: number;
  readonly high: number;
}

/** Points that a usual range needs; of fewer, nobody knows what is usual. */
const usualPointsMin = 20;

/** Where the middle nine tenths of the values before `end` lay; null where there are too few. */
export function usualRange(points: readonly Point[], end: Micros): UsualRange | null {
  const values = points.filter(([t]) => t < end).map(([, value]) => value);
  if (values.length < usualPointsMin) return null;
  values.sort((a, b) => a - b);
  const at = (share: number) => values[Math.round(share * (values.length - 1))] ?? 0;
  return { low: at(0.05), high: at(0.95) };
}

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
