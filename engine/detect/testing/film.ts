/** Words for scenes: a series from a list of values, logs at a rate, noise from a seed. */
import { makeStreams, normal } from '../../replay/random.ts';
import type { SeriesRole } from '../../sdk/index.ts';
import type { SceneRecord } from './scene.ts';

/** The points of one series: values in order, `every` seconds, from `from` on. */
export function points(given: {
  readonly service: string;
  readonly metric: string;
  readonly unit?: string;
  readonly role?: SeriesRole | null;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly monotonic?: boolean;
  /** Seconds between two points. */
  readonly every: number;
  /** Seconds; the first point comes then. */
  readonly from?: number;
  readonly values: readonly number[];
}): SceneRecord[] {
  const { values, from = 0, ...series } = given;
  return values.map((value, i) => ({
    kind: 'metric',
    ...series,
    at: from + i * given.every,
    value,
  }));
}

/** Logs of one service at an even rate in [from, to). */
export function logs(given: {
  readonly service: string;
  readonly perSecond: number;
  /** Seconds. */
  readonly from: number;
  readonly to: number;
  /** OpenTelemetry severity number; 9 (info) where not given. */
  readonly severity?: number;
  readonly body?: string;
}): SceneRecord[] {
  const { service, perSecond, from, to, severity = 9, body = 'request served' } = given;
  return Array.from({ length: Math.round((to - from) * perSecond) }, (_, i) => ({
    kind: 'log',
    at: from + i / perSecond,
    service,
    severity,
    body,
  }));
}

/** `count` Gaussian values around `mean`, the same for the same seed. */
export function noise(given: {
  readonly mean: number;
  readonly deviation: number;
  readonly count: number;
  readonly seed: number;
}): number[] {
  const streams = makeStreams(given.seed, ['noise']);
  return Array.from(
    { length: given.count },
    () => given.mean + given.deviation * normal(streams, 0),
  );
}
