/**
 * Turns a score that stays high through an incident into one that speaks at its beginning
 * (`alertScore`). Such a refractory filter lifts most published detectors, whatever their method, so
 * it belongs to the engine and not to each plugin. Its window is in time, never in rows.
 */
import type { Micros } from '../sdk/index.ts';

/** Ten minutes: about how long one incident keeps a detector busy. */
const windowUs = 600_000_000;
/** A window never holds fewer points than this of a slow series. */
const windowPoints = 20;

export interface OnsetState {
  at: Micros;
  score: number;
}

export class OnsetFilter {
  state: OnsetState = { at: -Infinity, score: 0 };
  readonly #windowUs: Micros;

  constructor(cadenceUs: Micros) {
    this.#windowUs = Math.max(windowUs, windowPoints * cadenceUs);
  }

  /** The score where it begins something: nothing as high within the window before; else 0. */
  alertScore(t: Micros, score: number): number {
    const past = t - this.state.at < this.#windowUs ? this.state.score : 0;
    if (score <= past) return 0;
    this.state = { at: t, score };
    return score;
  }
}
