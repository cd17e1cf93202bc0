/** What a group of metrics is: the series that it has, and how it reads them at the end of an interval. */
import type { SeriesInfo } from '../../../replay/source.ts';
import type { SeriesRole } from '../../../sdk/index.ts';
import type { Plan } from '../../plan.ts';
import type { World } from '../../world.ts';
import type { Tallies, TelemetryState } from '../state.ts';

export interface Meter {
  readonly series: readonly SeriesInfo[];
  /** Gives the value of series `k` of this meter, where it has one: absence is not 0. */
  readonly read: (reading: Reading, put: (k: number, value: number) => void) => void;
}

export interface Reading {
  readonly plan: Plan;
  readonly world: World;
  readonly telemetry: TelemetryState;
  readonly tallies: Tallies;
  readonly intervalUs: number;
}

export type Attributes = Readonly<Record<string, string>>;

/** Series of one service, in order. */
export function seriesOfService(
  plan: Plan,
  service: number,
  list: readonly {
    readonly name: string;
    readonly unit: string;
    readonly role?: SeriesRole;
    readonly attributes?: Attributes;
    /** A counter that only grows, until its process starts again. */
    readonly monotonic?: boolean;
  }[],
): SeriesInfo[] {
  const cadenceUs = plan.scenario.telemetry.metricIntervalUs;
  return list.map(({ name, unit, role = null, attributes = {}, monotonic = false }) => ({
    service,
    name,
    unit,
    attributes,
    role,
    cadenceUs,
    monotonic,
  }));
}

/** What the server of a kind of service calls its requests. */
export function serverName(kind: string | undefined): string {
  switch (kind) {
    case 'database':
      return 'db.server.operation';
    case 'cache':
      return 'cache.server.operation';
    case 'queue':
      return 'messaging.server.operation';
    default:
      return 'http.server.request';
  }
}

/** What an integral gained since the interval began; begins the next. */
export function gained(integral: Float64Array, before: Float64Array, i: number): number {
  const now = integral[i] as number;
  const gain = now - (before[i] as number);
  before[i] = now;
  return gain;
}
