/**
 * Mean and variance of a series that may never end: of all values at first, exponentially weighted
 * once there are more than `memory` (Welford 1962, with the weight of a new value held from there on).
 */
export interface Running {
  count: number;
  mean: number;
  variance: number;
}

/** Values beyond this would overflow into infinities when they are squared. */
const largest = 1e100;
/** A spread below this share of the level is the dust of floating point. */
const dust = 1e-6;

export function running(): Running {
  return { count: 0, mean: 0, variance: 0 };
}

export function boundedValue(value: number): number {
  return Math.max(-largest, Math.min(largest, value));
}

export function take(state: Running, value: number, memory: number): void {
  state.count = Math.min(memory, state.count + 1);
  const share = 1 / state.count;
  const distance = value - state.mean;
  state.mean += share * distance;
  state.variance += share * (distance * (value - state.mean) - state.variance);
}

/** The standard deviation; 0 where all values were the same. */
export function spreadOf({ mean, variance }: Running): number {
  const deviation = Math.sqrt(Math.max(0, variance));
  return deviation > dust * Math.abs(mean) ? deviation : 0;
}
