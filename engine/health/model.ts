/** Health of a service as data: states, figures of a window, and events where the state changes. */
import type { Micros } from '../sdk/index.ts';

export const healthStates = ['healthy', 'degraded', 'down', 'unknown'] as const;
/** `unknown` means no data, which is not healthy. */
export type HealthState = (typeof healthStates)[number];

/** Figures of one service in one window of ten seconds; null where nothing was measured. */
export interface HealthFigures {
  readonly requestRate: number | null;
  /** 0–1. */
  readonly errorRatio: number | null;
  /** Seconds. */
  readonly latencyP95: number | null;
}

export interface HealthEvent {
  readonly t: Micros;
  /** Index of the service. */
  readonly service: number;
  readonly state: HealthState;
  /** One sentence with the figures that decided. */
  readonly reason: string;
  readonly figures: HealthFigures;
}

/** One row of `rollup_health`: the window that ends at `(bucket + 1) * bucketUs`. */
export interface HealthWindow {
  readonly service: number;
  readonly bucket: number;
  readonly figures: HealthFigures;
  readonly state: HealthState;
}
