/** Uptime from the history of a service's states. */
import type { Interval, Micros } from '../sdk/index.ts';
import type { HealthState } from './model.ts';

/** A stretch of time in one state, half-open. */
export interface Stretch extends Interval {
  readonly state: HealthState;
}

export interface Uptime {
  /** Share of the measured time that was not down, 0–1; null where nothing was measured. */
  readonly uptime: number | null;
  /** Measured (not unknown) share of the window, 0–1. */
  readonly coverage: number;
}

/**
 * The stretches of `window` from the changes of state, oldest first; changes before the window count
 * for the state it begins in. Before the first change nothing is known.
 */
export function stretchesOf(
  changes: readonly { readonly t: Micros; readonly state: HealthState }[],
  window: Interval,
): Stretch[] {
  const stretches: Stretch[] = [];
  let state: HealthState = 'unknown';
  let from = window.from;
  for (const change of changes) {
    if (change.t >= window.to) break;
    if (change.t > from && change.state !== state) {
      stretches.push({ from, to: change.t, state });
      from = change.t;
    }
    state = change.state;
  }
  if (window.to > from) stretches.push({ from, to: window.to, state });
  return stretches;
}

/** Time not down over time measured. Degraded counts as up; unknown counts as neither. */
export function uptimeOf(
  changes: readonly { readonly t: Micros; readonly state: HealthState }[],
  window: Interval,
): Uptime {
  let measured = 0;
  let down = 0;
  for (const { from, to, state } of stretchesOf(changes, window)) {
    if (state === 'unknown') continue;
    measured += to - from;
    if (state === 'down') down += to - from;
  }
  const length = window.to - window.from;
  return {
    uptime: measured > 0 ? (measured - down) / measured : null,
    coverage: length > 0 ? measured / length : 0,
  };
}
